import assert from 'node:assert/strict';
import http from 'node:http';
import type net from 'node:net';
import { afterEach, describe, it } from 'node:test';
import { Cluster, type ClusterOptions } from '../../src/kafka/cluster.ts';
import { ConnectionError, UnsupportedApiError } from '../../src/kafka/errors.ts';
import { listGroups } from '../../src/kafka/protocol/generated/listGroups.ts';
import { isCancelled } from '../../src/shared/errors.ts';
import { StoppedClock } from '../support/stoppedClock.ts';
import { apiVersionsBody, serveKafka, serveRequests, TestServer } from './kafkaServer.ts';

describe('connecting to what is no plain Kafka broker', () => {
  const open: { stop(): void }[] = [];
  afterEach(() => {
    for (const each of open.splice(0)) each.stop();
  });

  async function serve(...args: Parameters<typeof TestServer.start>): Promise<TestServer> {
    const server = await TestServer.start(...args);
    open.push(server);
    return server;
  }

  /** An address where nothing listens. */
  async function closedPort(): Promise<string> {
    const server = await TestServer.start(() => {});
    const { text } = server;
    server.stop();
    return text;
  }

  /** Connects, and checks that it fails for that reason and says what to do. */
  async function fails(
    servers: string | string[],
    kind: string,
    message: RegExp,
    options: Partial<ClusterOptions> = {},
    signal?: AbortSignal,
  ): Promise<ConnectionError> {
    const bootstrapServers = [servers].flat();
    const error: unknown = await Cluster.connect({ bootstrapServers, ...options }, signal).then(
      (cluster) => {
        cluster.close();
        assert.fail('connected');
      },
      (error: unknown) => error,
    );
    assert.ok(error instanceof ConnectionError, String(error));
    assert.equal(error.kind, kind, error.message);
    assert.match(error.message, message);
    assert.ok(error.advice, 'has a next step');
    assert.ok(error.message.includes(error.advice));
    return error;
  }

  /** By a clock of its own, which a busy machine does not drive on. */
  async function within<T>(ms: number, work: () => Promise<T>): Promise<T> {
    const clock = new StoppedClock();
    try {
      return await Promise.race([work(), clock.pass(ms).then(() => assert.fail(`It takes longer than ${ms} ms.`))]);
    } finally {
      clock.release();
    }
  }

  it('an unknown host', async () => {
    await fails('no-such-host.invalid:9092', 'unknown-host', /host of no-such-host\.invalid:9092 cannot be found/);
  });

  it('a closed port', async () => {
    const address = await closedPort();
    await fails(address, 'refused', new RegExp(`Nothing listens at ${address}`));
  });

  it('a port that lets connections hang', async () => {
    // 192.0.2.0/24 (TEST-NET-1) is routed nowhere; some networks say so at once.
    const error = await Cluster.connect({ bootstrapServers: ['192.0.2.1:9092'], connectTimeoutMs: 300 }).then(
      () => undefined,
      (error: unknown) => error,
    );
    assert.ok(error instanceof ConnectionError);
    assert.ok(['timeout', 'no-route', 'refused'].includes(error.kind), error.message);
  });

  it('an HTTP server', async () => {
    const server = http.createServer((_, response) => response.end('hello'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    open.push({ stop: () => (server.closeAllConnections(), server.close()) });
    const { port } = server.address() as net.AddressInfo;
    await fails(`127.0.0.1:${port}`, 'not-kafka', /speaks HTTP/);
  });

  it('a server that greets first', async () => {
    const server = await serve((socket) => socket.write('SSH-2.0-OpenSSH_9.6\r\n'));
    await fails(server.text, 'not-kafka', /speaks SSH/);
  });

  it('a server that accepts and says nothing', async () => {
    const server = await serve((socket) => socket.resume());
    await within(3_000, () => fails(server.text, 'silent', /did not answer within 300 ms/, { connectTimeoutMs: 300 }));
  });

  it('a server that closes at once', async () => {
    const server = await serve((socket) => socket.destroy());
    await fails(server.text, 'not-kafka', /closed it at once/);
  });

  it('a server that closes after the first bytes', async () => {
    const server = await serve((socket) => socket.once('data', () => socket.end()));
    await fails(server.text, 'not-kafka', /closed it at once/);
  });

  it('a server that answers frames of something else', async () => {
    const server = await serve((socket) => serveRequests(socket, ({ reply }) => reply(Buffer.from('00004321', 'hex'))));
    await fails(server.text, 'not-kafka', /its answer cannot be read/);
  });

  it('a TLS port', async () => {
    const server = await serve(() => {}, {});
    await within(10_000, () => fails(server.text, 'tls-expected', /speaks TLS, but was spoken to in plain text/));
  });

  it('a TLS port of a server that only hangs up at plain text', async () => {
    // Tells a TLS handshake (record type 22) by its first byte, and answers it with an alert.
    const server = await serve((socket) =>
      socket.once('data', (bytes: Buffer) => {
        if (bytes[0] === 22) socket.end(Buffer.from('15030300020228', 'hex'));
        else socket.destroy();
      }),
    );
    await within(10_000, () => fails(server.text, 'tls-expected', /speaks TLS/));
  });

  it('a TLS port of a server that waits for more at plain text', async () => {
    const server = await serve((socket) =>
      socket.once('data', (bytes: Buffer) => {
        if (bytes[0] === 22) socket.end(Buffer.from('15030300020228', 'hex'));
      }),
    );
    await within(1_000, () => fails(server.text, 'tls-expected', /speaks TLS/, { connectTimeoutMs: 1_000 }));
  });

  it('a broker that is too old', async () => {
    const server = await serve((socket) =>
      serveRequests(socket, ({ version, reply }) =>
        reply(apiVersionsBody(version, [{ apiKey: 3, minVersion: 0, maxVersion: 2 }])),
      ),
    );
    await assert.rejects(
      Cluster.connect({ bootstrapServers: [server.text] }),
      (error) =>
        error instanceof UnsupportedApiError && /Metadata in versions 0 to 2; .* 2\.8 or newer/.test(error.message),
    );
  });

  it('a plain port spoken to in TLS', async () => {
    // Like a broker, it takes the handshake for a frame too large and hangs up.
    const hangsUp = await serve((socket) => socket.once('data', () => socket.destroy()));
    await fails(hangsUp.text, 'no-tls', /does not speak TLS/, { tls: {} });
    const speaksHttp = await serve((socket) =>
      socket.once('data', () => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')),
    );
    await fails(speaksHttp.text, 'no-tls', /does not speak TLS/, { tls: {} });
  });

  it('a listener that wants a login', async () => {
    const server = await serve((socket) =>
      serveRequests(socket, ({ key, version, reply }) => {
        if (key === 18) reply(apiVersionsBody(version, [{ apiKey: 3, minVersion: 0, maxVersion: 12 }]));
        else socket.destroy();
      }),
    );
    await fails(server.text, 'sasl-expected', /wants a login \(SASL\)/);
  });

  it('a controller', async () => {
    const server = await serve((socket) =>
      serveRequests(socket, ({ version, reply }) =>
        reply(apiVersionsBody(version, [{ apiKey: 18, minVersion: 0, maxVersion: 4 }])),
      ),
    );
    await fails(server.text, 'not-kafka', /is a Kafka controller/);
  });

  it('advertised addresses that cannot be reached', async () => {
    const closed = await closedPort();
    const brokers = [
      { nodeId: 1, host: '127.0.0.1', port: Number(closed.split(':')[1]), rack: null },
      { nodeId: 2, host: 'kafka-2.invalid', port: 9092, rack: null },
    ];
    const server = await serve((socket) => serveKafka(socket, () => brokers));
    const error = await fails(server.text, 'advertised', /advertised\.listeners/);
    assert.ok(error.message.startsWith(`${server.text} answered`));
    assert.ok(error.message.includes(`broker 1 at ${closed}, broker 2 at kafka-2.invalid:9092`));
  });

  it('a broker that names none, unless it was only starting', async () => {
    const idle = await serve((socket) => serveKafka(socket, () => []));
    await within(500, () => fails(idle.text, 'gone', /names no broker/, { connectTimeoutMs: 500 }));
    let asked = 0;
    const starting: TestServer = await serve((socket) =>
      serveKafka(socket, () => (asked++ === 0 ? [] : [{ nodeId: 1, rack: null, ...starting.address }])),
    );
    const cluster = await Cluster.connect({ bootstrapServers: [starting.text] });
    assert.equal(cluster.brokers().length, 1);
    cluster.close();
  });

  it('several servers, each with its reason', async () => {
    const closed = await closedPort();
    const error = await fails([closed, 'no-such-host.invalid:9092'], 'refused', /None of .* can be connected/);
    assert.match(error.message, /Nothing listens/);
    assert.match(error.message, /cannot be found/);
  });

  it('does not wait for a dead server where another answers', async () => {
    const silent = await serve((socket) => socket.resume());
    const kafka: TestServer = await serve((socket) =>
      serveKafka(socket, () => [{ nodeId: 1, rack: null, ...kafka.address }]),
    );
    const bootstrapServers = [silent.text, kafka.text];
    const cluster = await within(10_000, () => Cluster.connect({ bootstrapServers, connectTimeoutMs: 20_000 }));
    assert.deepEqual(cluster.brokers(), [{ id: 1, rack: null, ...kafka.address }]);
    cluster.close();
  });

  it('can be cancelled while it waits', async () => {
    const server = await serve((socket) => socket.resume().once('data', () => abort.abort()));
    const abort = new AbortController();
    await assert.rejects(
      Cluster.connect({ bootstrapServers: [server.text], connectTimeoutMs: 60_000 }, abort.signal),
      isCancelled,
    );
  });

  it('learns the versions of brokers that do not know the version of the question', async () => {
    const versions: number[] = [];
    const kafka: TestServer = await serve((socket) =>
      serveRequests(socket, ({ key, version, reply }) => {
        assert.equal(key, 18);
        versions.push(version);
        const apiKeys = [{ apiKey: 18, minVersion: 0, maxVersion: 2 }];
        if (version > 2) reply(apiVersionsBody(0, apiKeys, { errorCode: 35 }));
        else reply(apiVersionsBody(version, apiKeys));
      }),
    );
    // Without Metadata it goes no further, but it got there.
    await fails(kafka.text, 'not-kafka', /is a Kafka controller/);
    assert.deepEqual(versions, [3, 2]);
  });

  it('connects anew after all connections dropped, and sends once more what was lost', async () => {
    let asked = 0;
    const kafka: TestServer = await serve((socket) =>
      serveKafka(
        socket,
        () => [{ nodeId: 1, rack: null, ...kafka.address }],
        ({ reply }) => {
          asked++;
          if (asked === 2) kafka.dropConnections();
          // ListGroups 4: response header, throttle time, error, no groups, tags.
          else reply(Buffer.from('000000000000000100', 'hex'));
        },
      ),
    );
    const cluster = await Cluster.connect({ bootstrapServers: [kafka.text] });
    open.push({ stop: () => cluster.close() });
    assert.equal((await cluster.send(1, listGroups, {})).errorCode, 0);
    assert.equal((await cluster.send(1, listGroups, {})).errorCode, 0);
    assert.equal(asked, 3);
    asked = 1;
    await assert.rejects(
      cluster.send(1, listGroups, {}, { resend: false }),
      (error) => error instanceof ConnectionError,
    );
    assert.equal(asked, 2);
    kafka.dropConnections();
    assert.equal((await cluster.send('any', listGroups, {})).errorCode, 0);
  });

  it('sends nothing after it was closed', async () => {
    const kafka: TestServer = await serve((socket) =>
      serveKafka(socket, () => [{ nodeId: 1, rack: null, ...kafka.address }]),
    );
    const cluster = await Cluster.connect({ bootstrapServers: [kafka.text] });
    const waiting = assert.rejects(cluster.send(1, listGroups, {}), ConnectionError);
    cluster.close();
    await waiting;
    await assert.rejects(cluster.send(1, listGroups, {}), ConnectionError);
    await assert.rejects(cluster.metadata(), ConnectionError);
  });
});
