import type { RequestFor } from './connection.ts';
import type { TopicPartition } from './facts.ts';
import type { Answer } from './fanOut.ts';
import type { Purpose } from './pool.ts';
import type { Api } from './protocol/api.ts';

export type { Answer, RequestFor };

export interface CallOptions {
  readonly signal?: AbortSignal | undefined;
  /** For the answer, once a connection is there. Default: the cluster's `requestTimeoutMs`. */
  readonly timeoutMs?: number | undefined;
  /** Lowest and highest version that fits the caller, within what the codec knows. */
  readonly minVersion?: number | undefined;
  readonly maxVersion?: number | undefined;
  /** Long polls have connections of their own (`Cluster.takeLane`), so that nothing waits behind them. Default `main`. */
  readonly purpose?: Purpose | undefined;
  /**
   * Whether to send once more when a connection that was in use breaks before the answer, as idle connections do. Default
   * true; false for what must not happen twice.
   */
  readonly resend?: boolean | undefined;
  /**
   * Whether to wait no longer for a broker that hangs, where the cluster has others; what takes longer than before is then
   * a failure. Default false.
   */
  readonly leaveLate?: boolean | undefined;
}

export interface FanOutOptions extends CallOptions {
  /** How long items that moved or are loading are asked again, milliseconds. Default 10,000. */
  readonly retryForMs?: number | undefined;
}

/** One request to each coordinator for its share of the keys. */
export interface CoordinatorCall<Request, Response, Result> extends FanOutOptions {
  readonly api: Api<Request, Response>;
  /** Default `group`. */
  readonly keyType?: 'group' | 'transaction';
  /** Keys in one request at most, by the version in which it is sent. Default: all of that coordinator. */
  readonly batchSize?: (version: number) => number;
  readonly request: (keys: readonly string[], version: number) => Request;
  /** The answer for each key; a key left out becomes a failure. */
  readonly read: (
    response: Response,
    keys: readonly string[],
    version: number,
  ) => Iterable<readonly [key: string, answer: Answer<Result>]>;
}

/** One request to each leader for its share of the partitions. */
export interface LeaderCall<P extends TopicPartition, Request, Response, Result> extends FanOutOptions {
  readonly api: Api<Request, Response>;
  /** Partitions in one request at most, by version. Default: all of that leader. */
  readonly batchSize?: (version: number) => number;
  /** No partition occurs twice. `byTopic` groups them. */
  readonly request: (partitions: readonly P[], version: number) => Request;
  /** The answer for each partition; a partition left out becomes a failure. */
  readonly read: (
    response: Response,
    partitions: readonly P[],
    version: number,
  ) => Iterable<readonly [topic: string, partition: number, answer: Answer<Result>]>;
}
