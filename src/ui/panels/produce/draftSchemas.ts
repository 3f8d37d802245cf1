import type { SchemaRegistry } from '../../../formats/index.ts';
import { t } from '../../../shared/l10n.ts';
import { defaultSubject, FieldSchemas, isSchemaFormat, type EncodedField } from './fieldSchemas.ts';
import type { HeldFields } from './heldFields.ts';
import type { Draft, DraftField, SchemaPart } from './protocol.ts';

const parts = ['key', 'value'] as const;

export interface DraftSchemasOptions {
  /** The cluster's, where one is set. */
  readonly registry: () => SchemaRegistry | undefined;
  readonly held: Pick<HeldFields, 'get'>;
  /** The subjects came: to be chosen from, and to be warned by. Nothing waits for them. */
  readonly onSubjects: () => void;
}

/** What a draft's key and value have to do with the cluster's Schema Registry, whichever that is at the time. */
export class DraftSchemas {
  readonly #options: DraftSchemasOptions;
  #schemas: FieldSchemas | undefined;
  #subjects: readonly string[] | undefined;

  constructor(options: DraftSchemasOptions) {
    this.#options = options;
  }

  /** Undefined before they were asked for; none while they are. */
  get subjects(): readonly string[] | undefined {
    return this.#subjects;
  }

  get hasRegistry(): boolean {
    return this.#options.registry() !== undefined;
  }

  /** Asks anew for all but the schemas themselves, which never change. */
  forget(): void {
    this.#schemas = undefined;
    this.#subjects = undefined;
  }

  /**
   * The fields that are written by a schema, and what is to be said of the others. `from`: the topic of the record that is replayed. Never
   * rejects but for a defect.
   */
  async encode(draft: Draft, from: string | undefined): Promise<Partial<Record<SchemaPart, EncodedField>>> {
    const topic = draft.topic.trim();
    const schemas =
      topic === '' && !parts.some((part) => isSchemaFormat(draft[part].format)) ? undefined : this.#open();
    if (schemas === undefined) return {};
    if (this.#subjects === undefined) void this.#list(schemas);
    const encoded = await Promise.all(
      parts.map(async (part): Promise<EncodedField> => {
        const field = draft[part];
        if (isSchemaFormat(field.format)) return schemas.encode(field, part, topic);
        if (field.format !== 'bytes') return { sentences: this.#unexpected(field, part, topic) };
        const bytes = from === undefined || from === topic ? undefined : this.#options.held.get(field.held?.id ?? '');
        return { sentences: bytes === undefined ? [] : await schemas.foreign(bytes, part, topic) };
      }),
    );
    return Object.fromEntries(parts.map((part, index) => [part, encoded[index]!]));
  }

  /** That the topic has a schema, and readers who expect it; hex and base64 may hold anything. */
  #unexpected({ format }: DraftField, part: SchemaPart, topic: string): readonly string[] {
    const subject = defaultSubject(topic, part);
    if (['null', 'hex', 'base64'].includes(format) || this.#subjects?.includes(subject) !== true) return [];
    return [
      part === 'key'
        ? t('The registry has a schema for the keys of this topic ({0}), and this one is written without it.', subject)
        : t(
            'The registry has a schema for the values of this topic ({0}), and this one is written without it.',
            subject,
          ),
    ];
  }

  /** A value of the field's schema; undefined where there is no registry. @throws {HumanError} */
  async example(draft: Draft, part: SchemaPart): Promise<string | undefined> {
    return this.#open()?.example(draft[part], part, draft.topic.trim());
  }

  /** Bytes that name their schema as a field that can be changed; undefined where they do not, or do not decode. */
  async editable(bytes: Buffer): Promise<DraftField | undefined> {
    return this.#open()?.editable(bytes);
  }

  async #list(schemas: FieldSchemas): Promise<void> {
    this.#subjects = [];
    const subjects = await schemas.subjects();
    if (schemas !== this.#schemas) return;
    this.#subjects = subjects;
    this.#options.onSubjects();
  }

  #open(): FieldSchemas | undefined {
    const registry = this.#options.registry();
    if (registry === undefined) return undefined;
    if (this.#schemas?.registry !== registry) {
      this.#schemas = new FieldSchemas(registry);
      this.#subjects = undefined;
    }
    return this.#schemas;
  }
}
