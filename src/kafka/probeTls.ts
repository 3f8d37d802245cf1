import tls from 'node:tls';
import type { Address } from './bootstrap.ts';
import { afterWaiting } from './waiting.ts';

/**
 * Whether a port answers a TLS handshake, be it with a refusal. Nothing is sent but the handshake, and whose certificate it
 * is does not matter. False where it does not answer within `timeoutMs`, or when cancelled.
 */
export function speaksTls(
  { host, port }: Address,
  timeoutMs: number,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = tls.connect({ host, port, rejectUnauthorized: false });
    const done = (answer: boolean): void => {
      giveUp();
      signal?.removeEventListener('abort', onAbort);
      socket.destroy();
      resolve(answer);
    };
    const onAbort = (): void => done(false);
    const giveUp = afterWaiting(timeoutMs, () => done(false));
    signal?.addEventListener('abort', onAbort, { once: true });
    socket.on('secureConnect', () => done(true));
    // A server that insists on another version or a client certificate says so in a TLS alert.
    socket.on('error', (error: NodeJS.ErrnoException) => done(/^ERR_SSL_.*ALERT/.test(error.code ?? '')));
    socket.on('close', () => done(false));
  });
}
