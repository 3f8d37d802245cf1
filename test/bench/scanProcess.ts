/** Reads a topic once in a fresh process, for the bench: prints a JSON object. */
import { Cluster } from '../../src/kafka/cluster.ts';
import { readTopic } from '../../src/records/reader.ts';
import { valuesWith } from '../../src/records/search.ts';

const [, file, bootstrap, topic, text] = process.argv;
if (bootstrap !== undefined && topic !== undefined && file?.endsWith('scanProcess.ts')) {
  const start = performance.now();
  const cluster = await Cluster.connect({ bootstrapServers: [bootstrap] });
  const needle = text ? Buffer.from(text) : undefined;
  let records = 0;
  let found = 0;
  const range = { start: { at: 'beginning' }, stop: { at: 'end' } } as const;
  // As a search reads, which keeps nothing but what it finds.
  const options = { topic, ...range, isolation: 'read_uncommitted', isBorrowed: true } as const;
  for await (const event of readTopic(cluster, options)) {
    if (event.kind !== 'records') continue;
    for (const { batch, from, to } of event.slices) {
      records += to - from;
      if (needle !== undefined) found += valuesWith(batch, needle, from, to).length;
    }
  }
  console.log(JSON.stringify({ ms: performance.now() - start, records, found }));
  cluster.close();
}
