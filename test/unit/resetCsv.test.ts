import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { commandOf, shellQuoted } from '../../src/groups/plan/command.ts';
import { formatOffsetsCsv, parseOffsetsCsv } from '../../src/groups/plan/csv.ts';
import { planReset } from '../../src/groups/plan/planReset.ts';
import type { Scope, Strategy } from '../../src/groups/plan/plan.ts';
import { aTopic } from '../support/snapshots.ts';
import { factsOf } from './resetFixtures.ts';

describe("Kafka's CSV of offsets", () => {
  it('is read in both forms, with quotes, blanks and the line ends of Windows', () => {
    assert.deepEqual(parseOffsetsCsv('t,0,5\r\n\n"a ""b"", c", 1 ,-3\n'), [
      { group: undefined, topic: 't', partition: 0, offset: 5n },
      { group: undefined, topic: 'a "b", c', partition: 1, offset: -3n },
    ]);
    assert.deepEqual(parseOffsetsCsv('\ufeff"g 1",t,0,9223372036854775807'), [
      { group: 'g 1', topic: 't', partition: 0, offset: 2n ** 63n - 1n },
    ]);
    assert.deepEqual(parseOffsetsCsv(''), []);
  });

  it('says which line is wrong, and why', () => {
    for (const [text, message] of [
      ['topic,partition,offset', /Line 1 .*partition must be a whole number\. There is no header/],
      ['t,0,5\nt,1', /Line 2 .*expected topic,partition,offset/],
      ['t,0,5\ng,t,0,5', /Line 2/],
      ['t,0,5.5', /Line 1 .*offset must be a whole number/],
      ['t,0,9223372036854775808', /64 bits/],
      ['t,2147483648,5', /partition/],
      ['t,-1,5', /partition/],
      ['"t,0,5', /quote is not closed/],
      [',0,5', /topic is missing/],
    ] as const) {
      assert.throws(() => parseOffsetsCsv(text), message, text);
    }
  });

  it('comes back as it was written', () => {
    const rows = ['plain', 'with "quotes"', 'comma, blank', 'x'.repeat(25), 'ünï', '#hash'].map((topic, partition) => ({
      group: undefined,
      topic,
      partition,
      offset: BigInt(partition) + 2n ** 60n,
    }));
    assert.deepEqual(parseOffsetsCsv(formatOffsetsCsv(rows)), rows);
  });
});

describe('the command for a plan', () => {
  const options = { bootstrap: 'a:9092,b:9092', execute: false };
  const facts = factsOf({
    topics: [aTopic('t', 2)],
    commits: { t: [5n, undefined] },
    logs: {
      t: [
        [0n, 9n],
        [0n, 9n],
      ],
    },
  });
  const command = (strategy: Strategy, scope: Scope = { kind: 'committed' }, group = 'g'): string | undefined =>
    commandOf(planReset({ group, scope, strategy }, facts), options);

  it('names scope and strategy as the tool does', () => {
    const common = 'kafka-consumer-groups --bootstrap-server a:9092,b:9092 --group g';
    assert.equal(command({ kind: 'earliest' }), `${common} --reset-offsets --all-topics --to-earliest --dry-run`);
    const some: Scope = { kind: 'topics', topics: [{ topic: 't', partitions: [0, 1] }] };
    assert.equal(
      command({ kind: 'offset', offset: 3n }, some),
      `${common} --reset-offsets --topic t:0,1 --to-offset 3 --dry-run`,
    );
    assert.equal(command({ kind: 'delete' }), `${common} --delete-offsets --topic t:0`);
    assert.equal(
      command({ kind: 'shift-by', by: -3n }),
      `${common} --reset-offsets --all-topics --shift-by=-3 --dry-run`,
    );
  });

  it('names only what can be done, since the tool does all or nothing', () => {
    const scope: Scope = { kind: 'topics', topics: [{ topic: 't' }] };
    assert.match(command({ kind: 'shift-by', by: 1n }, scope)!, / --topic t:0 --shift-by 1 /);
  });

  it('avoids what the tool reads as something else', () => {
    assert.match(command({ kind: 'shift-by', by: 2n ** 63n - 1n })!, / --shift-by 4611686018427387904 /);
    assert.match(command({ kind: 'datetime', at: -1n })!, /^cat > offsets\.csv .*--from-file offsets\.csv/s);
    assert.match(command({ kind: 'datetime', at: 0n })!, / --to-datetime 1970-01-01T00:00:00\.000Z /);
    const positions = new Map([['t', new Map([[0, { offset: 99n, leaderEpoch: 3, metadata: 'm' }]])]]);
    const text = command({ kind: 'positions', positions, exact: true }, { kind: 'given' })!;
    assert.match(text, /^# Partitions whose offset lies outside the log.*: 1\n# Partitions with metadata.*: 1\ncat > /);
  });

  it('takes two where some offsets are set and others deleted', () => {
    const positions = new Map([
      [
        't',
        new Map([
          [0, undefined],
          [1, { offset: 4n, leaderEpoch: -1, metadata: '' }],
        ]),
      ],
    ]);
    const text = command({ kind: 'positions', positions, exact: true }, { kind: 'given' });
    assert.match(
      text!,
      /^cat > offsets\.csv <<'EOF'\nt,1,4\nEOF\n.*--from-file offsets\.csv --dry-run\n.*--delete-offsets --topic t:0$/s,
    );
  });

  it('quotes what a shell would read', () => {
    assert.equal(shellQuoted(`it's; $(rm) \`x\`\n"`), `'it'\\''s; $(rm) \`x\`\n"'`);
    assert.match(command({ kind: 'latest' }, undefined, '--help')!, / --group=--help /);
  });

  it('is not there where no tool can do it', () => {
    const share = { ...facts, type: 'share' } as const;
    const request = { group: 'g', scope: { kind: 'committed' }, strategy: { kind: 'offset', offset: 1n } } as const;
    assert.equal(commandOf(planReset(request, share), options), undefined);
    assert.match(
      commandOf(planReset({ ...request, strategy: { kind: 'latest' } }, share), options)!,
      /^kafka-share-groups /,
    );
  });
});
