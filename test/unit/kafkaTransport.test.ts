import assert from 'node:assert/strict';
import { once } from 'node:events';
import type net from 'node:net';
import { afterEach, describe, it } from 'node:test';
import { ConnectionError, RequestTimeoutError } from '../../src/kafka/errors.ts';
import { FrameReader } from '../../src/kafka/frames.ts';
import { Transport } from '../../src/kafka/transport.ts';
import { isCancelled } from '../../src/shared/errors.ts';
import { StoppedClock } from '../support/stoppedClock.ts';
import { frameOf, serveRequests, TestServer, type Asked } from './kafkaServer.ts';

/** A request header of version 1 without client id or body. */
function request(correlationId: number): Uint8Array {
  const bytes = Buffer.alloc(14);
  bytes.writeInt32BE(10);
  bytes.writeInt16BE(16, 4);
  bytes.writeInt32BE(correlationId, 8);
  bytes.writeInt16BE(-1, 12);
  return bytes;
}

const long = { timeoutMs: 20_000, name: 'Test' };
/** As another extension that computes. */
function standStill(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

const isKind =
  (kind: string) =>
  (error: unknown): boolean =>
    error instanceof ConnectionError && error.kind === kind;

describe('Transport', () => {
  const open: { stop(): void }[] = [];
  afterEach(() => {
    for (const each of open.splice(0)) each.stop();
  });

  function stopClock(): StoppedClock {
    const clock = new StoppedClock();
    open.push({ stop: () => clock.release() });
    return clock;
  }

  async function connect(
    serve: (socket: net.Socket) => void,
    options: { silenceMs?: number; maxFrameBytes?: number } = {},
  ): Promise<Transport> {
    const server = await TestServer.start(serve);
    open.push(server);
    const transport = await Transport.open({
      address: server.address,
      where: server.text,
      connectTimeoutMs: 10_000,
      silenceMs: 20_000,
      ...options,
    });
    open.push({ stop: () => transport.close() });
    return transport;
  }

  /** A server that hands its requests to the test. */
  async function connectAsking(options?: { silenceMs?: number }): Promise<[Transport, () => Promise<Asked>]> {
    const queue: Asked[] = [];
    const waiting: ((asked: Asked) => void)[] = [];
    const transport = await connect(
      (socket) =>
        serveRequests(socket, (asked) => {
          const waiter = waiting.shift();
          if (waiter) waiter(asked);
          else queue.push(asked);
        }),
      options,
    );
    return [transport, async () => queue.shift() ?? new Promise<Asked>((resolve) => waiting.push(resolve))];
  }

  it('has many requests under way, whose answers may come in any order', async () => {
    const [transport, asked] = await connectAsking();
    const answers = [1, 2, 3].map(() => transport.exchange(request, long));
    const requests = [await asked(), await asked(), await asked()];
    for (const each of requests.reverse()) each.reply(Buffer.from(`answer ${each.correlationId}`));
    assert.deepEqual((await Promise.all(answers)).map(String), ['answer 0', 'answer 1', 'answer 2']);
  });

  it('puts together an answer that comes byte by byte, and parts two that come at once', async () => {
    const transport = await connect((socket) => {
      serveRequests(socket, ({ correlationId }) => {
        if (correlationId === 0) return;
        const bytes = Buffer.concat([frameOf(0, Buffer.from('first')), frameOf(1, Buffer.from('second'))]);
        void (async () => {
          for (const byte of bytes.subarray(0, 9)) {
            socket.write(Buffer.of(byte));
            await new Promise(setImmediate);
          }
          socket.write(bytes.subarray(9));
        })();
      });
    });
    const answers = await Promise.all([transport.exchange(request, long), transport.exchange(request, long)]);
    assert.deepEqual(answers.map(String), ['first', 'second']);
  });

  it('drops the late answer of a request that timed out, and keeps the connection', async () => {
    const [transport, asked] = await connectAsking();
    const clock = stopClock();
    const late = assert.rejects(transport.exchange(request, { timeoutMs: 20, name: 'ListGroups' }), (error: Error) => {
      assert.ok(error instanceof RequestTimeoutError);
      assert.match(error.message, /127\.0\.0\.1:\d+ did not answer ListGroups within 20 ms/);
      return true;
    });
    const lateRequest = await asked();
    await clock.pass(20);
    await late;
    const next = transport.exchange(request, long);
    const nextRequest = await asked();
    lateRequest.reply(Buffer.from('late'));
    nextRequest.reply(Buffer.from('next'));
    assert.equal(String(await next), 'next');
    assert.equal(transport.closedBy, undefined);
  });

  it('cancels one request and leaves the others alone', async () => {
    const [transport, asked] = await connectAsking();
    const abort = new AbortController();
    const cancelled = transport.exchange(request, { ...long, signal: abort.signal });
    const kept = transport.exchange(request, long);
    const [first, second] = [await asked(), await asked()];
    abort.abort();
    await assert.rejects(cancelled, isCancelled);
    first.reply(Buffer.from('not wanted'));
    second.reply(Buffer.from('wanted'));
    assert.equal(String(await kept), 'wanted');
  });

  it('sends nothing for a signal that has fired', async () => {
    const [transport, asked] = await connectAsking();
    await assert.rejects(transport.exchange(request, { ...long, signal: AbortSignal.abort() }), isCancelled);
    const next = transport.exchange(request, long);
    (await asked()).reply(Buffer.from('first on the wire'));
    assert.equal(String(await next), 'first on the wire');
  });

  it('takes a connection without any sign of life for dead', async () => {
    const [transport] = await connectAsking({ silenceMs: 50 });
    const clock = stopClock();
    const timedOut = assert.rejects(transport.exchange(request, { timeoutMs: 30, name: 'Test' }), RequestTimeoutError);
    await clock.pass(40);
    await timedOut;
    assert.equal(transport.closedBy, undefined);
    await clock.pass(10);
    assert.ok(isKind('silent')(transport.closedBy));
    await assert.rejects(transport.exchange(request, long), isKind('silent'));
  });

  it('notices silence soon after a request that had more time was answered', async () => {
    const [transport, asked] = await connectAsking({ silenceMs: 50 });
    const clock = stopClock();
    const patient = transport.exchange(request, long);
    const patientRequest = await asked();
    const brief = assert.rejects(transport.exchange(request, { timeoutMs: 100, name: 'Test' }), RequestTimeoutError);
    await clock.pass(100);
    await brief;
    patientRequest.reply(Buffer.from('answer'));
    await patient;
    assert.equal(transport.closedBy, undefined);
    await clock.pass(100);
    assert.ok(isKind('silent')(transport.closedBy));
  });

  it('gives a long poll its time', async () => {
    const [transport, asked] = await connectAsking({ silenceMs: 20 });
    const clock = stopClock();
    const poll = transport.exchange(request, long);
    const pollRequest = await asked();
    await clock.pass(200);
    pollRequest.reply(Buffer.from('polled'));
    assert.equal(String(await poll), 'polled');
  });

  it('reads what came while this process stood still, before it says that nothing came', async () => {
    const [transport, asked] = await connectAsking({ silenceMs: 300 });
    const answer = transport.exchange(request, { timeoutMs: 200, name: 'Test' });
    (await asked()).reply(Buffer.from('in time'));
    standStill(1_000);
    assert.equal(String(await answer), 'in time');
    assert.equal(transport.closedBy, undefined);
  });

  it('gives a server the time that this process lost, once', async () => {
    const [transport, asked] = await connectAsking();
    const options = { timeoutMs: 500, name: 'Test' };
    const answer = transport.exchange(request, options);
    const never = assert.rejects(transport.exchange(request, options), RequestTimeoutError);
    const first = await asked();
    standStill(1_000);
    // What a server that stood still as well needs, as when the machine slept.
    setTimeout(() => first.reply(Buffer.from('after all')), 20);
    assert.equal(String(await answer), 'after all');
    await never;
  });

  it('fails all requests when the server goes away, and those that come afterwards', async () => {
    const sockets: net.Socket[] = [];
    const transport = await connect((socket) => {
      sockets.push(socket);
      serveRequests(socket, ({ correlationId }) => {
        if (correlationId === 1) sockets[0]!.destroy();
      });
    });
    const both = await Promise.allSettled([transport.exchange(request, long), transport.exchange(request, long)]);
    for (const each of both) assert.ok(each.status === 'rejected' && isKind('closed')(each.reason));
    await assert.rejects(transport.exchange(request, long), isKind('closed'));
  });

  for (const [name, bytes, kind, message] of [
    ['a negative length', Buffer.from('ffffffff00000000', 'hex'), 'malformed', /frame of -1 bytes/],
    ['a length of zero', Buffer.from('0000000000000000', 'hex'), 'malformed', /frame of 0 bytes/],
    ['a length of two gigabytes', Buffer.from('7fffffff00000000', 'hex'), 'malformed', /frame of 2147483647 bytes/],
    ['an answer to nothing', frameOf(77, Buffer.from('x')), 'malformed', /not asked/],
    ['HTTP', Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n'), 'not-kafka', /speaks HTTP/],
    ['HTML', Buffer.from('<html><body>'), 'not-kafka', /speaks HTTP/],
    ['SSH', Buffer.from('SSH-2.0-OpenSSH_9.6\r\n'), 'not-kafka', /speaks SSH/],
    ['SMTP', Buffer.from('220 mail.example.org ESMTP\r\n'), 'not-kafka', /speaks SMTP/],
    ['some other text', Buffer.from('Welcome!\r\n\x1b[31m'), 'not-kafka', /it answers "Welcome!"/],
    ['a TLS alert', Buffer.from('15030300020250', 'hex'), 'tls-expected', /speaks TLS/],
  ] as const) {
    it(`tells ${name} from an answer`, async () => {
      const transport = await connect((socket) => socket.write(bytes));
      await assert.rejects(transport.exchange(request, long), (error: unknown) => {
        assert.ok(error instanceof ConnectionError);
        assert.equal(error.kind, kind);
        assert.match(error.message, message);
        return true;
      });
    });
  }

  it('bounds a frame', async () => {
    const transport = await connect((socket) => socket.write(Buffer.from('0000ffff', 'hex')), { maxFrameBytes: 1_000 });
    await assert.rejects(transport.exchange(request, long), isKind('malformed'));
  });

  it('closes the socket', async () => {
    const ended: Promise<unknown>[] = [];
    const transport = await connect((socket) => ended.push(once(socket.resume(), 'close')));
    const waiting = assert.rejects(transport.exchange(request, long), isKind('closed'));
    transport.close();
    await waiting;
    await Promise.all(ended);
  });
});

describe('FrameReader', () => {
  it('splits a stream anywhere', () => {
    const bodies = ['', 'a', 'bc', 'x'.repeat(1_000)];
    const stream = Buffer.concat(bodies.map((body, index) => frameOf(index, Buffer.from(body))));
    for (let size = 1; size < 40; size++) {
      const reader = new FrameReader(2_000, 'test');
      const seen: string[] = [];
      for (let at = 0; at < stream.length; at += size) {
        reader.push(stream.subarray(at, at + size), (frame) => seen.push(frame.toString('latin1', 4)));
      }
      assert.deepEqual(seen, bodies, `in pieces of ${size}`);
    }
  });
});
