/**
 * Replays all of `__consumer_offsets` into histories, or loads the first history of one group, in a fresh process, for the bench:
 * prints a JSON object.
 */
import { Cluster } from '../../src/kafka/cluster.ts';
import { buildHistory } from '../../src/offsetsTopic/replay/buildHistory.ts';
import type { GroupEvent } from '../../src/offsetsTopic/replay/groupEvent.ts';
import { OffsetsReplay } from '../../src/offsetsTopic/replay/replay.ts';
import { readTopic } from '../../src/records/reader.ts';
import { loadGroupHistory } from '../../src/watch/assignments.ts';
import { offsetsTopic } from '../../src/watch/assignmentsTopic.ts';

const [, file, bootstrap, what] = process.argv;
if (bootstrap !== undefined && what !== undefined && file?.endsWith('offsetsTopicProcess.ts')) {
  const start = performance.now();
  const cluster = await Cluster.connect({ bootstrapServers: [bootstrap] });
  console.log(JSON.stringify(await (what === 'all' ? replayAll(cluster, start) : loadOne(cluster, what))));
  cluster.close();
}

async function replayAll(cluster: Cluster, start: number): Promise<object> {
  const events = new Map<string, GroupEvent[]>();
  const replay = new OffsetsReplay({
    onEvent: (group, event) => {
      const own = events.get(group);
      if (own === undefined) events.set(group, [event]);
      else own.push(event);
    },
  });
  let records = 0;
  const options = { topic: offsetsTopic, start: { at: 'beginning' }, stop: { at: 'end' }, isolation: 'both' } as const;
  for await (const event of readTopic(cluster, options)) {
    if (event.kind !== 'records') continue;
    for (const slice of event.slices) {
      replay.take(slice);
      records += slice.to - slice.from;
    }
  }
  const histories = Array.from(events, ([group, own]) => buildHistory(own, { group, now: Date.now() }));
  const ms = performance.now() - start;
  globalThis.gc?.();
  const heapMb = process.memoryUsage().heapUsed / 1e6;
  return { ms, records, heapMb, histories: histories.length, keys: [...replay.rest()].length };
}

/** A window is connected already when somebody opens a page. */
async function loadOne(cluster: Cluster, group: string): Promise<object> {
  const start = performance.now();
  for await (const { history } of loadGroupHistory(cluster, group, {})) {
    const ms = performance.now() - start;
    if (history.rebalances.length === 0) throw new Error(`${group} has no history.`);
    return { ms, records: history.rebalances.length, heapMb: 0 };
  }
  throw new Error(`${group} has no history.`);
}
