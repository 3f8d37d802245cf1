import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { HumanError } from '../../src/shared/errors.ts';
import { emptyForm, formRequest, partitionsOfText, partitionsText } from '../../src/ui/panels/reset/formRequest.ts';
import type { ResetForm } from '../../src/ui/panels/reset/protocol.ts';
import { formOf, namedTarget } from '../../src/ui/panels/reset/resetTarget.ts';
import type { ClientLanguage } from '../../src/ui/panels/reset/protocol.ts';
import { seekCode } from '../../src/ui/panels/reset/seekCode.ts';
import { languageOf } from '../../src/ui/panels/reset/seekLanguage.ts';
import { parseSeek } from '../../src/ui/panels/reset/seekText.ts';
import { planReset } from '../../src/groups/plan/planReset.ts';
import { aTopic } from '../support/snapshots.ts';
import { factsOf } from './resetFixtures.ts';

const now = Date.UTC(2026, 0, 31, 12);

function ask(form: Partial<ResetForm>, more: { isShare?: boolean } = {}): ReturnType<typeof formRequest> {
  return formRequest({ ...emptyForm, ...form }, { group: 'g', now, rows: undefined, isShare: false, ...more });
}

describe('the form of a reset', () => {
  it('asks for what was typed', () => {
    assert.deepEqual(ask({}).request, { group: 'g', scope: { kind: 'committed' }, strategy: { kind: 'earliest' } });
    assert.deepEqual(ask({ strategy: 'offset', offset: ' 9,007,199,254,740,993 ' }).request?.strategy, {
      kind: 'offset',
      offset: 9_007_199_254_740_993n,
    });
    assert.deepEqual(ask({ strategy: 'shift-by', by: '-1_000' }).request?.strategy, { kind: 'shift-by', by: -1_000n });
    assert.deepEqual(ask({ strategy: 'duration', duration: '2h' }).time, BigInt(now - 7_200_000));
    assert.deepEqual(
      ask({ strategy: 'datetime', time: '2026-01-31T10:00', zone: 'utc' }).time,
      BigInt(now - 7_200_000),
    );
    assert.deepEqual(
      ask({
        scope: 'topics',
        topics: [
          { topic: 'a', partitions: '' },
          { topic: 'b', partitions: '3, 0-1' },
        ],
      }).request?.scope,
      { kind: 'topics', topics: [{ topic: 'a' }, { topic: 'b', partitions: [0, 1, 3] }] },
    );
    assert.deepEqual(ask({ strategy: 'record', recordTopic: 'a', recordPartition: '2', recordOffset: '7' }).request, {
      group: 'g',
      scope: { kind: 'given' },
      strategy: { kind: 'record', topic: 'a', partition: 2, offset: 7n },
    });
  });

  it('asks for the commits of a time, which are still to be read, of all partitions of the log or of some', () => {
    const asked = ask({ strategy: 'as-of', time: '2026-01-31T10:00Z' });
    assert.deepEqual([asked.isAsOf, asked.time, asked.request?.scope.kind], [true, BigInt(now - 7_200_000), 'given']);
    const some = ask({
      strategy: 'as-of',
      time: 'yesterday',
      scope: 'topics',
      topics: [{ topic: 'a', partitions: '1' }],
    });
    assert.deepEqual(some.request?.scope, { kind: 'topics', topics: [{ topic: 'a', partitions: [1] }] });
    assert.deepEqual(Object.keys(ask({ strategy: 'as-of', time: 'yesterday' }, { isShare: true }).problems), ['time']);
    const clicked = namedTarget([{ cluster: 'c', group: 'g', at: now }])!;
    assert.deepEqual(formOf(clicked), { strategy: 'as-of', time: '2026-01-31T12:00:00.000Z', scope: 'committed' });
  });

  it('says beside each field what is wrong with it, and then asks for nothing', () => {
    const wrong: readonly (readonly [Partial<ResetForm>, string])[] = [
      [{ strategy: 'offset', offset: '-1' }, 'offset'],
      [{ strategy: 'offset', offset: '9223372036854775808' }, 'offset'],
      [{ strategy: 'shift-by', by: '1.5' }, 'by'],
      [{ strategy: 'skip', count: '0' }, 'count'],
      [{ strategy: 'datetime', time: '2026-02-30' }, 'time'],
      [{ strategy: 'duration', duration: 'soon' }, 'duration'],
      [{ strategy: 'file' }, 'file'],
      [{ strategy: 'group', otherGroup: 'g' }, 'otherGroup'],
      [{ strategy: 'record', recordTopic: 'a', recordPartition: '2147483648', recordOffset: '1' }, 'recordPartition'],
      [{ scope: 'topics' }, 'topics'],
      [{ scope: 'topics', topics: [{ topic: 'a', partitions: '3-1' }] }, 'topic 0'],
    ];
    for (const [form, place] of wrong) {
      const { request, problems } = ask(form);
      assert.equal(request, undefined, place);
      assert.deepEqual(Object.keys(problems), [place]);
    }
  });

  it('deletes of a share group only whole topics', () => {
    const topics = [{ topic: 'a', partitions: '1' }];
    const whole = ask({ strategy: 'delete', scope: 'topics', topics }, { isShare: true });
    assert.deepEqual(whole.request?.scope, { kind: 'topics', topics: [{ topic: 'a' }] });
    const some = ask({ strategy: 'delete', scope: 'topics', topics });
    assert.deepEqual(some.request?.scope, { kind: 'topics', topics: [{ topic: 'a', partitions: [1] }] });
  });

  it('writes and reads partitions as ranges', () => {
    assert.equal(partitionsText([4, 0, 1, 2, 7, 7]), '0-2,4,7');
    assert.deepEqual(partitionsOfText('0-2,4,7'), [0, 1, 2, 4, 7]);
    assert.equal(partitionsOfText('0-999999999'), undefined);
  });

  it('knows what rows and pages name', () => {
    const rows = [1, 0].map((partition) => ({ kind: 'partition', cluster: 'c', group: 'g', topic: 'a', partition }));
    const other = { kind: 'partition', cluster: 'c', group: 'h', topic: 'b', partition: 9 };
    assert.deepEqual(formOf(namedTarget([...rows, other])!), {
      scope: 'topics',
      topics: [{ topic: 'a', partitions: '0-1' }],
    });
    assert.equal(formOf(namedTarget([{ kind: 'group', cluster: 'c', group: 'g' }, ...rows])!), undefined);
    const partitions = [{ topic: 'a', partition: 3 }];
    assert.deepEqual(namedTarget([{ cluster: 'c', group: 'g', partitions }])?.topics, [
      { topic: 'a', partitions: '3' },
    ]);
    const record = namedTarget([{ cluster: 'c', topic: 'a', partition: 0, offset: '12' }]);
    assert.equal(record?.group, undefined);
    assert.equal(formOf(record!)?.strategy, 'record');
    assert.equal(namedTarget([undefined, { label: 'x' }]), undefined);
  });
});

