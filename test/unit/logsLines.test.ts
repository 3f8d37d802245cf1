import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { recognise as recogniseBy, type Recognised } from '../../src/history/logs/recognise.ts';
import { threadMs } from '../support/blocks.ts';

const scala = '(kafka.coordinator.group.GroupCoordinator)';
const java = '(org.apache.kafka.coordinator.group.GroupMetadataManager)';
const v4 = '[GroupCoordinator id=1 topic=__consumer_offsets partition=2]';

const clock = { zone: 'utc', written: Date.parse('2026-11-22T00:00:00Z') } as const;
const recognise = (line: string): Recognised | undefined => recogniseBy(line, clock);

/** What a line says, without its time and what it does not say. */
function said(line: string): Partial<Recognised> | undefined {
  const found = recognise(line);
  if (found === undefined) return undefined;
  const { time: _time, message: _message, ...facts } = found;
  return Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined));
}

describe('Lines of coordinators', () => {
  it('are read as Kafka 2.8, 3.9 and 4.3 write them', () => {
    const rows: [string, Partial<Recognised>][] = [
      [
        `[2026-11-21 07:08:29,468] INFO [GroupCoordinator 1]: Preparing to rebalance group my group in state PreparingRebalance with old generation 2 (__consumer_offsets-2) (reason: removing member billing-2-ae5a on heartbeat expiration) ${scala}`,
        {
          kind: 'preparing-rebalance',
          group: 'my group',
          generation: 2,
          reason: 'removing member billing-2-ae5a on heartbeat expiration',
        },
      ],
      [
        `[2026-11-21 07:06:50,907] INFO [GroupCoordinator 1]: Preparing to rebalance group g in state PreparingRebalance with old generation 1 (__consumer_offsets-16) (reason: Adding new member c-1 with group instance id Some(i); client reason: ) ${scala}`,
        {
          kind: 'preparing-rebalance',
          group: 'g',
          generation: 1,
          reason: 'Adding new member c-1 with group instance id Some(i); client reason: ',
        },
      ],
      [
        `[2026-11-21 07:01:08,484] INFO ${v4} Preparing to rebalance group g in state PreparingRebalance with old generation 6 (reason: explicit \`LeaveGroup\` request for (a, b) members.). ${java}`,
        {
          kind: 'preparing-rebalance',
          group: 'g',
          generation: 6,
          reason: 'explicit `LeaveGroup` request for (a, b) members.',
        },
      ],
      [
        `[2026-11-21 07:08:30,482] INFO [GroupCoordinator 1]: Stabilized group g generation 3 (__consumer_offsets-2) with 1 members ${scala}`,
        { kind: 'stabilized', group: 'g', generation: 3, members: 1 },
      ],
      [
        `[2026-11-21 07:01:08,506] INFO ${v4} Assignment received from leader c-1 for group g for generation 3. The group has 2 members, 0 of which are static. ${java}`,
        { kind: 'assignment-received', group: 'g', member: 'c-1', generation: 3, members: 2 },
      ],
      [
        `[2026-11-21 07:08:34,250] INFO [GroupCoordinator 1]: Static member Some(inst-3) of group g with unknown member id rejoins, assigning new member id inst-3-b, while old member id inst-3-a will be removed. ${scala}`,
        { kind: 'member-replaced', group: 'g', instanceId: 'inst-3', member: 'inst-3-b', replaced: 'inst-3-a' },
      ],
      [
        `[2026-11-21 07:01:11,369] INFO ${v4} Static member with groupInstanceId=inst-3 and unknown member id joins group g in Stable state. Replacing previously mapped member inst-3-a with this groupInstanceId. ${java}`,
        { kind: 'member-replaced', group: 'g', instanceId: 'inst-3', replaced: 'inst-3-a' },
      ],
      [
        `[2026-11-21 07:06:50,910] INFO [GroupCoordinator 1]: Member MemberMetadata(memberId=slow-5, groupInstanceId=None, clientId=slow, clientHost=/127.0.0.1, sessionTimeoutMs=6000, rebalanceTimeoutMs=3000, supportedProtocols=List(range, cooperative-sticky)) has left group g through explicit \`LeaveGroup\`; client reason: consumer poll timeout has expired. ${scala}`,
        { kind: 'member-left', group: 'g', member: 'slow-5', reason: 'consumer poll timeout has expired' },
      ],
      [
        `[2026-11-21 07:01:35,674] INFO ${v4} [Group g] Member c-1 has left group through explicit \`LeaveGroup\` request; client reason: the consumer is being closed ${java}`,
        { kind: 'member-left', group: 'g', member: 'c-1', reason: 'the consumer is being closed' },
      ],
      [
        `[2026-11-21 07:01:33,573] INFO ${v4} Member c-2 in group g has failed, removing it from the group. ${java}`,
        { kind: 'member-failed', group: 'g', member: 'c-2' },
      ],
      [
        `[2026-11-21 07:04:48,326] INFO ${v4} [GroupId g] Member cPD66B90QuKazkXf4rRhRw fenced from the group because the member session expired. ${java}`,
        { kind: 'member-failed', group: 'g', member: 'cPD66B90QuKazkXf4rRhRw', reason: 'the member session expired' },
      ],
      [
        `[2026-11-21 07:04:48,326] INFO ${v4} [GroupId g] Member m fenced from the group because it failed to transition from epoch 7 within 3000ms. ${java}`,
        {
          kind: 'member-fenced',
          group: 'g',
          member: 'm',
          reason: 'it failed to transition from epoch 7 within 3000ms',
        },
      ],
      [
        `[2026-11-21 07:04:48,329] INFO ${v4} [GroupId g] Bumped group epoch to 4 with metadata hash -4766702350746490634. ${java}`,
        { kind: 'epoch-bumped', group: 'g', generation: 4, reason: 'metadata hash -4766702350746490634' },
      ],
      [
        `[2026-11-21 07:05:52,800] INFO ${v4} [GroupId g] Static member with instance id inst-3 re-joins the consumer group using the consumer protocol. Created a new member oT6S to replace the existing member cf66. ${java}`,
        { kind: 'member-replaced', group: 'g', instanceId: 'inst-3', member: 'oT6S', replaced: 'cf66' },
      ],
    ];
    for (const [line, facts] of rows) {
      const expected = { ...facts, source: 'broker' };
      assert.deepEqual(said(line), 'reason' in expected && expected.reason?.endsWith(' ') ? { ...expected } : expected);
    }
  });
});

