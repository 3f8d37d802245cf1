import { Admin } from '@platformatic/kafka';
import { AssignerProtocol } from 'kafkajs';
import { bootstrap, connect } from './lib/kafka.mjs';

/** What the demo asks the broker to see whether its cases show. */
export class Facts {
  /** Lists KIP-848 groups, reads offsets with an isolation level. */
  #admin;
  /** Describes members, which the other cannot do for one that owns nothing. */
  #describer;

  constructor() {
    this.#describer = connect('demo-check').admin();
    this.#admin = new Admin({
      clientId: 'demo-check',
      bootstrapBrokers: bootstrap.split(','),
      retries: 0,
      metadataMaxAge: 1_000,
    });
  }

  /**
   * @returns by group: state (`STABLE`, `EMPTY`, ...), type, members with what they own, commits with the end and the last stable offset of
   * each (as numbers: this log is short), and the sum of the lags.
   */
  async look(groups) {
    const listed = await this.#admin.listGroups({ types: ['classic', 'consumer'] });
    const present = groups.filter((group) => listed.has(group));
    if (present.length === 0) return new Map();
    const classic = present.filter((group) => listed.get(group).groupType !== 'consumer');
    const described = await this.#describe(classic);
    const commits = await this.#admin.listConsumerGroupOffsets({ groups: present });
    const topics = new Set(await this.#admin.listTopics());
    const ends = await this.#offsets(commits, topics, 'READ_UNCOMMITTED');
    const stable = await this.#offsets(commits, topics, 'READ_COMMITTED');

    return new Map(
      present.map((id) => {
        const partitions = (commits.find(({ groupId }) => groupId === id)?.topics ?? []).flatMap(
          ({ name, partitions: list }) =>
            list
              .filter(({ committedOffset }) => committedOffset >= 0n)
              .map(({ partitionIndex, committedOffset }) => ({
                topic: name,
                partition: partitionIndex,
                committed: Number(committedOffset),
                end: ends.get(`${name}/${partitionIndex}`),
                stable: stable.get(`${name}/${partitionIndex}`),
              })),
        );
        const group = {
          state: listed.get(id).state,
          type: listed.get(id).groupType,
          members: (described.get(id) ?? []).map(({ clientId, memberAssignment }) => ({
            clientId,
            partitions: Object.entries(
              AssignerProtocol.MemberAssignment.decode(memberAssignment)?.assignment ?? {},
            ).flatMap(([topic, own]) => own.map((partition) => ({ topic, partition, exists: topics.has(topic) }))),
          })),
          partitions,
          lag: partitions.reduce((sum, { end, committed }) => sum + (end === undefined ? 0 : end - committed), 0),
        };
        return [id, group];
      }),
    );
  }

  async #describe(groups) {
    if (groups.length === 0) return new Map();
    await this.#describer.connect();
    const described = await this.#describer.describeGroups(groups);
    return new Map(described.groups.map(({ groupId, members }) => [groupId, members]));
  }

  async #offsets(commits, topics, isolation) {
    const wanted = new Map();
    for (const { name, partitions } of commits.flatMap((group) => group.topics)) {
      if (!topics.has(name)) continue;
      const numbers = wanted.get(name) ?? new Set();
      for (const { partitionIndex } of partitions) numbers.add(partitionIndex);
      wanted.set(name, numbers);
    }
    if (wanted.size === 0) return new Map();
    const listed = await this.#admin.listOffsets({
      isolationLevel: isolation === 'READ_COMMITTED' ? 1 : 0,
      topics: [...wanted].map(([name, numbers]) => ({
        name,
        partitions: [...numbers].map((partitionIndex) => ({ partitionIndex, timestamp: -1n })),
      })),
    });
    return new Map(
      listed.flatMap(({ name, partitions }) =>
        partitions.map(({ partitionIndex, offset }) => [`${name}/${partitionIndex}`, Number(offset)]),
      ),
    );
  }

  async close() {
    await this.#describer.disconnect();
    await this.#admin.close();
  }
}
