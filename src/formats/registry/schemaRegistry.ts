import { HumanError, isCancelled } from '../../shared/errors.ts';
import { t } from '../../shared/l10n.ts';
import { ask, type RegistryAccess } from './registryCall.ts';
import { parseSchema, type ParsedSchema, type SchemaText } from './parsedSchema.ts';

/** How a record names its schema: by the registry's id, or by the schema's GUID. */
export type SchemaRef = { readonly id: number } | { readonly guid: string };

/** What came of asking for a schema. `missing`: the registry answered, and has none of that id. */
export type SchemaAnswer =
  | { readonly kind: 'schema'; readonly schema: ParsedSchema }
  | { readonly kind: 'missing' | 'failed'; readonly reason: string };

interface Entry {
  readonly answer: SchemaAnswer;
  /** When to ask again; ids never change their schema. */
  readonly until: number;
}

export interface SchemaRegistryOptions extends RegistryAccess {
  /** Milliseconds; `Date.now` where left out. */
  readonly now?: () => number;
  /** How long a failure is believed, milliseconds. */
  readonly failureMs?: number;
}

/** References of references, all in all: a registry that names more does not tell the truth. */
const maxReferences = 500;
const maxSchemas = 2000;

/** So many unknown ids within the time that a failure is believed are no schema ids: what begins with a zero byte may be anything. */
const maxMissing = 50;

/**
 * Schemas of a Confluent-compatible registry, by id, each asked for once: found ones are kept for ever, failures for ten seconds, and who
 * asks meanwhile waits for the same answer. A registry that cannot be reached is not asked for other ids either during that time.
 */
export class SchemaRegistry {
  readonly #options: SchemaRegistryOptions;
  readonly #now: () => number;
  readonly #entries = new Map<string, Entry>();
  readonly #pending = new Map<string, Promise<SchemaAnswer>>();
  readonly #closed = new AbortController();
  #down: Entry | undefined;
  #missing = { count: 0, until: 0 };

  constructor(options: SchemaRegistryOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
  }

  /** Where it is, as the settings name it. */
  get url(): string {
    return this.#options.url;
  }