describe('Lines of clients', () => {
  const head = '[Consumer instanceId=inst-3, clientId=billing-3, groupId=billing]';
  const message = `${head} Adding newly assigned partitions: [orders-0, orders-1]`;
  const expected = {
    kind: 'assigned',
    partitions: '[orders-0, orders-1]',
    group: 'billing',
    clientId: 'billing-3',
    instanceId: 'inst-3',
    source: 'java',
  };

  it('of Java are read in the usual layouts of log4j, Logback, Spring Boot, Log4j and Logstash JSON, Docker and Kubernetes', () => {
    const logger = 'org.apache.kafka.clients.consumer.internals.ConsumerRebalanceListenerInvoker';
    const at = '2026-11-21T05:00:00.123Z';
    const layouts = [
      `[2026-11-21 05:00:00,123] INFO ${message} (${logger})`,
      `2026-11-21 05:00:00.123 [main] INFO  o.a.k.c.c.i.ConsumerRebalanceListenerInvoker -- ${message}`,
      `2026-11-21T06:00:00.123+01:00  INFO 1 --- [ntainer#0-0-C-1] k.c.c.i.ConsumerRebalanceListenerInvoker : ${message}`,
      JSON.stringify({ '@timestamp': at, '@version': '1', message, logger_name: logger, level: 'INFO' }),
      JSON.stringify({
        instant: { epochSecond: Date.parse(at) / 1000 - 0.123, nanoOfSecond: 123_000_000 },
        level: 'INFO',
        message,
      }),
      JSON.stringify({ timeMillis: Date.parse(at), thread: 'main', message }),
      JSON.stringify({
        log: `[2026-11-21 05:00:00,123] INFO ${message} (${logger})\n`,
        stream: 'stdout',
        time: '2026-11-21T05:00:00.123Z',
      }),
      JSON.stringify({
        log: JSON.stringify({ '@timestamp': at, message }),
        stream: 'stdout',
        time: '2026-11-21T05:00:00.123Z',
      }),
      `2026-11-21T05:00:00.123456789Z stdout F INFO ${message} (${logger})`,
      `orders-svc-1  | [2026-11-21 05:00:00,123] INFO ${message} (${logger})`,
      `21 Nov 2026 05:00:00,123 INFO ${message}`,
      `21-Nov-2026 05:00:00.123 INFO [main] ${logger} ${message}`,
      `10.0.0.7 [21/Nov/2026:06:00:00.123 +0100] ${message}`,
      `20261121T050000,123 [main] INFO ${logger} - ${message}`,
      `1795237200123 [main] INFO ${logger} - ${message}`,
      `[1795237200.123] INFO ${message}`,
      `Nov 21 05:00:00.123 node-1 orders[4711]: INFO ${message}`,
    ];
    for (const line of layouts) {
      assert.deepEqual(said(line), expected, line);
      assert.equal(new Date(Math.round(recognise(line)!.time!.at)).toISOString(), at, line);
    }
  });

  it('of Java say why a member joins, leaves and loses its partitions', () => {
    const kinds: [string, Partial<Recognised>][] = [
      ['(Re-)joining group', { kind: 'joining' }],
      [
        'Request joining group due to: group is already rebalancing',
        { kind: 'join-requested', reason: 'group is already rebalancing' },
      ],
      [
        "Successfully joined group with generation Generation{generationId=3, memberId='c-1', protocol='range'}",
        { kind: 'joined', generation: 3, member: 'c-1' },
      ],
      [
        'Member c-1 sending LeaveGroup request to coordinator h:1 (id: 2147483646 rack: null) due to the consumer is being closed',
        { kind: 'leave-sent', member: 'c-1', reason: 'the consumer is being closed' },
      ],
      ['Lost previously assigned partitions orders-0', { kind: 'lost', partitions: 'orders-0' }],
      [
        'Group coordinator h:1 (id: 2147483646 rack: null) is unavailable or invalid due to cause: session timed out without receiving a heartbeat response. isDisconnected: false. Rediscovery will be attempted.',
        { kind: 'session-timeout', reason: 'session timed out without receiving a heartbeat response' },
      ],
      [
        'Fetch position FetchPosition{offset=7} is out of range for partition orders-0, resetting offset',
        { kind: 'out-of-range', partitions: 'orders-0', reason: 'FetchPosition{offset=7}' },
      ],
      [
        'Member dXuz with epoch 2 transitioned from JOINING to RECONCILING.',
        { kind: 'joined', member: 'dXuz', generation: 2 },
      ],
    ];
    for (const [text, facts] of kinds) {
      assert.deepEqual(said(`[2026-11-21 05:00:00,123] INFO [Consumer clientId=c, groupId=g] ${text}`), {
        ...facts,
        group: 'g',
        clientId: 'c',
        source: 'java',
      });
    }
  });

  it('of librdkafka are read as it writes them, and as bindings hand them on', () => {
    const text =
      'Application maximum poll interval (7000ms) exceeded by 363ms (adjust max.poll.interval.ms for long-running message processing): leaving group';
    const facts = { kind: 'poll-timeout', reason: text, clientId: 'cat-slow', source: 'librdkafka' };
    const own = `%4|1795244994.081|MAXPOLL|cat-slow#consumer-1| [thrd:main]: ${text}`;
    assert.deepEqual(said(own), facts);
    assert.deepEqual(recognise(own)?.time, { at: 1_795_244_994_081, isZoneAssumed: false, hasDay: true });
    const handed = `2026-11-21 07:09:54,081 WARNING MAXPOLL [cat-slow#consumer-1] [thrd:main]: ${text}`;
    assert.deepEqual(said(handed), facts);
    assert.deepEqual(
      said(
        '%7|1795244537.631|ASSIGN|a#consumer-1| [thrd:main]: Group "g": delegating assign of 6 partition(s) to application on queue rd_kafka_cgrp_new: new assignment',
      ),
      {
        kind: 'assigned',
        group: 'g',
        partitions: '6 partition(s)',
        clientId: 'a',
        source: 'librdkafka',
      },
    );
  });

  it('of kafkajs are read as JSON, and as text with the fields behind', () => {
    const fields = { groupId: 'g', memberId: 'm', memberAssignment: { orders: [0, 2] } };
    const facts = { kind: 'assigned', group: 'g', member: 'm', partitions: '{"orders":[0,2]}', source: 'kafkajs' };
    const text = '[ConsumerGroup] Consumer has joined the group';
    assert.deepEqual(
      said(
        JSON.stringify({
          level: 'INFO',
          timestamp: '2026-11-21T07:01:37.230Z',
          logger: 'kafkajs',
          message: text,
          ...fields,
        }),
      ),
      facts,
    );
    assert.deepEqual(said(`[Nest] 7 - 2026-11-21 07:01:37 LOG ${text} ${JSON.stringify(fields)}`), facts);
  });
});

