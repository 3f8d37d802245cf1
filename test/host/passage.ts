import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** A door in front of a broker's listener, that knows when somebody last asked something through it. */
export class Passage {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #asked = 0;
  #lastAt = performance.now();

  private constructor(server: Server) {
    this.#server = server;
  }

  /** Listens on 127.0.0.1 at a free port. `through`: where it leads, asked for with each connection. */
  static async open(through: () => number): Promise<Passage> {
    const server = createServer();
    const passage = new Passage(server);
    server.on('connection', (near) => {
      const far = connect(through(), '127.0.0.1');
      for (const [socket, other] of [
        [near, far],
        [far, near],
      ] as const) {
        passage.#sockets.add(socket);
        socket.on('error', () => undefined);
        socket.on('close', () => {
          passage.#sockets.delete(socket);
          other.destroy();
        });
      }
      near.on('data', () => {
        passage.#asked++;
        passage.#lastAt = performance.now();
      });
      near.pipe(far);
      far.pipe(near);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return passage;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** How often something was sent to the broker. */
  get asked(): number {
    return this.#asked;
  }

  /** For how long nothing was sent, in ms. */
  get quietFor(): number {
    return performance.now() - this.#lastAt;
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
