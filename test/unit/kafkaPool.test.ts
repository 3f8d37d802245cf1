import assert from 'node:assert/strict';
import type net from 'node:net';
import { afterEach, describe, it, mock } from 'node:test';
import { Connection } from '../../src/kafka/connection.ts';
import { ConnectionError } from '../../src/kafka/errors.ts';
import { Pool } from '../../src/kafka/pool.ts';
import { isCancelled } from '../../src/shared/errors.ts';
import { until } from '../support/until.ts';
import { serveKafka, TestServer } from './kafkaServer.ts';

const wait = { timeoutMs: 10_000, signal: undefined };

describe('Pool', () => {
  const open: { stop(): void }[] = [];
  afterEach(() => {
    for (const each of open.splice(0)) each.stop();
  });

  async function start(serve: (socket: net.Socket) => void): Promise<[TestServer, Pool, () => number]> {
    const server = await TestServer.start(serve);
    let opened = 0;
    const pool = new Pool((address, connectTimeoutMs, signal) => {
      opened++;
      const options = { address, where: server.text, clientId: 'test', connectTimeoutMs, requestTimeoutMs: 10_000 };
      return Connection.open(options, signal);
    });
    open.push(server, { stop: () => pool.close() });
    return [server, pool, () => opened];
  }

  const broker = (socket: net.Socket): void => serveKafka(socket, () => []);

  it('has one connection for each address and purpose', async () => {
    const [server, pool, opened] = await start(broker);
    const [a, b] = await Promise.all([pool.get(server.address, 'main', wait), pool.get(server.address, 'main', wait)]);
    assert.equal(a, b);
    assert.equal(pool.peek(server.address, 'main'), a);
    assert.equal(pool.peek(server.address, 'longPoll'), undefined);
    assert.notEqual(await pool.get(server.address, 'longPoll', wait), a);
    assert.equal(opened(), 2);
  });

  it('opens a new one when the old one broke', async () => {
    const [server, pool, opened] = await start(broker);
    const first = await pool.get(server.address, 'main', wait);
    server.dropConnections();
    await until('the connection is seen to be closed', () => first.closedBy !== undefined);
    assert.equal(pool.peek(server.address, 'main'), undefined);
    assert.notEqual(await pool.get(server.address, 'main', wait), first);
    assert.equal(opened(), 2);
  });

  it('does not try a dead address again at once, but soon', async () => {
    let dead = true;
    const [server, pool, opened] = await start((socket) => (dead ? void socket.destroy() : broker(socket)));
    const get = (): Promise<Connection> => pool.get(server.address, 'main', wait);
    // The clock stands, so that the attempt took no time: then it answers for the next 100 ms.
    let now = performance.now();
    const clock = mock.method(performance, 'now', () => now);
    try {
      await assert.rejects(get(), ConnectionError);
      now += 99;
      await assert.rejects(get(), ConnectionError);
      assert.equal(opened(), 1);
      dead = false;
      now += 1;
      assert.equal((await get()).closedBy, undefined);
      assert.equal(opened(), 2);
    } finally {
      clock.mock.restore();
    }
  });

  it('leaves the attempt to others when one gives up waiting', async () => {
    const [server, pool, opened] = await start(broker);
    const abort = new AbortController();
    const impatient = pool.get(server.address, 'main', { ...wait, signal: abort.signal });
    const patient = pool.get(server.address, 'main', wait);
    abort.abort();
    await assert.rejects(impatient, isCancelled);
    assert.equal((await patient).closedBy, undefined);
    assert.equal(opened(), 1);
  });

  it('closes what is open and what is being opened', async () => {
    const [server, pool] = await start(broker);
    const first = await pool.get(server.address, 'main', wait);
    const second = assert.rejects(pool.get(server.address, 'longPoll', wait));
    pool.close();
    assert.ok(first.closedBy);
    await second;
    await assert.rejects(pool.get(server.address, 'main', wait), ConnectionError);
    await until('the server has no connection', () => server.connections === 0);
  });
});
