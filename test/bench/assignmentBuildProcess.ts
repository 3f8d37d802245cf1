/** Works out a long history and tells a page of it in a fresh process, as the extension host does after an event; prints a JSON object. */
import type { GroupHistory } from '../../src/groups/assignmentHistory.ts';
import { historySteps } from '../../src/offsetsTopic/replay/buildHistory.ts';
import type { GenerationEvent, GenerationMember } from '../../src/offsetsTopic/replay/groupEvent.ts';
import { inSlices } from '../../src/shared/steps.ts';
import { AssignmentFeed } from '../../src/ui/panels/assignments/assignmentFeed.ts';
import type { HistoryNews } from '../../src/ui/panels/assignments/services.ts';
import { measureBlocks } from '../support/blocks.ts';

const [, file, partitions, generations] = process.argv;
if (file?.endsWith('assignmentBuildProcess.ts')) {
  const events = rebalancing(Number(partitions), Number(generations));
  let tell: ((news: HistoryNews) => void) | undefined;
  const feed = new AssignmentFeed({
    cluster: 'local',
    group: 'billing',
    services: {
      watchOf: () => undefined,
      onDidChangeClusters: () => ({ dispose() {} }),
      followHistory: (_cluster, _group, listener) => {
        tell = listener;
        return { dispose() {} };
      },
      recordsMeanwhile: () => Promise.reject(new Error('Nobody asks.')),
    },
    // A message of the real host is JSON by the time it leaves.
    send: (message) => JSON.stringify(message),
  });
  feed.start();
  const event = async (upTo: number): Promise<GroupHistory> => {
    const now = events[upTo - 1]!.at + 1_000;
    return inSlices(historySteps(events.slice(0, upTo), { group: 'billing', now }));
  };
  const before = await event(events.length - 1);
  tell!({ history: before });
  let history: GroupHistory | undefined;
  const built = await measureBlocks(async () => {
    history = await event(events.length);
  });
  const told = await measureBlocks(async () => {
    tell!({ history });
    await new Promise((resolve) => setTimeout(resolve, 5));
  });
  console.log(JSON.stringify({ spans: history!.spans.length, built, told }));
}

/** Of a group with eager members that come and go: partitions move at each generation, and all have gone without an owner for a moment. */
function rebalancing(partitions: number, generations: number): GenerationEvent[] {
  const start = Date.UTC(2026, 0, 1);
  return Array.from({ length: generations }, (_, index): GenerationEvent => {
    const at = start + index * 60_000;
    const count = 10 - (index % 3);
    const members = Array.from({ length: count }, (_unused, place): GenerationMember => {
      const first = Math.floor((partitions * place) / count);
      const size = Math.floor((partitions * (place + 1)) / count) - first;
      const own = Array.from({ length: size }, (_none, nth) => first + nth);
      return {
        id: `worker-${place}-${Math.floor((index + place) / 7)}`,
        instanceId: null,
        clientId: `worker-${place}`,
        host: '/10.0.0.7',
        sessionTimeoutMs: 45_000,
        rebalanceTimeoutMs: 300_000,
        topics: ['orders'],
        assigned: [['orders', own]],
      };
    });
    return {
      kind: 'generation',
      key: `t:0:${index}`,
      at,
      position: BigInt(index),
      coordinatorEpoch: 0,
      commits: Array.from(
        { length: partitions },
        (_unused, partition) => ['orders', partition, at - 5_000, 3] as const,
      ),
      generation: index + 1,
      stateAt: at - 1_500,
      protocolType: 'consumer',
      assignor: 'range',
      leader: members[0]!.id,
      members,
    };
  });
}