describe('Any other line', () => {
  it('says nothing', () => {
    for (const line of [
      '',
      '{}',
      '{"message":',
      '{"message":{"message":{"message":{"message":"x"}}}}',
      '[2026-11-21 05:00:00,123] INFO [GroupCoordinator 1]: Starting up. (kafka.coordinator.group.GroupCoordinator)',
      '[2026-11-21 05:00:00,123] INFO Preparing to rebalance group g in state x with old generation 1 (reason: y)',
      '[Consumer clientId=c, groupId=g] Cluster ID: x',
    ]) {
      assert.equal(recognise(line), undefined, line);
    }
  });

  it('costs little, however it is made', () => {
    const parts = [
      ' in state ',
      ' for group ',
      ' joins group ',
      ' has left group ',
      ', groupId=',
      ' with instance id ',
      '] ',
      '"',
      ': ',
    ];
    const heads = [
      `${v4} `,
      `${v4} [GroupId a`,
      `${v4} [Group a`,
      '[Consumer clientId=',
      '[Consumer clientId=c, groupId=g] ',
      '%7|1.0|A|c| Group "',
    ];
    const starts = [
      'Preparing to rebalance group ',
      'Assignment received from leader ',
      'Static member with groupInstanceId=',
      'Member ',
      '',
    ];
    const began = threadMs();
    let lines = 0;
    for (const head of heads) {
      for (const start of starts) {
        for (const part of parts) {
          recognise(`${head}${start}${part.repeat(20_000 / part.length)}`);
          lines += 1;
        }
      }
    }
    const each = (threadMs() - began) / lines;
    assert.ok(each < 20, `${each} ms a line`);
  });
});
