import type { CommitMark, GroupEvent, PollEvent } from '../../offsetsTopic/replay/groupEvent.ts';

/** What is kept of a group. */
export interface StoredGroup {
  /** Of the topic, in order of offsets. */
  readonly events: readonly GroupEvent[];
  /** In order of time. */
  readonly polls: readonly PollEvent[];
  /** undefined where only polls were kept. */
  readonly coverage: Coverage | undefined;
}

/** Which part of a partition of `__consumer_offsets` has been read for a group: it need not be read again. */
export interface Coverage {
  readonly topicId: string;
  readonly partition: number;
  readonly from: bigint;
  /** The first offset that was not read. */
  readonly to: bigint;
  /** Commits behind the last event, up to `to`. */
  readonly rest: readonly CommitMark[];
}
