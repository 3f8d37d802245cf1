import type { TopicPartition } from '../kafka/facts.ts';
import { HumanError } from '../shared/errors.ts';

/** Bytes that a broker sent as records and that are none: a wrong checksum, a length that cannot be, cut-off compression. */
export class DamagedError extends HumanError implements TopicPartition {
  readonly topic: string;
  readonly partition: number;
  /** Of the record; of a batch that is damaged as a whole, its base offset as its header says. */
  readonly offset: bigint;
  /** What is wrong, half a sentence. */
  readonly problem: string;

  constructor({ topic, partition }: TopicPartition, offset: bigint, what: 'batch' | 'record', problem: string) {
    super(`${topic}-${partition}, offset ${offset}: the ${what} is damaged: ${problem}.`);
    this.topic = topic;
    this.partition = partition;
    this.offset = offset;
    this.problem = problem;
  }
}

/** A problem found by code that does not know whose bytes it reads; whoever does makes a `DamagedError` of it. */
export class Damage extends Error {}

/** It unpacks to more bytes than are allowed. */
export class TooLarge extends Damage {
  constructor(limit: number) {
    super(`it unpacks to more than ${limit} bytes`);
  }
}
