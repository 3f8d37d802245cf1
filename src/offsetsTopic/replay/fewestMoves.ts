import type { TopicPartition } from '../../kafka/facts.ts';
import type { StageMember } from './stages.ts';

type Owners = ReadonlyMap<TopicPartition, string>;

/**
 * Partitions that were taken from a member without need: shares as even as can be would have left them where they were. Which ones
 * a member must give up is open, so the first of those it lost count as needed.
 *
 * @param before owners, by the ids that members have in `members`, where they are still there.
 */
export function needlessMoves(before: Owners, after: Owners, members: readonly StageMember[]): Set<TopicPartition> {
  const lost = new Map<string, TopicPartition[]>();
  const mayOwn = new Map(members.map((member) => [member.id, reads(member)]));
  for (const [partition, owner] of before) {
    if (after.get(partition) === owner || mayOwn.get(owner)?.(partition.topic) !== true) continue;
    const own = lost.get(owner);
    if (own === undefined) lost.set(owner, [partition]);
    else own.push(partition);
  }
  const needless = new Set<TopicPartition>();
  if (lost.size === 0) return needless;
  const shares = fewestMoves(before, new Set([...before.keys(), ...after.keys()]), members);
  for (const [owner, partitions] of lost) {
    const needed = shares.get(owner) ?? 0;
    for (const partition of partitions.slice(needed)) needless.add(partition);
  }
  return needless;
}

/** How many of its partitions each member must give up for shares that differ by one at most, as far as subscriptions let them. */
function fewestMoves(
  before: Owners,
  all: ReadonlySet<TopicPartition>,
  members: readonly StageMember[],
): Map<string, number> {
  const readers = members.map((member) => ({ id: member.id, reads: reads(member), kept: [] as string[], given: 0 }));
  const byId = new Map(readers.map((reader) => [reader.id, reader]));
  const free: string[] = [];
  for (const partition of all) {
    const owner = byId.get(before.get(partition) ?? '');
    if (owner?.reads(partition.topic) === true) owner.kept.push(partition.topic);
    else free.push(partition.topic);
  }
  const least = (topic: string) => {
    let found: (typeof readers)[number] | undefined;
    for (const reader of readers) {
      if (reader.reads(topic) && (found === undefined || reader.kept.length < found.kept.length)) found = reader;
    }
    return found;
  };
  for (const topic of free) least(topic)?.kept.push(topic);
  // From whoever has most to whoever has least, until nobody could take one and still have fewer.
  const settled = new Set<string>();
  while (settled.size < readers.length) {
    const most = readers.filter(({ id }) => !settled.has(id)).reduce((a, b) => (b.kept.length > a.kept.length ? b : a));
    const at = most.kept.findIndex((topic) => (least(topic)?.kept.length ?? Infinity) + 1 < most.kept.length);
    if (at < 0) {
      settled.add(most.id);
      continue;
    }
    const [topic] = most.kept.splice(at, 1);
    least(topic!)!.kept.push(topic!);
    most.given++;
  }
  return new Map(readers.map(({ id, given }) => [id, given]));
}

/** Which topics a member takes; of a pattern only the broker knows, so that it may be any. */
function reads({ topics, pattern }: StageMember): (topic: string) => boolean {
  if (pattern !== undefined || topics.length === 0) return () => true;
  const all = new Set(topics);
  return (topic) => all.has(topic);
}
