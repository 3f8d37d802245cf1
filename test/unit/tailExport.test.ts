/** Exports of records, small ones and such of 50 MB: exact to the byte, in pieces, and ended when somebody wants it. */
import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { createDecoder } from '../../src/formats/createDecoder.ts';
import { JsonCheck, JsonOnOneLine } from '../../src/formats/jsonPieces.ts';
import { CancelledError } from '../../src/shared/errors.ts';
import { DecodedPresenter } from '../../src/tail/decodedPresenter.ts';
import { RecordStore } from '../../src/tail/recordStore.ts';
import { exportText } from '../../src/ui/panels/tail/exportRecords.ts';
import { streamTo } from '../../src/ui/panels/tail/streamTo.ts';
import { sliceOf } from '../support/tailSlices.ts';

const presenter = new DecodedPresenter({
  topic: 'orders',
  decoder: createDecoder(undefined),
  format: () => 'auto',
});

type Given = Parameters<typeof sliceOf>[0]['records'];

function storeOf(records: Given): RecordStore {
  const store = new RecordStore({ maxRecords: 1_000_000, maxBytes: 1 << 30 });
  store.append(sliceOf({ records }));
  return store;
}

function exportOf(
  records: Given,
  kind: 'jsonl' | 'csv',
  progress: (done: number) => void = () => {},
): AsyncGenerator<string> {
  const store = storeOf(records);
  const seqs = Array.from({ length: store.endSeq }, (_, seq) => seq);
  return exportText({ topic: 'orders', store, seqs, presenter }, kind, progress);
}

async function textOf(pieces: AsyncIterable<string>): Promise<string> {
  let text = '';
  for await (const piece of pieces) text += piece;
  return text;
}

/** The cells of the only record of a CSV file. */
function cellsOf(csv: string): string[] {
  const line = csv.slice(csv.indexOf('\r\n') + 2).replace(/\r\n$/, '');
  const cells: string[] = [];
  for (let at = 0; at <= line.length;) {
    let end = at;
    if (line[at] === '"') {
      end = at + 1;
      for (;;) {
        end = line.indexOf('"', end);
        if (line[end + 1] !== '"') break;
        end += 2;
      }
      cells.push(line.slice(at + 1, end).replaceAll('""', '"'));
      end++;
    } else {
      end = line.indexOf(',', at);
      if (end < 0) end = line.length;
      cells.push(line.slice(at, end));
    }
    at = end + 1;
  }
  return cells;
}

/** JSON of about that size, with digits that no double holds, white space, and all that strings may hold. */
function largeJson(bytes: number, space = ''): string {
  const one = `{"id":${space}9007199254740993,${space}"t":"a \\" \\\\ é 😀 \\ud83d,",${space}"n":[1.10,-0.0e+5,true,null]}`;
  return `[${Array.from({ length: Math.ceil(bytes / one.length) }, () => one).join(`,${space}`)}]`;
}

