import type { Snapshot } from '../../src/groups/snapshot.ts';
import { statusOf, type Status } from '../../src/groups/status.ts';
import { LagHistory } from '../../src/history/lagHistory.ts';
import { Emitter, type Disposable } from '../../src/shared/event.ts';
import type { Watch } from '../../src/ui/panels/services.ts';
import type { WatchState } from '../../src/watch/clusterWatch.ts';
import { aGroup, aMember, aPartition, aSnapshot, aTopic, committed, offsetsOf } from '../support/snapshots.ts';

/** A watch whose polls are the test's: no timers, no broker; history and verdicts are the real ones. */
export class ScriptedWatch implements Watch {
  readonly history = new LagHistory();
  state: WatchState = { kind: 'connecting', since: 0 };
  snapshot: Snapshot | undefined;
  /** How many hold the poller now. */
  looking = 0;
  refreshed = 0;
  readonly #changed = new Emitter<void>();

  get onDidChange(): Watch['onDidChange'] {
    return this.#changed.event;
  }

  poll(snapshot: Snapshot): void {
    this.history.append(snapshot);
    this.snapshot = snapshot;
    this.state = { kind: 'ok' };
    this.#changed.fire();
  }

  /** Without telling anybody: the past, before somebody looks. */
  pollUnseen(snapshot: Snapshot): void {
    this.history.append(snapshot);
    this.snapshot = snapshot;
    this.state = { kind: 'ok' };
  }

  fail(message: string, at: number): void {
    this.history.appendGap(at);
    this.state = { kind: 'failing', message, since: at, nextAt: at + 8_000 };
    this.#changed.fire();
  }

  status(group: string): Status | undefined {
    const facts = this.snapshot?.groups.get(group);
    return facts === undefined || this.snapshot === undefined
      ? undefined
      : statusOf(facts, this.snapshot, this.history.trend(group));
  }

  look(): Disposable {
    this.looking++;
    return { dispose: () => void this.looking-- };
  }

  async refresh(): Promise<void> {
    this.refreshed++;
  }
}

/** Whose answers to `watchOf` a test can change. */
export function scriptedClusters(watches: Record<string, Watch | undefined>): {
  watchOf: (name: string) => Watch | undefined;
  onDidChangeClusters: (listener: () => void) => Disposable;
  changed: () => void;
} {
  const emitter = new Emitter<void>();
  return {
    watchOf: (name) => watches[name],
    onDidChangeClusters: emitter.event,
    changed: () => emitter.fire(),
  };
}

const members = ['billing-1-a', 'billing-2-b', 'billing-3-c'];

/**
 * The group `billing` at second `at`: `orders` with a stuck partition and two that move, and one partition for each
 * state that a partition can be in.
 */
export function billing(second: number, takenAt: number): Snapshot {
  const moved = BigInt(second) * 20n;
  const orders = [
    { commit: 18_204n, end: 30_321n + moved },
    { commit: 5_000n + moved, end: 5_088n + moved },
    { commit: 9_007_199_254_740_993n + moved, end: 9_007_199_254_742_000n + moved },
  ];
  return aSnapshot({
    takenAt,
    topics: [
      aTopic('orders', 3),
      aTopic('payments', 6, {
        partitions: aTopic('payments', 6).partitions.map((one) => (one.partition === 4 ? { ...one, leader: -1 } : one)),
      }),
    ],
    offsets: {
      orders: orders.map(({ end }) => offsetsOf(0n, end)),
      payments: [
        offsetsOf(400n, 900n),
        offsetsOf(0n, 50n),
        offsetsOf(0n, 700n),
        offsetsOf(0n, 2_000n, 1_500n),
        offsetsOf(0n, 0n),
        { start: { value: 0n }, end: { value: 10n }, lastStable: { value: 10n } },
      ],
    },
    groups: [
      aGroup('billing', {
        members: members.map((id, index) =>
          aMember(id, {
            clientId: id.slice(0, 9),
            ...(index === 0 ? { instanceId: 'billing-static-1' } : {}),
            assignment: { value: [{ topic: 'orders', partition: index }] },
          }),
        ),
        partitions: [
          ...orders.map(({ commit }, partition) =>
            aPartition('orders', partition, { commit: committed(commit), owner: members[partition] }),
          ),
          aPartition('payments', 0, { commit: committed(100n), owner: members[0] }),
          aPartition('payments', 1, { commit: committed(62n), owner: members[1] }),
          aPartition('payments', 2, { owner: members[2] }),
          aPartition('payments', 3, { commit: committed(1_500n), owner: members[0] }),
          aPartition('payments', 4, { commit: committed(5n) }),
          aPartition('payments', 5, {
            commit: {
              failure: {
                kind: 'denied',
                message: 'Reading commits of billing on payments is denied.',
                code: 'TOPIC_AUTHORIZATION_FAILED',
              },
            },
          }),
          aPartition('returns', 0, { commit: committed(77n) }),
        ],
      }),
    ],
  });
}

/** A group of many partitions, all of which move. */
export function large(count: number, second: number, takenAt: number): Snapshot {
  const topics = Math.ceil(count / 100);
  const ids = Array.from({ length: 50 }, (_, index) => `worker-${String(index).padStart(2, '0')}`);
  const names = Array.from({ length: topics }, (_, index) => `events.shard-${String(index).padStart(3, '0')}`);
  return aSnapshot({
    takenAt,
    topics: names.map((name) => aTopic(name, 100)),
    offsets: Object.fromEntries(
      names.map((name, topic) => [
        name,
        Array.from({ length: 100 }, (_, partition) =>
          offsetsOf(0n, 1_000_000n + BigInt(second * (10 + ((topic * 7 + partition) % 90)))),
        ),
      ]),
    ),
    groups: [
      aGroup('large', {
        members: ids.map((id) => aMember(id)),
        partitions: names.flatMap((name, topic) =>
          Array.from({ length: Math.min(100, count - topic * 100) }, (_, partition) =>
            aPartition(name, partition, {
              commit: committed(999_000n + BigInt(second * 20) - BigInt((partition * 131 + topic * 17) % 997)),
              owner: ids[(topic + partition) % ids.length],
            }),
          ),
        ),
      }),
    ],
  });
}
