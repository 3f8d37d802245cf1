/** Which program wrote a line. */
export type LogSource = 'broker' | 'java' | 'librdkafka' | 'kafkajs';

/**
 * What a line says. Of coordinators: from `preparing-rebalance` to `group-unloaded`; of clients: the rest. `member-*` is what the
 * coordinator did to a member; the words without it are what a client says of itself.
 */
export type LogEventKind =
  | 'preparing-rebalance'
  | 'stabilized'
  | 'assignment-received'
  | 'epoch-bumped'
  | 'target-computed'
  | 'member-joining'
  | 'member-joined'
  | 'member-replaced'
  | 'member-left'
  | 'member-away'
  | 'member-failed'
  | 'member-fenced'
  | 'member-removed'
  | 'member-changed'
  | 'leader-failed'
  | 'group-empty'
  | 'group-converted'
  | 'group-loaded'
  | 'group-unloaded'
  | 'joining'
  | 'join-requested'
  | 'joined'
  | 'synced'
  | 'assigned'
  | 'revoked'
  | 'lost'
  | 'leave-sent'
  | 'poll-timeout'
  | 'session-timeout'
  | 'fenced'
  | 'rebalance-failed'
  | 'generation-reset'
  | 'coordinator-found'
  | 'coordinator-unavailable'
  | 'offset-reset'
  | 'out-of-range'
  | 'commit-failed';

/** What can be read from the words of a line. */
export interface LogFacts {
  readonly kind: LogEventKind;
  readonly group?: string | undefined;
  /** Member id. */
  readonly member?: string | undefined;
  /** The member that this one takes the place of. */
  readonly replaced?: string | undefined;
  readonly instanceId?: string | undefined;
  readonly clientId?: string | undefined;
  /** Generation or epoch: of a rebalance that is prepared, the one that ends. */
  readonly generation?: number | undefined;
  /** How many members the group has. */
  readonly members?: number | undefined;
  /** As it is written. */
  readonly reason?: string | undefined;
  /** Partitions as they are written; bounded. */
  readonly partitions?: string | undefined;
}

/** A line of a log that says something of a group. */
export interface LogEvent extends LogFacts {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** The line does not say its time zone: it was assumed. */
  readonly isZoneAssumed: boolean;
  readonly source: LogSource;
  /** Path of the file as it was opened. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** Of the line's first byte; of a compressed file, in what it unpacks to. */
  readonly byteOffset: number;
  /** The line, at most `maxText` signs of it. */
  readonly text: string;
  /** The program's own words in it. */
  readonly message: string;
}

/** What is kept of a line, in characters. */
export const maxText = 1_000;
