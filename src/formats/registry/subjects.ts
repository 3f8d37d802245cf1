import { HumanError } from '../../shared/errors.ts';
import { t } from '../../shared/l10n.ts';
import type { SchemaRegistry } from './schemaRegistry.ts';

/** A version of a subject. */
export interface SubjectVersion {
  readonly subject: string;
  readonly version: number;
  /** Of its schema. */
  readonly id: number;
  /** Of its schema; registries before Confluent's 8.0 give none. */
  readonly guid: string | undefined;
}

const guidPattern = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;
/** What the registry said is believed for so long, ms: others register schemas meanwhile. */
const freshMs = 10_000;

/** The subjects of a registry and their versions, each asked for at most once in ten seconds, also where it failed. */
export class Subjects {
  readonly #registry: SchemaRegistry;
  readonly #now: () => number;
  readonly #asked = new Map<
    string,
    { readonly answer: Promise<{ status: number; body: unknown }>; readonly until: number }
  >();

  constructor(registry: SchemaRegistry, now: () => number = Date.now) {
    this.#registry = registry;
    this.#now = now;
  }

  /** All names, sorted. @throws {HumanError} @throws {CancelledError} */
  async names(): Promise<readonly string[]> {
    const { status, body } = await this.#get('subjects');
    if (status !== 200 || !Array.isArray(body)) throw this.#unusable(status);
    return body.filter((name): name is string => typeof name === 'string').sort();
  }

  /** The versions of a subject, ascending. @throws {HumanError} also where there is no such subject. @throws {CancelledError} */
  async versions(subject: string): Promise<readonly number[]> {
    const { status, body } = await this.#get(`subjects/${encodeURIComponent(subject)}/versions`);
    if (status === 404) throw this.#missing(subject);
    if (status !== 200 || !Array.isArray(body)) throw this.#unusable(status);
    return body.filter((version): version is number => Number.isInteger(version)).sort((a, b) => a - b);
  }

  /** @throws {HumanError} also where there is no such subject or version. @throws {CancelledError} */
  async find(subject: string, version: number | 'latest'): Promise<SubjectVersion> {
    const { status, body } = await this.#get(`subjects/${encodeURIComponent(subject)}/versions/${version}`);
    if (status === 404) throw version === 'latest' ? this.#missing(subject) : this.#missingVersion(subject, version);
    const {
      id,
      version: found,
      guid,
    } = (typeof body === 'object' && body !== null ? body : {}) as Record<string, unknown>;
    if (status !== 200 || !Number.isInteger(id) || !Number.isInteger(found)) throw this.#unusable(status);
    return {
      subject,
      version: found as number,
      id: id as number,
      guid: typeof guid === 'string' && guidPattern.test(guid) ? guid : undefined,
    };
  }

  /** Where a schema is registered. @throws {HumanError} @throws {CancelledError} */
  async usesOf(id: number): Promise<readonly string[]> {
    const { status, body } = await this.#get(`schemas/ids/${id}/versions`);
    if (status !== 200 || !Array.isArray(body)) throw this.#unusable(status);
    return body.flatMap((each: { subject?: unknown } | null) =>
      typeof each?.subject === 'string' ? [each.subject] : [],
    );
  }

  #get(path: string): Promise<{ status: number; body: unknown }> {
    const before = this.#asked.get(path);
    if (before !== undefined && before.until > this.#now()) return before.answer;
    const answer = this.#registry.get(path);
    this.#asked.set(path, { answer, until: this.#now() + freshMs });
    return answer;
  }

  #missing(subject: string): HumanError {
    return new HumanError(t('The registry {0} has no subject {1}.', this.#registry.url, subject));
  }

  #missingVersion(subject: string, version: number): HumanError {
    return new HumanError(t('The registry {0} has no version {1} of {2}.', this.#registry.url, version, subject));
  }

  #unusable(status: number): HumanError {
    return new HumanError(t('The registry {0} answered with status {1}.', this.#registry.url, status));
  }
}
