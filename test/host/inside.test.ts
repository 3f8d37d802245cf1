/** Runs the tests of `inside/` in VS Code's extension host, and reports each of them as a test of its own. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { runInside } from './runInside.ts';

const results = await runInside();

describe('in the extension host', () => {
  it('ran tests', () => assert.notEqual(results.length, 0));
  for (const { name, failure } of results) {
    it(name, () => {
      if (failure !== undefined) assert.fail(failure);
    });
  }
});
