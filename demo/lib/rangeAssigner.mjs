import { AssignerProtocol } from 'kafkajs';

/**
 * Kafka's range assignor, which kafkajs lacks: topic by topic, each member in order gets a run of partitions, and the first ones
 * get one more where they cannot be shared evenly (org.apache.kafka.clients.consumer.RangeAssignor).
 */
export const rangeAssigner = ({ cluster }) => ({
  name: 'range',
  version: 0,

  async assign({ members, topics }) {
    const ids = members.map(({ memberId }) => memberId).sort();
    const assignments = new Map(ids.map((id) => [id, {}]));
    for (const topic of topics) {
      const partitions = cluster.findTopicPartitionMetadata(topic).map(({ partitionId }) => partitionId);
      partitions.sort((a, b) => a - b);
      const share = Math.floor(partitions.length / ids.length);
      const oneMore = partitions.length % ids.length;
      ids.forEach((id, i) => {
        const own = partitions.splice(0, share + (i < oneMore ? 1 : 0));
        if (own.length > 0) assignments.get(id)[topic] = own;
      });
    }
    return ids.map((memberId) => ({
      memberId,
      memberAssignment: AssignerProtocol.MemberAssignment.encode({ version: 0, assignment: assignments.get(memberId) }),
    }));
  },

  protocol({ topics }) {
    return {
      name: 'range',
      metadata: AssignerProtocol.MemberMetadata.encode({ version: 0, topics, userData: Buffer.alloc(0) }),
    };
  },
});