  /** At once where it is known. Never rejects. */
  schema(ref: SchemaRef): SchemaAnswer | Promise<SchemaAnswer> {
    const key = keyOf(ref);
    const entry = this.#entries.get(key) ?? this.#down;
    if (entry !== undefined && entry.until > this.#now()) return entry.answer;
    const pending = this.#pending.get(key);
    if (pending !== undefined) return pending;
    if (this.#missing.count + this.#pending.size >= maxMissing && this.#missing.until > this.#now()) {
      return {
        kind: 'missing',
        reason: t('The registry {0} was asked for too many schemas that it does not have.', this.url),
      };
    }
    const asked = this.#ask(ref).finally(() => this.#pending.delete(key));
    this.#pending.set(key, asked);
    return asked;
  }

  /** Whether it can be reached and lets us in. @throws {HumanError} */
  async test(signal?: AbortSignal): Promise<void> {
    const { status } = await ask(this.#options, 'subjects', this.#signal(signal));
    if (status !== 200) {
      throw new HumanError(
        t('{0} answered with status {1}.', this.url, status),
        t('Check that the address is that of a Schema Registry, with its path where it has one.'),
      );
    }
  }

  /** Asks for something else than a schema; not kept. @throws {HumanError} it cannot be reached, or refuses. @throws {CancelledError} */
  get(path: string): Promise<{ status: number; body: unknown }> {
    return ask(this.#options, path, this.#closed.signal);
  }

  /** What is asked now is given up. */
  dispose(): void {
    this.#closed.abort();
  }

  async #ask(ref: SchemaRef): Promise<SchemaAnswer> {
    const answer = await this.#fetch(ref);
    const retryAt = this.#now() + (this.#options.failureMs ?? 10_000);
    if (answer.kind === 'missing') {
      if (this.#missing.until <= this.#now()) this.#missing = { count: 0, until: retryAt };
      this.#missing.count++;
    }
    const until = answer.kind === 'schema' ? Number.POSITIVE_INFINITY : retryAt;
    if (this.#entries.size >= maxSchemas) this.#entries.delete(this.#entries.keys().next().value!);
    this.#entries.set(keyOf(ref), { answer, until });
    return answer;
  }

  async #fetch(ref: SchemaRef): Promise<SchemaAnswer> {
    const path = 'id' in ref ? `schemas/ids/${ref.id}` : `schemas/guids/${ref.guid}`;
    try {
      const { status, body } = await ask(this.#options, path, this.#signal());
      this.#down = undefined;
      if (status === 404) {
        return { kind: 'missing', reason: t('The registry {0} has no schema {1}.', this.url, nameOf(ref)) };
      }
      if (status !== 200) {
        return { kind: 'failed', reason: t('The registry {0} answered with status {1}.', this.url, status) };
      }
      const text = schemaText(body);
      if (text === undefined) {
        return { kind: 'failed', reason: t('What {0} answered is no schema.', this.url) };
      }
      return { kind: 'schema', schema: await parseSchema(text, await this.#references(text)) };
    } catch (error) {
      if (error instanceof HumanError) {
        const answer: SchemaAnswer = { kind: 'failed', reason: error.message };
        this.#down = { answer, until: this.#now() + (this.#options.failureMs ?? 10_000) };
        return answer;
      }
      if (isCancelled(error)) return { kind: 'failed', reason: t('The registry {0} is no longer asked.', this.url) };
      const what = error instanceof Error ? error.message : String(error);
      return { kind: 'failed', reason: t('Schema {0} cannot be used: {1}', nameOf(ref), what) };
    }
  }

  /** All schemas that the schema refers to, those that others refer to first. */
  async #references(main: SchemaText): Promise<(SchemaText & { name: string })[]> {
    const found = new Map<string, SchemaText & { name: string }>();
    const seen = new Set<string>();
    const visit = async (text: SchemaText): Promise<void> => {
      for (const { name, subject, version } of text.references) {
        if (seen.has(name)) continue;
        seen.add(name);
        if (seen.size > maxReferences) throw new Error(t('It refers to more than {0} schemas.', maxReferences));
        const path = `subjects/${encodeURIComponent(subject)}/versions/${version}`;
        // A version may have been deleted since; the records written with it are still there.
        const { status, body } = await ask(this.#options, `${path}?deleted=true`, this.#signal());
        const referred = status === 200 ? schemaText(body) : undefined;
        if (referred === undefined) {
          throw new Error(
            t(
              'It refers to {0}, version {1} of {2}, which the registry does not give (status {3}).',
              name,
              version,
              subject,
              status,
            ),
          );
        }
        await visit(referred);
        found.set(name, { ...referred, name });
      }
    };
    await visit(main);
    return [...found.values()];
  }

  #signal(signal?: AbortSignal): AbortSignal {
    return signal === undefined ? this.#closed.signal : AbortSignal.any([signal, this.#closed.signal]);
  }
}

function keyOf(ref: SchemaRef): string {
  return 'id' in ref ? String(ref.id) : ref.guid;
}

/** A schema's id or GUID for people. */
export function nameOf(ref: SchemaRef): string {
  return keyOf(ref);
}

function schemaText(body: unknown): SchemaText | undefined {
  if (typeof body !== 'object' || body === null) return undefined;
  const { schema, schemaType = 'AVRO', references = [], ruleSet } = body as Record<string, unknown>;
  if (typeof schema !== 'string' || typeof schemaType !== 'string') return undefined;
  const listed = Array.isArray(references) ? (references as unknown[]) : [];
  return {
    schema,
    schemaType,
    encryptedBy: payloadRule(ruleSet),
    references: listed.flatMap((each) => {
      if (typeof each !== 'object' || each === null) return [];
      const { name, subject, version } = each as Record<string, unknown>;
      return typeof name === 'string' && typeof subject === 'string' && Number.isInteger(version)
        ? [{ name, subject, version: version as number }]
        : [];
    }),
  };
}

/** Of a data contract's rules that of type ENCRYPT_PAYLOAD, which needs keys that only its clients have. */
function payloadRule(ruleSet: unknown): string | undefined {
  if (typeof ruleSet !== 'object' || ruleSet === null) return undefined;
  for (const rules of Object.values(ruleSet)) {
    if (!Array.isArray(rules)) continue;
    for (const rule of rules as readonly unknown[]) {
      if (typeof rule !== 'object' || rule === null) continue;
      const { name, type, disabled } = rule as Record<string, unknown>;
      if (type === 'ENCRYPT_PAYLOAD' && disabled !== true) return typeof name === 'string' ? name : type;
    }
  }
  return undefined;
}