describe('an export of records', () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'export-'));
  });
  after(() => rm(folder, { recursive: true }));

  it('holds JSON of 50 MB digit by digit on one line, in pieces between which others have their turn', async () => {
    const given = largeJson(50 << 20, '\n  ');
    let largest = 0;
    let turns = 0;
    let isRunning = true;
    const turn = (): void => {
      turns++;
      if (isRunning) setImmediate(turn);
    };
    setImmediate(turn);
    const parts: string[] = [];
    for await (const piece of exportOf([{ key: 'k', value: given }], 'jsonl')) {
      largest = Math.max(largest, piece.length);
      parts.push(piece);
    }
    isRunning = false;
    assert.ok(largest < 1 << 20, `${largest} characters at once`);
    // A turn for each piece that is looked through, and more while they are written.
    assert.ok(turns > 200, `${turns} turns`);
    const line = parts.join('');
    const from = line.indexOf('"value":') + '"value":'.length;
    const value = given.replaceAll('\n  ', '');
    assert.equal(line.slice(from, from + value.length), value);
    assert.match(line.slice(from + value.length), /^,"headers":\[\],"size":\d+\}\n$/);
    assert.match(line.slice(0, from), /^\{"topic":"orders",.*,"key":"k","value":$/);
  });

  it('holds text, and bytes that are none, of any size exactly', async () => {
    // Pieces end within characters of two, three and four bytes.
    const text = `=${'é€😀"\\\n\t'.repeat(60_000)}`;
    const bytes = Buffer.alloc(700_001, Buffer.from([0xff, 0x00, 0xfe, 0x22, 0x2c]));
    for (const [value, encoding] of [
      [text, undefined],
      [bytes, 'base64'],
      [Buffer.from([0xff, 0, 0xfe, 0x22, 0x2c]), 'base64'],
      // It begins as JSON does.
      [`{"a":1} ${'x'.repeat(300_000)}`, undefined],
    ] as const) {
      const json = JSON.parse(await textOf(exportOf([{ key: value, value }], 'jsonl'))) as Record<string, string>;
      const back = (given: string): Buffer => Buffer.from(given, encoding ?? 'utf8');
      assert.ok(back(json['value']!).equals(Buffer.from(value)));
      assert.ok(back(json['key']!).equals(Buffer.from(value)));
      assert.deepEqual([json['keyEncoding'], json['valueEncoding']], [encoding, encoding]);

      const cells = cellsOf(await textOf(exportOf([{ key: value, value }], 'csv')));
      assert.equal(cells.length, 13);
      for (const cell of [cells[5]!, cells[6]!]) {
        // What a spreadsheet would take for a formula has an apostrophe before it.
        assert.ok(back(value === text ? cell.replace(/^'/, '') : cell).equals(Buffer.from(value)));
        assert.equal(cell.startsWith("'="), value === text);
      }
      assert.deepEqual(cells.slice(7, 9), [encoding ?? '', encoding ?? '']);
    }
  });

  it('holds large headers', async () => {
    const [text, bytes] = ['ü"'.repeat(100_000), Buffer.alloc(200_000, 0xfe)];
    const given = [{ key: 'k', value: 'v', headers: { text, bytes, none: null, small: 's' } }];
    const wanted = [
      { key: 'text', value: text },
      { key: 'bytes', value: { base64: bytes.toString('base64') } },
      { key: 'none', value: null },
      { key: 'small', value: 's' },
    ];
    const json = JSON.parse(await textOf(exportOf(given, 'jsonl'))) as { headers: unknown };
    assert.deepEqual(json.headers, wanted);
    assert.deepEqual(JSON.parse(cellsOf(await textOf(exportOf(given, 'csv')))[9]!), wanted);
  });

  it('has a line for each of many small ones, and says how far it is', async () => {
    const records = Array.from({ length: 5_000 }, (_, nth) => ({ key: `${nth}`, value: `{"nth":${nth}}` }));
    const told: number[] = [];
    const lines = (await textOf(exportOf(records, 'jsonl', (done) => told.push(done)))).trimEnd().split('\n');
    assert.equal(lines.length, 5_000);
    assert.equal((JSON.parse(lines[4_321]!) as { value: { nth: number } }).value.nth, 4_321);
    assert.equal(told.at(-1), 5_000);
    const csv = (await textOf(exportOf(records, 'csv'))).trimEnd().split('\r\n');
    assert.match(csv[0]!, /^topic,partition,offset,/);
    assert.match(csv[4_322]!, /,4321,"\{""nth"":4321\}",/);
  });

  it('can be ended within a record, and leaves no half of a file', async () => {
    const path = join(folder, 'ended.jsonl');
    let asked = 0;
    const pieces = exportOf([{ key: 'k', value: largeJson(20 << 20) }], 'jsonl', () => {
      if (++asked === 3) throw new CancelledError();
    });
    await assert.rejects(streamTo(path, pieces), CancelledError);
    assert.deepEqual(await readdir(folder), []);
    await assert.rejects(streamTo(join(folder, 'no', 'such'), exportOf([], 'csv')), /ENOENT/);
    await streamTo(path, exportOf([{ key: 'k', value: 'v' }], 'csv'));
    assert.match(await readFile(path, 'utf8'), /^topic,.*\r\norders,0,0,.*\r\n$/);
  });
});

describe('JSON in pieces', () => {
  const good = [
    '1', '-0', '0.5', '1e5', '-1.5E-10', '"\\u00e9\\n"', ' [ ] ', '{}', '[[],{"a":[]}]', 'true', ' null ', '""',
    '{"":{"":0}}', `${'['.repeat(5_000)}${']'.repeat(5_000)}`,
  ]; // prettier-ignore
  const bad = [
    '', ' ', '01', '-', '1.', '.5', '1e', '1e+', '+1', '1 2', '[1,]', '[,1]', '{"a":1,}', '{"a"}', '{a:1}', "'a'", '"a',
    '"\\x"', '"\\u12g4"', '"\n"', 'tru', 'truee', 'True', '[', '}', '[}', '{]', '{"a":1}}', '{"a":1} {', '[1}', 'NaN',
  ]; // prettier-ignore

  it('is told from what is none, wherever the pieces end, as JSON.parse does', () => {
    for (const [texts, valid] of [
      [good, true],
      [bad, false],
    ] as const) {
      for (const text of texts) {
        let parses = true;
        try {
          JSON.parse(text);
        } catch {
          parses = false;
        }
        assert.equal(parses, valid, text);
        const bytes = Buffer.from(text);
        for (const size of [1, 2, 7, Infinity]) {
          const check = new JsonCheck();
          let goes = true;
          for (let at = 0; goes && at < bytes.length; at += size) goes = check.take(bytes.subarray(at, at + size));
          assert.equal(goes && check.end(), valid, `${text} in pieces of ${size}`);
        }
      }
    }
  });

  it('loses its white space, but none within strings', () => {
    const text = ' { "a b\\" " : [ 1 ,\t2 ] ,\r\n "\\\\" : " \\\\\\" " } ';
    const wanted = '{"a b\\" ":[1,2],"\\\\":" \\\\\\" "}';
    for (const size of [1, 3, 100]) {
      const line = new JsonOnOneLine();
      let kept = '';
      for (let at = 0; at < text.length; at += size)
        kept += line.take(Buffer.from(text.slice(at, at + size))).toString();
      assert.equal(kept, wanted);
    }
  });
});
