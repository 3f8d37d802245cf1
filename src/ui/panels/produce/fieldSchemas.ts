import { framedByPrefix } from '../../../formats/registry/schemaRef.ts';
import { decodeFramed } from '../../../formats/registry/decodeFramed.ts';
import type { ParsedSchema } from '../../../formats/registry/parsedSchema.ts';
import { Subjects, type SchemaRegistry } from '../../../formats/index.ts';
import type { RecordHeader } from '../../../records/batch.ts';
import { HumanError, isCancelled } from '../../../shared/errors.ts';
import { t } from '../../../shared/l10n.ts';
import type { DraftField, DraftSchema, FieldFormat, SchemaFormat, SchemaPart, SchemaView } from './protocol.ts';

/** What a field that is written by a schema comes to. */
export interface EncodedField {
  readonly view?: SchemaView | undefined;
  readonly bytes?: Buffer | undefined;
  /** Names the schema, where the person chose that. */
  readonly header?: RecordHeader | undefined;
  readonly sentences: readonly string[];
  /** With the choice of the schema, and with what is typed. */
  readonly schemaProblem?: string | undefined;
  readonly problem?: string | undefined;
}

const noSchema: DraftSchema = { subject: '', version: '', id: '', message: '', inHeader: false };
const formatOfType = { avro: 'avro', protobuf: 'protobuf', json: 'jsonSchema' } as const;
/** Names of products, in every language. */
const formatNames: Readonly<Record<SchemaFormat, string>> = {
  avro: 'Avro',
  protobuf: 'Protobuf',
  jsonSchema: 'JSON Schema',
};

export function isSchemaFormat(format: FieldFormat): format is SchemaFormat {
  return Object.hasOwn(formatNames, format);
}

/** The default of Confluent's clients: TopicNameStrategy. */
export function defaultSubject(topic: string, part: SchemaPart): string {
  return `${topic}-${part}`;
}

interface Found {
  readonly schema: ParsedSchema;
  readonly view: SchemaView;
  readonly guid: string | undefined;
}

/** Keys and values that are written with the schemas of a registry. */
export class FieldSchemas {
  readonly #registry: SchemaRegistry;
  readonly #subjects: Subjects;

  constructor(registry: SchemaRegistry) {
    this.#registry = registry;
    this.#subjects = new Subjects(registry);
  }

  /** The registry it asks: another one needs another of these. */
  get registry(): SchemaRegistry {
    return this.#registry;
  }

  /** All subjects; none where the registry does not tell. */
  async subjects(): Promise<readonly string[]> {
    return this.#subjects.names().catch(() => []);
  }

  /** Never rejects. */
  async encode(field: DraftField, part: SchemaPart, topic: string): Promise<EncodedField> {
    const { schema: chosen = noSchema, text } = field;
    const format = field.format as SchemaFormat;
    let found: Found;
    try {
      found = await this.#find(chosen, format, part, topic);
    } catch (error) {
      return { schemaProblem: reasonOf(error), sentences: [] };
    }
    const { view, schema, guid } = found;
    // Loaded when somebody writes with a schema for the first time.
    const { encodeBySchema, schemaHeader, UnencodableError, withPrefix } =
      await import('../../../formats/encode/index.ts');
    try {
      const { payload, indexes, notes } = encodeBySchema(
        text,
        schema,
        chosen.message === '' ? undefined : chosen.message,
      );
      const named = chosen.inHeader && guid !== undefined;
      return {
        view,
        bytes: named ? payload : withPrefix(view.id, payload, indexes),
        header: named ? schemaHeader(guid, part, indexes) : undefined,
        sentences: [sentence(part, format, view), ...notes],
      };
    } catch (error) {
      if (!(error instanceof UnencodableError)) throw error;
      return { view, problem: error.message, sentences: [] };
    }
  }