describe('what is typed to seek', () => {
  it('is an offset, a way, an end, or a time', () => {
    assert.deepEqual(parseSeek('18204', now), { kind: 'offset', offset: 18_204n });
    assert.deepEqual(parseSeek('18,204', now), { kind: 'offset', offset: 18_204n });
    assert.deepEqual(parseSeek('+10', now), { kind: 'shift-by', by: 10n });
    assert.deepEqual(parseSeek('-10', now), { kind: 'shift-by', by: -10n });
    assert.deepEqual(parseSeek(' Latest ', now), { kind: 'latest' });
    assert.deepEqual(parseSeek('10 minutes ago', now), { kind: 'datetime', at: BigInt(now - 600_000) });
    assert.deepEqual(parseSeek('2026-01-31T11:00Z', now), { kind: 'datetime', at: BigInt(now - 3_600_000) });
    // As long as a time in milliseconds, but an offset all the same.
    assert.deepEqual(parseSeek('1700000000000', now), { kind: 'offset', offset: 1_700_000_000_000n });
    assert.throws(
      () => parseSeek('there', now),
      (error: unknown) => error instanceof HumanError && /18204, \+10/.test(error.message),
    );
  });
});

describe('code to seek while members run', () => {
  const plan = planReset(
    { group: 'g', scope: { kind: 'committed' }, strategy: { kind: 'offset', offset: 7n } },
    factsOf({
      topics: [aTopic('or"ders', 2)],
      commits: { 'or"ders': [1n, 2n] },
      logs: {
        'or"ders': [
          [0n, 9n],
          [0n, 9n],
        ],
      },
    }),
  );

  it('is for the library that the members ids tell', () => {
    const of = (clientId: string): string | undefined => languageOf([{ id: `${clientId}-0b1c`, clientId }]);
    assert.equal(of('consumer-billing-1'), 'java');
    assert.equal(of('rdkafka'), 'librdkafka');
    assert.equal(of('kafkajs'), 'kafkajs');
    assert.equal(of('kafka-python-2.2.15'), 'kafka-python');
    assert.equal(of('aiokafka-0.10'), 'aiokafka');
    assert.equal(of('sarama'), 'sarama');
    assert.equal(of('billing@host-7 (github.com/segmentio/kafka-go)'), 'kafka-go');
    assert.equal(of('billing'), undefined);
  });

  it('names each partition with its offset, and quotes what is hostile', () => {
    const languages: readonly ClientLanguage[] = [
      'java',
      'kafkajs',
      'confluent-js',
      'python',
      'kafka-python',
      'aiokafka',
      'go',
      'franz-go',
      'sarama',
      'kafka-go',
      'rust',
      'dotnet',
      'librdkafka',
    ];
    for (const language of languages) {
      const code = seekCode(plan, language);
      assert.ok(code.includes('"or\\"ders"'), code);
      assert.match(code, /\b7/);
    }
  });
});
