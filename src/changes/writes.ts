import type { Target } from '../groups/plan/plan.ts';
import type { GroupType } from '../groups/snapshot.ts';
import type { Cluster } from '../kafka/cluster.ts';
import { byTopic, type Failure, type TopicPartition } from '../kafka/facts.ts';
import { inTurns } from '../kafka/fanOut.ts';
import { errorCode } from '../kafka/protocol/errorCodes.ts';
import { alterShareGroupOffsets } from '../kafka/protocol/generated/alterShareGroupOffsets.ts';
import { deleteShareGroupOffsets } from '../kafka/protocol/generated/deleteShareGroupOffsets.ts';
import { offsetCommit } from '../kafka/protocol/generated/offsetCommit.ts';
import { offsetDelete } from '../kafka/protocol/generated/offsetDelete.ts';
import { refusal } from './refusals.ts';
import { sendOnce, type Sent } from './sendOnce.ts';

/** One partition and what it shall have. */
export interface Write extends TopicPartition {
  readonly after: Target;
}

/** What became of sending a write; `accepted` is the broker's word, which is still to be verified. */
export type Reply =
  { readonly kind: 'accepted' } | { readonly kind: 'refused' | 'unsent' | 'unknown'; readonly failure: Failure };

/** Codes after which the write may still have been, or may yet be, done: the coordinator waited in vain for its replicas. */
const uncertain: ReadonlySet<number> = new Set([
  errorCode.COORDINATOR_NOT_AVAILABLE,
  errorCode.REQUEST_TIMED_OUT,
  errorCode.UNKNOWN_SERVER_ERROR,
  errorCode.NETWORK_EXCEPTION,
]);

/**
 * Writes of one request become one batch of __consumer_offsets, whose size is limited to its `max.message.bytes` (1 MB by default);
 * this is half of it.
 */
const batchBytes = 500_000;
/** Requests under way at once. */
const width = 4;

/**
 * Commits, or deletes, offsets as one who is no member (generation -1, no member id), as Kafka's tool does: nobody joins the group.
 * Rows that share a batch share its fate.
 */
export async function sendWrites(
  cluster: Cluster,
  group: string,
  type: GroupType | undefined,
  writes: readonly Write[],
): Promise<Map<Write, Reply>> {
  const deletes = writes.filter(({ after }) => after.kind === 'delete');
  const commits = writes.filter(({ after }) => after.kind === 'commit');
  const replies = new Map<Write, Reply>();
  const send = type === 'share' ? shareCalls : consumerCalls;
  const calls = [
    ...batchesOf(group, commits).map((batch) => [batch, send.commit] as const),
    ...(deletes.length === 0 ? [] : [[deletes, send.delete] as const]),
  ];
  await inTurns(calls, width, async ([batch, call]) => {
    const sent = await call(cluster, group, batch);
    for (const write of batch) replies.set(write, replyOf(sent, group, write));
  });
  return replies;
}

interface Code {
  readonly code: number;
  readonly message?: string | null;
}
/** topic -> partition -> what the coordinator says of it. */
type Codes = Map<string, Map<number, Code>>;
type Call = (cluster: Cluster, group: string, writes: readonly Write[]) => Promise<Sent<Codes>>;

const consumerCalls: Record<'commit' | 'delete', Call> = {
  commit: (cluster, group, writes) =>
    sendOnce(cluster, group, {
      api: offsetCommit,
      // Version 10 names topics by id.
      maxVersion: 9,
      request: (version) => ({
        groupId: group,
        topics: Array.from(byTopic(writes), ([name, same]) => ({
          name,
          partitions: same.flatMap(({ partition, after }) =>
            after.kind === 'delete'
              ? []
              : [
                  {
                    partitionIndex: partition,
                    committedOffset: after.offset,
                    ...(version >= 6 ? { committedLeaderEpoch: after.leaderEpoch } : {}),
                    committedMetadata: after.metadata,
                  },
                ],
          ),
        })),
      }),
      read: ({ topics }) => wholeOrEach(topics),
    }),

  delete: (cluster, group, writes) =>
    sendOnce(cluster, group, {
      api: offsetDelete,
      request: () => ({
        groupId: group,
        topics: Array.from(byTopic(writes), ([name, same]) => ({
          name,
          partitions: same.map(({ partition }) => ({ partitionIndex: partition })),
        })),
      }),
      read: ({ errorCode: code, topics }) => (code === 0 ? wholeOrEach(topics) : { errorCode: code, value: new Map() }),
    }),
};

