import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { describe, it } from 'node:test';
import { promisify } from 'node:util';

const at = Date.UTC(2026, 10, 28, 16, 30, 53, 342);

/** What a machine in that zone shows. */
async function inZone(zone: string, ...times: number[]): Promise<string[]> {
  const module = new URL('../../src/shared/times.ts', import.meta.url).href;
  const program = `const { localTime, timeWords } = await import(${JSON.stringify(module)});
    console.log(JSON.stringify(${JSON.stringify(times)}.flatMap((at) => [localTime(at), timeWords(at)])))`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', program], {
    env: { ...process.env, TZ: zone },
  });
  return JSON.parse(stdout) as string[];
}

describe('times for people', () => {
  it('are local, and say which zone that is', async () => {
    const words = /^(2026-11-\d\d )?/;
    const [exact, spoken] = await inZone('Asia/Kolkata', at);
    assert.equal(exact, '2026-11-28T22:00:53.342+05:30');
    assert.equal(spoken!.replace(words, ''), '22:00:53');
    assert.equal((await inZone('America/St_Johns', at))[0], '2026-11-28T13:00:53.342-03:30');
    assert.equal((await inZone('UTC', at))[0], '2026-11-28T16:30:53.342+00:00');
  });

  it('say the day where it is not today, and stay numbers where no calendar has them', async () => {
    const old = Date.UTC(1999, 11, 31, 12, 0, 7);
    assert.deepEqual(await inZone('UTC', old, 9e15), [
      '1999-12-31T12:00:07.000+00:00',
      '1999-12-31 12:00:07',
      '9000000000000000 ms',
      '9000000000000000',
    ]);
  });
});
