import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { GroupHistory } from '../../src/groups/assignmentHistory.ts';
import type { LogEvent } from '../../src/history/logs/logEvent.ts';
import type { HistoryNews } from '../../src/ui/panels/assignments/services.ts';
import { LogStore, type ReadFile } from '../../src/ui/panels/logs/logStore.ts';
import { parseZone, summaryOf, zoneText } from '../../src/ui/panels/logs/summary.ts';
import { withLogs } from '../../src/ui/panels/logs/withLogs.ts';

function event(group: string, at: number, more: Partial<LogEvent> = {}): LogEvent {
  return {
    kind: 'preparing-rebalance',
    source: 'broker',
    group,
    generation: 1,
    at,
    isZoneAssumed: false,
    file: '/logs/a.log',
    line: 1,
    byteOffset: 0,
    text: 'x',
    message: 'x',
    ...more,
  };
}

function read(file: string, events: LogEvent[], more: Partial<ReadFile['reading']> = {}): ReadFile {
  return { file, zone: 'local', reading: { events, lines: 1_204, bytes: 1, dropped: 0, withoutTime: 0, ...more } };
}

const at = (time: number): string => `t${time}`;

describe('What is said of a log that was read', () => {
  it('names groups, lines and times', () => {
    const files = [read('/logs/a.log', [event('g', 3), event('h', 1), event('g', 9)])];
    const { text, groups } = summaryOf(files, at);
    assert.equal(text, 'a.log: 3 lines of 2 groups between t1 and t9.');
    assert.deepEqual(groups, ['g', 'h']);
    assert.equal(summaryOf([read('C:\\logs\\b.log', [event('g', 3)])], at).text, 'b.log: 1 line of g, at t3.');
  });

  it('says what it assumed, dropped and could not place', () => {
    const files = [read('a.log', [event('g', 3, { isZoneAssumed: true })], { dropped: 12_000, withoutTime: 2 })];
    const { text, isZoneAssumed } = summaryOf(files, at);
    assert.ok(isZoneAssumed);
    assert.match(text, /taken as this machine's\. 12,000 older lines .* 2 lines have no time\.$/);
  });

  it('says what to do where nothing is known', () => {
    const { text, groups } = summaryOf([read('a\u202e.log', [])], at);
    assert.deepEqual(groups, []);
    assert.match(text, /^None of the 1,204 lines of a\\u202e\.log .*INFO/);
  });

  it('says where lines show that name no group', () => {
    const { text, groups } = summaryOf([read('a.log', [event('g', 1, { group: undefined })])], at);
    assert.deepEqual(groups, []);
    assert.match(text, /^a\.log: 1 lines of clients between t1 and t1\. None names its group: .* of that client id/);
  });

  it('takes offsets as people write them', () => {
    const rows: [string, number | undefined][] = [
      ['+02:00', 120],
      ['-0530', -330],
      ['UTC+1', 60],
      ['Z', 0],
      ['utc', 0],
      ['+15', undefined],
      ['', undefined],
      ['CET', undefined],
      ['+1:75', undefined],
    ];
    for (const [text, minutes] of rows) assert.equal(parseZone(text), minutes, text);
    assert.deepEqual([zoneText(-330), zoneText(60), zoneText('utc')], ['UTC-05:30', 'UTC+01:00', 'UTC']);
  });
});

describe('withLogs', () => {
  const plain: GroupHistory = {
    group: 'g',
    type: 'classic',
    from: 0,
    to: 10,
    sources: ['topic'],
    lacks: [],
    members: [],
    epochs: [],
    spans: [],
    rebalances: [],
    findings: [],
  };

  it('lays logs on histories that are on show, whichever came first, until nobody looks', () => {
    const store = new LogStore((error) => assert.fail(String(error)));
    let follower: ((news: HistoryNews) => void) | undefined;
    let disposed = 0;
    const follow = withLogs((_cluster, _group, tell) => {
      follower = tell;
      return { dispose: () => (disposed += 1) };
    }, store);
    const told: HistoryNews[] = [];
    const following = follow('local', 'g', (news) => told.push(news));
    follower?.({ progress: { done: 1 } });
    store.add('local', [
      read('/logs/a.log', [event('g', 5, { reason: 'Adding new member m with group instance id None' })]),
    ]);
    assert.equal(told.length, 1);
    assert.equal(told[0]?.history, undefined);
    follower?.({ history: plain, progress: { done: 2 } });
    assert.deepEqual([told.at(-1)?.history?.rebalances.length, told.at(-1)?.progress], [1, { done: 2 }]);
    store.add('other', []);
    assert.equal(told.length, 2);
    // Read again, it replaces what it was.
    store.add('local', [read('/logs/a.log', [])]);
    assert.deepEqual(
      [told.length, told.at(-1)?.history?.rebalances.length, told.at(-1)?.progress],
      [3, 0, { done: 2 }],
    );
    following?.dispose();
    store.add('local', []);
    assert.deepEqual([told.length, disposed], [3, 1]);
  });

  it('follows nothing where there is nothing to follow', () => {
    const store = new LogStore(() => undefined);
    assert.equal(
      withLogs(() => undefined, store)('local', 'g', () => undefined),
      undefined,
    );
  });
});
