import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { Connection, type ConnectionOptions } from '../../src/kafka/connection.ts';
import { ConnectionError } from '../../src/kafka/errors.ts';
import { isCancelled } from '../../src/shared/errors.ts';
import { until } from '../support/until.ts';
import { serveKafka, TestServer } from './kafkaServer.ts';

describe('logging in', () => {
  const open: { stop(): void }[] = [];
  afterEach(() => {
    for (const each of open.splice(0)) each.stop();
  });

  async function logIn(
    authenticate: ConnectionOptions['authenticate'],
    { connectTimeoutMs = 10_000, signal }: { connectTimeoutMs?: number; signal?: AbortSignal } = {},
  ): Promise<[Promise<Connection>, TestServer]> {
    const server = await TestServer.start((socket) => serveKafka(socket, () => []));
    open.push(server);
    const { address, text: where } = server;
    const options = { address, where, clientId: 'test', connectTimeoutMs, requestTimeoutMs: 10_000, authenticate };
    return [Connection.open(options, signal), server];
  }

  const never = (): Promise<void> => new Promise(() => {});

  it('ends within the time to connect, also where the hook hangs', async () => {
    const [opening, server] = await logIn(never, { connectTimeoutMs: 1_000 });
    await assert.rejects(
      opening,
      (error) =>
        error instanceof ConnectionError && error.kind === 'silent' && /login at .* in time/.test(error.message),
    );
    await until('the connection is closed', () => server.connections === 0);
  });

  it('can be cancelled while the hook hangs', async () => {
    const abort = new AbortController();
    const [opening] = await logIn(() => (abort.abort(), never()), { signal: abort.signal });
    await assert.rejects(opening, isCancelled);
  });

  it('tells why the hook failed as it said it', async () => {
    const refused = new ConnectionError('closed', 'The password is wrong.');
    const [opening, server] = await logIn(() => Promise.reject(refused));
    await assert.rejects(opening, refused);
    await until('the connection is closed', () => server.connections === 0);
  });
});