  /**
   * What is to be said of bytes that another topic's producer wrote by a schema: that it is none of this topic's subject. Nothing where the
   * registry does not tell.
   */
  async foreign(bytes: Buffer, part: SchemaPart, topic: string): Promise<readonly string[]> {
    const ref = framedByPrefix(bytes)?.ref;
    if (ref === undefined || !('id' in ref)) return [];
    const subject = defaultSubject(topic, part);
    try {
      const [names, uses] = await Promise.all([this.#subjects.names(), this.#subjects.usesOf(ref.id)]);
      if (!names.includes(subject) || uses.length === 0 || uses.includes(subject)) return [];
      return [
        part === 'key'
          ? t(
              'Its key is written with schema {0}, which is none of {1}: its readers may not expect it.',
              ref.id,
              subject,
            )
          : t(
              'Its value is written with schema {0}, which is none of {1}: its readers may not expect it.',
              ref.id,
              subject,
            ),
      ];
    } catch (error) {
      if (isCancelled(error) || error instanceof HumanError) return [];
      throw error;
    }
  }

  /** A value to begin from. @throws {HumanError} */
  async example(field: DraftField, part: SchemaPart, topic: string): Promise<string> {
    const { schema: chosen = noSchema } = field;
    const { schema } = await this.#find(chosen, field.format as SchemaFormat, part, topic);
    const { exampleOf, UnencodableError } = await import('../../../formats/encode/index.ts');
    try {
      return exampleOf(schema, chosen.message === '' ? undefined : chosen.message);
    } catch (error) {
      throw error instanceof UnencodableError ? new HumanError(error.message, undefined, { cause: error }) : error;
    }
  }

  /**
   * Bytes with a schema's id before them as text that can be changed; undefined where they are none, do not decode, or hold what the text
   * does not say, such as fields that the schema does not know.
   */
  async editable(bytes: Buffer): Promise<DraftField | undefined> {
    const framed = framedByPrefix(bytes);
    if (framed === undefined || !('id' in framed.ref)) return undefined;
    const { id } = framed.ref;
    const answer = await this.#registry.schema({ id });
    if (answer.kind !== 'schema') return undefined;
    const { schema } = answer;
    const textOf = (payload: Buffer, indexes: readonly number[] | undefined): string | undefined => {
      const decoded = decodeFramed({ ...framed, payload, indexes }, schema, true, false);
      return decoded.kind === 'value' ? decoded.pretty().text : undefined;
    };
    const text = textOf(framed.payload, framed.indexes);
    if (text === undefined) return undefined;
    const message = schema.type === 'protobuf' ? (schema.name(framed.payload, framed.indexes) ?? '') : '';
    const { encodeBySchema, UnencodableError } = await import('../../../formats/encode/index.ts');
    try {
      const { payload, indexes } = encodeBySchema(text, schema, message === '' ? undefined : message);
      if (textOf(payload, indexes) !== text) return undefined;
    } catch (error) {
      if (error instanceof UnencodableError) return undefined;
      throw error;
    }
    return { format: formatOfType[schema.type], text, schema: { ...noSchema, id: String(id), message } };
  }

  async #find(chosen: DraftSchema, format: SchemaFormat, part: SchemaPart, topic: string): Promise<Found> {
    const id = chosen.id.trim();
    if (id !== '' && !/^[1-9]\d{0,9}$/.test(id)) throw new HumanError(t('The id of a schema is a number from 1 on.'));
    const subject = chosen.subject.trim() === '' ? defaultSubject(topic, part) : chosen.subject.trim();
    if (id === '' && chosen.subject.trim() === '' && topic === '') {
      throw new HumanError(t('Its subject follows from the topic, and none is named yet.'));
    }
    const version = chosen.version === '' ? ('latest' as const) : Number(chosen.version);
    const [of, versions] =
      id === ''
        ? await Promise.all([this.#subjects.find(subject, version), this.#subjects.versions(subject)])
        : [{ id: Number(id), guid: undefined, subject: undefined, version: undefined }, []];
    const answer = await this.#registry.schema({ id: of.id });
    if (answer.kind !== 'schema') throw new HumanError(answer.reason);
    const { schema } = answer;
    const actual = formatOfType[schema.type];
    if (actual !== format) {
      const name = formatNames[actual];
      throw new HumanError(
        of.subject === undefined
          ? t('Schema {0} is {1}.', of.id, name)
          : t('{0}, version {1}, is {2}.', of.subject, of.version, name),
        t('Choose {0} as the format.', name),
      );
    }
    const messages = schema.type === 'protobuf' ? schema.protobuf.messages().map(({ type }) => type.fullName) : [];
    const { guid } = of;
    const view = {
      subject: of.subject,
      version: of.version,
      versions,
      id: of.id,
      messages,
      canBeInHeader: guid !== undefined,
    };
    return { schema, view, guid };
  }
}

function sentence(part: SchemaPart, format: SchemaFormat, { id, subject, version }: SchemaView): string {
  const name = formatNames[format];
  if (subject === undefined || version === undefined) {
    return part === 'key' ? t('The key is {0}, schema {1}.', name, id) : t('The value is {0}, schema {1}.', name, id);
  }
  return part === 'key'
    ? t('The key is {0}, schema {1} ({2}, version {3}).', name, id, subject, version)
    : t('The value is {0}, schema {1} ({2}, version {3}).', name, id, subject, version);
}

function reasonOf(error: unknown): string {
  if (isCancelled(error)) return t('The Schema Registry is no longer asked.');
  if (error instanceof HumanError) return error.message;
  throw error;
}
