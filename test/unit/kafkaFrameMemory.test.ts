import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { FrameMemory } from '../../src/kafka/frameMemory.ts';
import { until } from '../support/until.ts';

const mebibyte = 1 << 20;

describe('memory of frames', () => {
  it('gives memory again that was given back, for a frame that fits', () => {
    const memory = new FrameMemory();
    const first = memory.take(3 * mebibyte - 5);
    assert.equal(first.length, 3 * mebibyte - 5);
    memory.giveBack(first.subarray(17, 40));
    const larger = memory.take(3 * mebibyte + 1);
    assert.notEqual(larger.buffer, first.buffer);
    const second = memory.take(2 * mebibyte);
    assert.equal(second.buffer, first.buffer);
    assert.equal(second.length, 2 * mebibyte);
    assert.equal(memory.size, 0);
  });

  it('takes nothing back twice, nothing that has other owners, and no more than it may keep', () => {
    const memory = new FrameMemory(4 * mebibyte);
    const [a, b] = [memory.take(3 * mebibyte), memory.take(3 * mebibyte)];
    memory.giveBack(a);
    memory.giveBack(a.subarray(1));
    memory.giveBack(b);
    memory.giveBack(Buffer.allocUnsafe(100));
    memory.giveBack(Buffer.alloc(2 * mebibyte));
    memory.giveBack(memory.take(100));
    assert.equal(memory.size, 3 * mebibyte);
    const [c, d] = [memory.take(mebibyte), memory.take(mebibyte)];
    assert.equal(c.buffer, a.buffer);
    assert.notEqual(d.buffer, a.buffer);
  });

  it('lets go of what nobody takes', async () => {
    const memory = new FrameMemory(4 * mebibyte, 10);
    memory.giveBack(memory.take(mebibyte));
    assert.equal(memory.size, mebibyte);
    await until('it is gone', () => memory.size === 0);
  });
});
