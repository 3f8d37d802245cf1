import { once } from 'node:events';
import net from 'node:net';
import { freePort } from '../../tools/ports.ts';

/**
 * What happens to the next request of some kind: it does not arrive, half of it does, or it arrives and its answer does not. Each
 * ends the connection.
 */
export type Fault = 'cut-before' | 'cut-half' | 'cut-after';

/** Stands between clients and one broker, and breaks connections when told to. */
export class FaultyProxy {
  readonly port: number;
  readonly #target: number;
  readonly #server: net.Server;
  readonly #sockets = new Set<net.Socket>();
  #armed: { readonly fault: Fault; readonly apiKeys: ReadonlySet<number> } | undefined;

  static async start(target: number): Promise<FaultyProxy> {
    const proxy = new FaultyProxy(await freePort(), target);
    proxy.#server.listen(proxy.port, '127.0.0.1');
    await once(proxy.#server, 'listening');
    return proxy;
  }

  private constructor(port: number, target: number) {
    this.port = port;
    this.#target = target;
    this.#server = net.createServer((client) => this.#serve(client));
  }

  /** The next request with one of these API keys meets the fault. */
  arm(fault: Fault | undefined, apiKeys: readonly number[]): void {
    this.#armed = fault === undefined ? undefined : { fault, apiKeys: new Set(apiKeys) };
  }

  cutAll(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  stop(): void {
    this.#server.close();
    this.cutAll();
  }

  #serve(client: net.Socket): void {
    const broker = net.connect(this.#target, '127.0.0.1');
    let isMute = false;
    const end = (): void => {
      client.destroy();
      broker.destroy();
    };
    for (const socket of [client, broker]) {
      this.#sockets.add(socket);
      socket.on('error', end);
      socket.on('close', () => {
        this.#sockets.delete(socket);
        end();
      });
    }
    broker.on('data', (chunk: Buffer) => (isMute ? end() : client.write(chunk)));
    let rest = Buffer.alloc(0);
    client.on('data', (chunk: Buffer) => {
      rest = Buffer.concat([rest, chunk]);
      while (rest.length >= 6 && rest.length >= 4 + rest.readInt32BE(0)) {
        const frame = rest.subarray(0, 4 + rest.readInt32BE(0));
        rest = rest.subarray(frame.length);
        const armed = this.#armed;
        if (armed?.apiKeys.has(frame.readInt16BE(4)) !== true) {
          broker.write(frame);
          continue;
        }
        this.#armed = undefined;
        if (armed.fault === 'cut-before') return end();
        if (armed.fault === 'cut-half') return void broker.write(frame.subarray(0, frame.length >> 1), end);
        isMute = true;
        broker.write(frame);
      }
    });
  }
}
