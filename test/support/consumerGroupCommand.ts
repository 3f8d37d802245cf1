import type { Snapshot } from '../../src/groups/snapshot.ts';
import { lagOf } from '../../src/groups/lag.ts';
import { runTool } from '../../tools/kafka.ts';

/** One line of `kafka-consumer-groups --describe`, as it prints it. */
export interface DescribeRow {
  readonly group: string;
  readonly topic: string;
  readonly partition: string;
  readonly current: string;
  readonly end: string;
  readonly lag: string;
  readonly member: string;
  readonly host: string;
  readonly client: string;
}

export function describeAllGroups(bootstrap: string, version?: string): ReturnType<typeof runTool> {
  // Its own patience of 5 s is too little where the machine is busy.
  const args = ['--bootstrap-server', bootstrap, '--describe', '--all-groups', '--timeout', '60000'];
  // Until 3.5 the tool was written in Scala.
  const old = version?.startsWith('2.') === true;
  const name = old ? 'kafka.admin.ConsumerGroupCommand' : 'org.apache.kafka.tools.consumer.group.ConsumerGroupCommand';
  return runTool(name, args, { timeoutMs: 120_000, ...(version === undefined ? {} : { version }) });
}

/** The rows of its output; names in tests have no blanks. */
export function parseDescribe(stdout: string): DescribeRow[] {
  return stdout
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter((cells) => cells.length === 9 && cells[0] !== 'GROUP' && /^(\d+|-)$/.test(cells[2]!))
    .map(([group, topic, partition, current, end, lag, member, host, client]) => ({
      group: group!,
      topic: topic!,
      partition: partition!,
      current: current!,
      end: end!,
      lag: lag!,
      member: member!,
      host: host!,
      client: client!,
    }));
}

/** The same lines from a snapshot. */
export function rowsOf(snapshot: Snapshot): DescribeRow[] {
  const rows: DescribeRow[] = [];
  for (const group of snapshot.groups.values()) {
    if (group.type === 'share' || group.type === 'streams') continue;
    for (const at of group.partitions) {
      const offsets = snapshot.offsets.get(at.topic)?.get(at.partition);
      const { lag } = lagOf(at.commit, offsets, snapshot.topics.get(at.topic), at.partition);
      const member = group.members.find(({ id }) => id === at.owner);
      const commit = 'value' in at.commit ? at.commit.value : undefined;
      rows.push({
        group: group.id,
        topic: at.topic,
        partition: String(at.partition),
        current: String(commit?.offset ?? '-'),
        end: offsets !== undefined && 'value' in offsets.end ? String(offsets.end.value) : '-',
        lag: String(lag ?? '-'),
        member: member?.id ?? '-',
        host: member?.host ?? '-',
        client: member?.clientId ?? '-',
      });
    }
  }
  return rows;
}

/** In one order, so that both sides can be compared. */
export function sortRows(rows: readonly DescribeRow[]): DescribeRow[] {
  const key = (row: DescribeRow): string => `${row.group} ${row.topic} ${row.partition.padStart(10)}`;
  return [...rows].sort((a, b) => (key(a) < key(b) ? -1 : 1));
}
