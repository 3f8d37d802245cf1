/** Kafka's names of the states that records hold as numbers. */

const memberStates: Readonly<Record<number, string>> = {
  0: 'STABLE',
  1: 'UNREVOKED_PARTITIONS',
  2: 'UNRELEASED_PARTITIONS',
};

/** Of types 8 and 14 (modern.MemberState). */
export function memberState(state: number): string {
  return memberStates[state] ?? 'UNKNOWN';
}

const streamsMemberStates: Readonly<Record<number, string>> = {
  1: 'STABLE',
  2: 'UNREVOKED_TASKS',
  3: 'UNRELEASED_TASKS',
};

/** Of type 22 (streams.MemberState), which counts from 1. */
export function streamsMemberState(state: number): string {
  return streamsMemberStates[state] ?? 'UNKNOWN';
}

const deliveryStates: Readonly<Record<number, string>> = {
  0: 'AVAILABLE',
  1: 'ACQUIRED',
  2: 'ACKNOWLEDGED',
  3: 'ARCHIVING',
  4: 'ARCHIVED',
};

/** Of a state batch in `__share_group_state` (RecordState). */
export function deliveryState(state: number): string {
  return deliveryStates[state] ?? `UNKNOWN_${state}`;
}

const transactionStates: Readonly<Record<number, string>> = {
  0: 'Empty',
  1: 'Ongoing',
  2: 'PrepareCommit',
  3: 'PrepareAbort',
  4: 'CompleteCommit',
  5: 'CompleteAbort',
  6: 'Dead',
  7: 'PrepareEpochFence',
};

/** Of a transaction in `__transaction_state` (TransactionState). */
export function transactionState(state: number): string {
  return transactionStates[state] ?? `UNKNOWN_${state}`;
}
