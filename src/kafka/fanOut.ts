import type { Fact, Failure, RoutedFact } from './facts.ts';
import { failureOf, failureOfCode, isAskedAgain } from './failures.ts';
import { delay } from './race.ts';
import { isCancelled } from '../shared/errors.ts';

/** What a broker answered for one item of a request for many. */
export interface Answer<Result> {
  /** Kafka's error code: 0 keeps `value`; "moved" and "loading" codes are asked again elsewhere; others become a failure. */
  readonly errorCode: number;
  readonly errorMessage?: string | null | undefined;
  readonly value: Result;
}

export interface FanOut<Item, Result> {
  /** Where each item is to be asked. `fresh`: what was known before has proved wrong. */
  readonly locate: (items: readonly Item[], fresh: boolean) => Promise<ReadonlyMap<Item, Fact<number>>>;
  /** How many items that broker takes in one request. */
  readonly batchSize: (node: number) => Promise<number>;
  /** Asks one broker for some items; a rejection is the failure of these items. */
  readonly ask: (node: number, items: readonly Item[]) => Promise<ReadonlyMap<Item, Answer<Result>>>;
  /** How an item is called in messages, such as "Group orders". */
  readonly nameOf: (item: Item) => string;
  /** How long items that moved or are loading are asked again, milliseconds. */
  readonly retryForMs: number;
  readonly signal: AbortSignal | undefined;
}

const firstBackoffMs = 100;
const maxBackoffMs = 1_000;
/** Requests under way at once to one broker. */
const concurrency = 50;

/**
 * Asks each broker for its share of the items, all brokers at once. Items that moved are looked for and asked again; what a
 * broker failed to answer is the failure of its items only.
 *
 * @throws {CancelledError} and nothing else.
 */
export async function fanOut<Item, Result>(
  items: readonly Item[],
  { locate, batchSize, ask, nameOf, retryForMs, signal }: FanOut<Item, Result>,
): Promise<Map<Item, RoutedFact<Result>>> {
  const results = new Map<Item, RoutedFact<Result>>();
  /** Items whose broker could not be asked: they get one more try, if they live elsewhere by now. */
  const unasked = new Map<Item, { readonly node: number; readonly failure: Failure }>();
  const deadline = performance.now() + retryForMs;
  let pending = items;
  let backoffMs = firstBackoffMs;
  let again: Item[] = [];

  const failed = (error: unknown, node: number, some: readonly Item[]): void => {
    if (isCancelled(error)) throw error;
    const failure = failureOf(error);
    for (const item of some) {
      if (failure.kind === 'unreachable' && !unasked.has(item)) {
        unasked.set(item, { node, failure });
        again.push(item);
      } else results.set(item, { failure, node });
    }
  };
  const askFor = async (node: number, batch: readonly Item[]): Promise<void> => {
    try {
      const answers = await ask(node, batch);
      for (const item of batch) {
        const answer = answers.get(item);
        if (answer?.errorCode === 0) results.set(item, { value: answer.value, node });
        else if (answer && isAskedAgain(answer.errorCode) && performance.now() + backoffMs < deadline) again.push(item);
        else results.set(item, { failure: failureOfAnswer(answer, nameOf(item)), node });
      }
    } catch (error) {
      failed(error, node, batch);
    }
  };

  for (let fresh = false; pending.length > 0; fresh = true) {
    again = [];
    const shares = new Map<number, Item[]>();
    for (const [item, place] of await locate(pending, fresh)) {
      const missed = unasked.get(item);
      if ('failure' in place) results.set(item, { failure: place.failure, node: missed?.node });
      else if (missed?.node === place.value) results.set(item, missed);
      else share(shares, place.value, item);
    }
    await Promise.all(
      [...shares].map(async ([node, share]) => {
        let size: number;
        try {
          size = await batchSize(node);
        } catch (error) {
          failed(error, node, share);
          return;
        }
        await inTurns(batches(share, size), concurrency, (batch) => askFor(node, batch));
      }),
    );
    pending = again;
    if (pending.length > 0) await delay(backoffMs, signal);
    backoffMs = Math.min(2 * backoffMs, maxBackoffMs);
  }
  // In the order of the items, not in that of the answers.
  const inOrder = new Map<Item, RoutedFact<Result>>();
  for (const item of items) inOrder.set(item, results.get(item)!);
  return inOrder;
}

/** Works through the items, `width` at a time. */
export async function inTurns<T>(items: Iterable<T>, width: number, work: (item: T) => Promise<void>): Promise<void> {
  const rest = items[Symbol.iterator]();
  const worker = async (): Promise<void> => {
    for (let next = rest.next(); !next.done; next = rest.next()) await work(next.value);
  };
  await Promise.all(Array.from({ length: width }, worker));
}

function* batches<Item>(items: readonly Item[], size: number): Generator<readonly Item[]> {
  if (size >= items.length) yield items;
  else for (let start = 0; start < items.length; start += size) yield items.slice(start, start + size);
}

function share<Item>(shares: Map<number, Item[]>, node: number, item: Item): void {
  const same = shares.get(node);
  if (same === undefined) shares.set(node, [item]);
  else same.push(item);
}

function failureOfAnswer(answer: Answer<unknown> | undefined, name: string): Failure {
  if (answer === undefined) return { kind: 'error', message: `${name}: the broker's answer leaves it out.` };
  return failureOfCode(answer.errorCode, name, answer.errorMessage);
}
