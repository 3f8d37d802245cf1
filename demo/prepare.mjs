/**
 * Creates and fills the topics of the cases named, tells its parent, and when that answers, looks at the broker until each case shows. A
 * process of its own because it ends, and its memory with it.
 */
import { once } from 'node:events';
import { cases } from './cases.mjs';
import { Facts } from './facts.mjs';
import { sleep } from './lib/kafka.mjs';
import { log } from './lib/program.mjs';
import { prepareTopics } from './lib/topics.mjs';

process.once('disconnect', () => process.exit(1));
// run.mjs ends this process, not the terminal.
process.on('SIGINT', () => {});

const waiting = new Set(cases.filter(({ name }) => process.argv.slice(2).includes(name)));
try {
  const created = await prepareTopics([...new Set([...waiting].flatMap(({ topics }) => topics))]);
  if (created.length > 0) log('demo', `created and filled ${created.join(', ')}`);
} catch (error) {
  // kafkajs wraps the reason in how often it tried.
  process.send({ failure: (error.cause ?? error).message }, () => process.exit(1));
  await once(process, 'exit');
}
process.send({ prepared: true });
await once(process, 'message');

const facts = new Facts();
const looks = new Map([...waiting].map(({ name }) => [name, []]));
for (let second = 1; waiting.size > 0; second++) {
  await sleep(1_000);
  if (second % 60 === 0) log('demo', `still waiting for ${[...waiting].map(({ name }) => name).join(', ')} to show`);
  // A coordinator that moves, a topic that was deleted just now: the next look may be better.
  const groups = await facts.look([...waiting].map(({ group }) => group)).catch(() => new Map());
  for (const one of waiting) {
    const now = groups.get(one.group);
    if (now === undefined) continue;
    const before = looks.get(one.name);
    if (one.shows({ now, before })) {
      waiting.delete(one);
      log('demo', `${one.name} shows (group ${one.group})`);
    }
    before.push(now);
  }
}
await facts.close();
process.exit(0);