const shareCalls: Record<'commit' | 'delete', Call> = {
  commit: (cluster, group, writes) =>
    sendOnce(cluster, group, {
      api: alterShareGroupOffsets,
      request: () => ({
        groupId: group,
        topics: Array.from(byTopic(writes), ([topicName, same]) => ({
          topicName,
          partitions: same.flatMap(({ partition, after }) =>
            after.kind === 'delete' ? [] : [{ partitionIndex: partition, startOffset: after.offset }],
          ),
        })),
      }),
      read: ({ errorCode: code, errorMessage, responses }) =>
        code === 0
          ? wholeOrEach(responses.map(({ topicName, partitions }) => ({ name: topicName, partitions })))
          : { errorCode: code, errorMessage, value: new Map() },
    }),

  /** A share group's offsets go topic by topic, all partitions at once. */
  delete: (cluster, group, writes) =>
    sendOnce(cluster, group, {
      api: deleteShareGroupOffsets,
      request: () => ({ groupId: group, topics: [...byTopic(writes).keys()].map((topicName) => ({ topicName })) }),
      read: ({ errorCode: code, errorMessage, responses }) => {
        if (code !== 0) return { errorCode: code, errorMessage, value: new Map() };
        const topics = byTopic(writes);
        const value: Codes = new Map();
        for (const { topicName, errorCode: each, errorMessage: message } of responses) {
          const same = topics.get(topicName) ?? [];
          value.set(topicName, new Map(same.map(({ partition }) => [partition, { code: each, message }])));
        }
        return { errorCode: 0, value };
      },
    }),
};

/** "Not the coordinator" and "still loading" are said of each partition, and mean the whole: it is asked again elsewhere. */
function wholeOrEach(
  topics: readonly {
    readonly name: string;
    readonly partitions: readonly {
      readonly partitionIndex: number;
      readonly errorCode: number;
      readonly errorMessage?: string | null;
    }[];
  }[],
): { errorCode: number; value: Codes } {
  const value: Codes = new Map();
  let whole: number | undefined;
  for (const { name, partitions } of topics) {
    const codes = new Map<number, Code>();
    value.set(name, codes);
    for (const { partitionIndex, errorCode: code, errorMessage } of partitions) {
      codes.set(partitionIndex, { code, message: errorMessage ?? null });
      whole = whole === undefined || whole === code ? code : 0;
    }
  }
  const isElsewhere = whole === errorCode.NOT_COORDINATOR || whole === errorCode.COORDINATOR_LOAD_IN_PROGRESS;
  return { errorCode: isElsewhere ? whole! : 0, value };
}

function replyOf(sent: Sent<Codes>, group: string, write: Write): Reply {
  if (sent.kind !== 'answered') return { ...sent, failure: refusal(sent.failure, group, write) };
  const answer = sent.value.get(write.topic)?.get(write.partition);
  if (answer?.code === 0) return { kind: 'accepted' };
  const failure: Failure =
    answer === undefined
      ? { kind: 'error', message: `${write.topic}-${write.partition}: the broker's answer leaves it out.` }
      : refusal(answer, group, write);
  return { kind: answer === undefined || uncertain.has(answer.code) ? 'unknown' : 'refused', failure };
}

function batchesOf(group: string, writes: readonly Write[]): Write[][] {
  const batches: Write[][] = [];
  let size = Infinity;
  for (const write of writes) {
    const { topic, after } = write;
    const metadata = after.kind === 'commit' ? after.metadata : '';
    // Text of up to 3 bytes a letter; key and value have some 60 bytes more.
    const bytes = 60 + 3 * (group.length + topic.length + metadata.length);
    size += bytes;
    if (size > batchBytes) {
      batches.push([]);
      size = bytes;
    }
    batches.at(-1)!.push(write);
  }
  return batches;
}
