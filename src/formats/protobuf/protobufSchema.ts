import { t } from '../../shared/l10n.ts';
import { UndecodableError } from '../sink.ts';
import { descriptorText } from './descriptorText.ts';
import { knownFiles } from './knownFiles.ts';
import {
  parseProtoFile,
  resolveType,
  type ProtoEnum,
  type ProtoField,
  type ProtoMessage,
  type ProtoNames,
} from './protoFile.ts';

/** A `.proto` file: its text, and the name under which others import it (empty for the main one). */
export interface ProtoFile {
  readonly name: string;
  readonly text: string;
}

/** A message of the schema's own file, and where it stands there (see `messageAt`). */
export interface PlacedMessage {
  readonly type: ProtoMessage;
  readonly indexes: readonly number[];
}

/** The messages of a schema, and what its fields' types are. */
export class ProtobufSchema {
  readonly #names: ProtoNames = new Map();
  readonly #top: readonly ProtoMessage[];
  readonly #resolved = new Map<ProtoField, ProtoMessage | ProtoEnum | undefined>();

  /** With the files that it imports, directly or not. @throws {UndecodableError} */
  constructor(main: ProtoFile, imports: readonly ProtoFile[]) {
    for (const text of knownFiles) parseProtoFile(text, this.#names);
    for (const file of imports) this.#parse(file);
    this.#top = this.#parse(main);
    for (const type of this.#names.values()) if (type.kind === 'message') this.#foldMaps(type);
  }

  /**
   * The message at a path of indexes: the first is the message's place in the file, each further one a place among the messages
   * nested in it (Confluent's wire format). @throws {UndecodableError}
   */
  messageAt(indexes: readonly number[]): ProtoMessage {
    // Kafka clients do not agree on whether what maps are made of counts: Confluent's for Java do not count it, those for Python and Go
    // do. Nobody sends such a message by itself.
    const found =
      this.#walk(indexes, ({ messages }) => messages) ??
      this.#walk(indexes, ({ counted }) => counted) ??
      this.#walk(indexes, ({ messages }) => messages.filter(({ isMapEntry }) => !isMapEntry));
    if (found === undefined) throw new UndecodableError(t('The schema has no message at {0}.', indexes.join('.')));
    return found;
  }

  /** Undefined where there is none, or only what a map is made of. */
  #walk(
    indexes: readonly number[],
    nestedIn: (message: ProtoMessage) => readonly (ProtoMessage | undefined)[],
  ): ProtoMessage | undefined {
    let among: readonly (ProtoMessage | undefined)[] = this.#top;
    let found: ProtoMessage | undefined;
    for (const index of indexes) {
      found = among[index];
      if (found === undefined) return undefined;
      among = nestedIn(found);
    }
    return found?.isMapEntry === true ? undefined : found;
  }

  /** All messages of the main file, those at its top before those that are nested in them. */
  messages(): PlacedMessage[] {
    const all: PlacedMessage[] = [];
    let among = this.#top.map((type, index): PlacedMessage => ({ type, indexes: [index] }));
    while (among.length > 0) {
      all.push(...among);
      among = among.flatMap(({ type, indexes }) =>
        type.messages.map((inner, index) => ({ type: inner, indexes: [...indexes, index] })),
      );
    }
    return all.filter(({ type }) => !type.isMapEntry);
  }

  /** A message by its full name, of whichever file. */
  named(fullName: string): ProtoMessage | undefined {
    const found = this.#names.get(fullName);
    return found?.kind === 'message' ? found : undefined;
  }

  /** The message or enum that a field is; undefined for scalars, and for types of files that nobody gave. */
  typeOf(field: ProtoField): ProtoMessage | ProtoEnum | undefined {
    if (!this.#resolved.has(field)) this.#resolved.set(field, resolveType(field, this.#names));
    return this.#resolved.get(field);
  }

  /** A repeated message that a map is made of is that map. */
  #foldMaps(type: ProtoMessage): void {
    for (const [id, field] of type.fields) {
      const entry = field.repeated ? resolveType(field, this.#names) : undefined;
      if (entry?.kind !== 'message' || !entry.isMapEntry) continue;
      const [key, value] = [entry.fields.get(1), entry.fields.get(2)];
      if (key === undefined || value === undefined) continue;
      type.fields.set(id, { ...field, repeated: false, keyType: key.type, type: value.type, scope: entry.fullName });
    }
  }

  #parse({ name, text }: ProtoFile): ProtoMessage[] {
    try {
      return parseProtoFile(descriptorText(text) ?? text, this.#names);
    } catch (error) {
      if (!(error instanceof UndecodableError)) throw error;
      throw new UndecodableError(
        name === ''
          ? t('The schema cannot be parsed: {0}', error.message)
          : t('The schema {0}, to which it refers, cannot be parsed: {1}', name, error.message),
        { cause: error },
      );
    }
  }
}
