import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { FrameReader } from '../../src/kafka/frames.ts';

/**
 * A door in front of a broker's listener that lets requests of one API through and then, as often as it was told, breaks the connection in
 * place of the answer: whoever asked cannot know whether the broker did it.
 */
export class AnswerCutter {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #left = 0;
  #cut = 0;

  private constructor(server: Server) {
    this.#server = server;
  }

  static async open(apiKey: number, through: () => number): Promise<AnswerCutter> {
    const server = createServer();
    const cutter = new AnswerCutter(server);
    server.on('connection', (near) => cutter.#serve(near, connect(through(), '127.0.0.1'), apiKey));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return cutter;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** How many answers were cut off. */
  get cut(): number {
    return this.#cut;
  }

  /** Of how many requests from now on the answers are to be cut off. */
  cutNext(count: number): void {
    this.#left = count;
    this.#cut = 0;
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #serve(near: Socket, far: Socket, apiKey: number): void {
    let waits = false;
    const frames = new FrameReader(10_000_000, 'the client');
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      this.#sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        this.#sockets.delete(socket);
        other.destroy();
      });
    }
    near.on('data', (chunk: Buffer) => {
      frames.push(chunk, (bytes) => {
        waits ||= Buffer.from(bytes).readInt16BE(0) === apiKey && this.#left > 0;
      });
      far.write(chunk);
    });
    far.on('data', (chunk) => {
      if (!waits) near.write(chunk);
      else if (!near.destroyed) {
        this.#left--;
        this.#cut++;
        near.destroy();
      }
    });
  }
}
