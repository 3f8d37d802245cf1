import { once } from 'node:events';
import net from 'node:net';
import tls from 'node:tls';
import { FrameReader } from '../../src/kafka/frames.ts';
import type { Address } from '../../src/kafka/bootstrap.ts';
import {
  encodeApiVersionsResponse,
  type ApiVersion,
  type ApiVersionsResponse,
} from '../../src/kafka/protocol/generated/apiVersions.ts';
import { encodeMetadataResponse, type MetadataResponseBroker } from '../../src/kafka/protocol/generated/metadata.ts';
import { decodeRequestHeader } from '../../src/kafka/protocol/generated/requestHeader.ts';
import { Reader } from '../../src/kafka/protocol/reader.ts';
import { Writer } from '../../src/kafka/protocol/writer.ts';

/** A TCP server on a free port that does with each connection what the test wants, and ends with it. */
export class TestServer {
  readonly #server: net.Server;
  readonly #sockets = new Set<net.Socket>();

  static async start(serve: (socket: net.Socket) => void, tlsOptions?: tls.TlsOptions): Promise<TestServer> {
    const server = tlsOptions === undefined ? net.createServer(serve) : tls.createServer(tlsOptions, serve);
    const started = new TestServer(server);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return started;
  }

  private constructor(server: net.Server) {
    this.#server = server;
    server.on('connection', (socket: net.Socket) => {
      this.#sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => this.#sockets.delete(socket));
    });
  }

  get address(): Address {
    return { host: '127.0.0.1', port: (this.#server.address() as net.AddressInfo).port };
  }

  get text(): string {
    return `127.0.0.1:${this.address.port}`;
  }

  get connections(): number {
    return this.#sockets.size;
  }

  dropConnections(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  stop(): void {
    this.#server.close();
    this.dropConnections();
  }
}

export interface Asked {
  readonly key: number;
  readonly version: number;
  readonly correlationId: number;
  /** The whole request from its header on. */
  readonly bytes: Uint8Array;
  /** Answers with what stands behind the correlation id. */
  readonly reply: (body: Uint8Array) => void;
}

/** Hands on each request that comes over the socket. */
export function serveRequests(socket: net.Socket, onRequest: (asked: Asked) => void): void {
  const frames = new FrameReader(1_000_000, 'the client');
  socket.on('data', (chunk: Buffer) =>
    frames.push(chunk, (bytes) => {
      const header = decodeRequestHeader(new Reader(bytes), 1);
      const { requestApiKey: key, requestApiVersion: version, correlationId } = header;
      onRequest({
        key,
        version,
        correlationId,
        bytes,
        reply: (body) => void socket.write(frameOf(correlationId, body)),
      });
    }),
  );
}

export function frameOf(correlationId: number, body: Uint8Array): Buffer {
  const head = Buffer.alloc(8);
  head.writeInt32BE(4 + body.length);
  head.writeInt32BE(correlationId, 4);
  return Buffer.concat([head, body]);
}

export function apiVersionsBody(
  version: number,
  apiKeys: readonly ApiVersion[],
  more: Partial<ApiVersionsResponse> = {},
): Uint8Array {
  const writer = new Writer();
  const response = {
    errorCode: 0,
    apiKeys,
    throttleTimeMs: 0,
    supportedFeatures: [],
    finalizedFeaturesEpoch: -1n,
    finalizedFeatures: [],
    zkMigrationReady: false,
    ...more,
  };
  encodeApiVersionsResponse(writer, response, version);
  return writer.finish();
}

/** Metadata 9 and later, response header included, without topics. */
export function metadataBody(version: number, brokers: readonly MetadataResponseBroker[]): Uint8Array {
  const writer = new Writer();
  writer.unsignedVarint(0);
  encodeMetadataResponse(
    writer,
    {
      throttleTimeMs: 0,
      brokers,
      clusterId: 'test',
      controllerId: brokers[0]?.nodeId ?? -1,
      topics: [],
      clusterAuthorizedOperations: -2147483648,
      errorCode: 0,
    },
    version,
  );
  return writer.finish();
}

/** What a broker does first: tells its versions, and its brokers. Other requests go to `onOther`. */
export function serveKafka(
  socket: net.Socket,
  brokers: () => readonly MetadataResponseBroker[],
  onOther: (asked: Asked) => void = () => {},
): void {
  const apiKeys = [
    { apiKey: 3, minVersion: 0, maxVersion: 12 },
    { apiKey: 16, minVersion: 0, maxVersion: 4 },
    { apiKey: 18, minVersion: 0, maxVersion: 3 },
  ];
  serveRequests(socket, (asked) => {
    if (asked.key === 18) asked.reply(apiVersionsBody(asked.version, apiKeys));
    else if (asked.key === 3) asked.reply(metadataBody(asked.version, brokers()));
    else onOther(asked);
  });
}
