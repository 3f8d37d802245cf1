import assert from 'node:assert/strict';
import { mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';
import { linesAround } from '../../src/history/logs/linesAround.ts';
import { isPacked, readLogFile } from '../../src/history/logs/openLogFile.ts';
import { readLog, type LogReading, type ReadLogOptions } from '../../src/history/logs/readLog.ts';
import { CancelledError, HumanError } from '../../src/shared/errors.ts';

const noise = 'INFO [Log partition=orders-0] Rolled new log segment: für Grüße at offset 5 (kafka.log.Log)';
const prepared = (group: string, generation: number, at = '2026-11-21 05:00:00,123'): string =>
  `[${at}] INFO [GroupCoordinator 1]: Preparing to rebalance group ${group} in state PreparingRebalance with old generation ${generation} (reason: test) (kafka.coordinator.group.GroupCoordinator)`;

function* piecesOf(bytes: Buffer, size: number): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function* inPieces(bytes: Buffer, size: number): AsyncGenerator<Uint8Array> {
  yield* piecesOf(bytes, size);
}

function read(text: string, size = 64, options: Partial<ReadLogOptions> = {}): Promise<LogReading> {
  return readLog(inPieces(Buffer.from(text), size), { file: 'server.log', zone: 'utc', written: 0, ...options });
}

describe('readLog', () => {
  it('gives line numbers and byte offsets, whatever the pieces are', async () => {
    const lines = [noise, prepared('a', 1), noise, '', noise, `${prepared('grün', 2)}\r`, noise, prepared('c', 3)];
    const text = lines.join('\n');
    const bytes = Buffer.from(text);
    for (const size of [1, 7, 64, 1_000, bytes.length]) {
      const { events, lines: count, bytes: total } = await read(text, size);
      assert.deepEqual([count, total], [8, bytes.length]);
      assert.deepEqual(
        events.map(({ line, group }) => [line, group]),
        [
          [2, 'a'],
          [6, 'grün'],
          [8, 'c'],
        ],
      );
      for (const event of events) {
        assert.equal(bytes.toString('utf8', event.byteOffset).split(/\r?\n/, 1)[0], event.text);
        assert.equal(event.text, lines[event.line - 1]!.trimEnd());
      }
    }
  });

  it('goes on behind a line that has no end for megabytes', async () => {
    const endless = `${noise}${'x'.repeat(3 << 20)}`;
    const { events, lines } = await read([prepared('a', 1), endless, prepared('b', 2), ''].join('\n'), 100_000);
    assert.deepEqual(
      [lines, events.map(({ line, group }) => [line, group])],
      [
        3,
        [
          [1, 'a'],
          [3, 'b'],
        ],
      ],
    );
    const [, second] = events;
    assert.equal(second?.byteOffset, Buffer.byteLength(`${prepared('a', 1)}\n${endless}\n`));
  });

  it('keeps the last events where there are too many, and counts the others', async () => {
    const text = Array.from({ length: 25 }, (_, index) => prepared('g', index)).join('\n');
    const { events, dropped } = await read(text, 500, { maxEvents: 10 });
    assert.deepEqual(
      [dropped, events.map(({ generation }) => generation)],
      [15, [15, 16, 17, 18, 19, 20, 21, 22, 23, 24]],
    );
  });

  it('takes times without a zone as it is told to, and says so', async () => {
    const line = prepared('g', 1);
    const at = async (zone: 'utc' | number): Promise<string> => {
      const { events } = await read(line, 64, { zone });
      assert.equal(events[0]?.isZoneAssumed, true);
      return new Date(events[0].at).toISOString();
    };
    assert.equal(await at('utc'), '2026-11-21T05:00:00.123Z');
    assert.equal(await at(-330), '2026-11-21T10:30:00.123Z');
    const { events } = await read(`2026-11-21T05:00:00.5+0200 ${line.slice(line.indexOf('INFO'))}`);
    assert.deepEqual(
      [events[0]?.isZoneAssumed, new Date(events[0]!.at).toISOString()],
      [false, '2026-11-21T03:00:00.500Z'],
    );
  });

  it('finds the days of times that have none, backwards from when the file was written', async () => {
    const bare = (time: string): string =>
      `${time} [main] INFO o.a.k.c.c.i.ConsumerCoordinator -- [Consumer clientId=c, groupId=g] (Re-)joining group`;
    const text = ['23:59:59.100', '00:00:01.200', '12:00:00.000', '23:00:00.000', '01:00:00.000'].map(bare).join('\n');
    const days = async (written: string): Promise<string[]> => {
      const { events } = await read(text, 64, { written: Date.parse(written) });
      return events.map(({ at }) => new Date(at).toISOString());
    };
    assert.deepEqual(await days('2026-11-21T01:00:05Z'), [
      '2026-11-19T23:59:59.100Z',
      '2026-11-20T00:00:01.200Z',
      '2026-11-20T12:00:00.000Z',
      '2026-11-20T23:00:00.000Z',
      '2026-11-21T01:00:00.000Z',
    ]);
  });

  it('takes the time of the line before, where java.util.logging has written it', async () => {
    const text = [
      'Nov 21, 2026 12:00:05 AM org.apache.kafka.clients.consumer.internals.ConsumerCoordinator onJoinPrepare',
      'INFO: [Consumer clientId=c, groupId=g] (Re-)joining group',
      'Nov 21, 2026 1:00:07 PM org.apache.kafka.clients.consumer.internals.ConsumerCoordinator onJoinPrepare',
      'INFO: [Consumer clientId=c, groupId=g] (Re-)joining group',
    ].join('\n');
    for (const size of [1, 7, 64, 10_000]) {
      const { events } = await read(text, size);
      const times = events.map(({ at }) => new Date(at).toISOString());
      assert.deepEqual(times, ['2026-11-21T00:00:05.000Z', '2026-11-21T13:00:07.000Z']);
    }
  });

  it('takes the year of times that have none from when the file was written', async () => {
    const line = (time: string): string => `${time} host app[1]: [Consumer clientId=c, groupId=g] (Re-)joining group`;
    const { events } = await read([line('Dec 31 23:59:59'), line('Jan  1 00:00:01')].join('\n'), 64, {
      written: Date.parse('2027-01-01T00:00:02Z'),
    });
    const times = events.map(({ at }) => new Date(at).toISOString());
    assert.deepEqual(times, ['2026-12-31T23:59:59.000Z', '2027-01-01T00:00:01.000Z']);
  });

  it('gives lines that name only the client the group and member of its other lines', async () => {
    const { events } = await read(
      [
        '%7|1795244994.000|JOINGROUP|a#consumer-1| [thrd:main]: JoinGroup response: GenerationId 1, Protocol range, LeaderId a-1 (me), my MemberId a-1, member metadata count 1: (no error)',
        '%7|1795244994.001|ASSIGN|a#consumer-1| [thrd:main]: Group "g": delegating assign of 6 partition(s) to application on queue x: new assignment',
        '%4|1795244999.000|MAXPOLL|a#consumer-1| [thrd:main]: Application maximum poll interval (5ms) exceeded by 1ms: leaving group',
        '%4|1795244999.000|MAXPOLL|b#consumer-2| [thrd:main]: Application maximum poll interval (5ms) exceeded by 1ms: leaving group',
      ].join('\n'),
    );
    assert.deepEqual(
      events.map(({ group, member }) => [group, member]),
      [
        ['g', 'a-1'],
        ['g', 'a-1'],
        ['g', 'a-1'],
        [undefined, undefined],
      ],
    );
  });
});

describe('readLogFile', () => {
  let folder = '';
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'logs-'));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  it('reads plain, gzip and UTF-16 files', async () => {
    const text = `${noise}\n${prepared('grün', 7)}\n${noise}\n`;
    const files: [string, Buffer][] = [
      ['plain.log', Buffer.from(text)],
      ['packed.log.gz', gzipSync(text)],
      ['powershell.log', Buffer.from(`\ufeff${text}`, 'utf16le')],
    ];
    for (const [name, bytes] of files) {
      const file = join(folder, name);
      await writeFile(file, bytes);
      await utimes(file, 1, 1);
      const seen: number[] = [];
      const { events, lines } = await readLogFile(file, { zone: 'utc', progress: (done) => seen.push(done) });
      assert.deepEqual([lines, events.map((event) => [event.line, event.group, event.file])], [3, [[2, 'grün', file]]]);
      assert.equal(seen.at(-1), bytes.length);
    }
  });

  it('gives the lines around one, unpacked', async () => {
    const lines = Array.from({ length: 2_000 }, (_, index) => `line ${index + 1} grün`);
    const file = join(folder, 'around.log.gz');
    await writeFile(file, gzipSync(lines.join('\r\n')));
    assert.ok(await isPacked(file));
    const told = async (line: number, around: number): Promise<[number, string[]]> => {
      const { from, text } = await linesAround(file, line, around);
      return [from, text.split('\n')];
    };
    assert.deepEqual(await told(3, 2), [1, lines.slice(0, 5)]);
    assert.deepEqual(await told(1_000, 1), [999, lines.slice(998, 1_001)]);
    assert.deepEqual(await told(2_000, 1), [1_999, lines.slice(1_998)]);
    assert.deepEqual(await told(1, 5_000), [1, lines]);
  });

  it('says of which file it is that cannot be read', async () => {
    const cut = join(folder, 'cut.gz');
    await writeFile(cut, gzipSync(prepared('g', 1).repeat(50)).subarray(0, 40));
    for (const file of [join(folder, 'none.log'), folder, cut]) {
      await assert.rejects(
        readLogFile(file, { zone: 'utc' }),
        (error) => error instanceof HumanError && error.message.includes(file),
      );
    }
    const empty = join(folder, 'empty.log');
    await writeFile(empty, '');
    assert.deepEqual((await readLogFile(empty, { zone: 'utc' })).events, []);
  });

  it('stops when it is cancelled', async () => {
    const file = join(folder, 'large.log');
    await writeFile(file, `${noise}\n`.repeat(50_000));
    const cancel = new AbortController();
    const reading = readLogFile(file, { zone: 'utc', signal: cancel.signal, progress: () => cancel.abort() });
    await assert.rejects(reading, CancelledError);
  });
});
