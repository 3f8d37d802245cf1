import { HumanError } from '../shared/errors.ts';

export interface Address {
  readonly host: string;
  /** 1..65535 */
  readonly port: number;
}

/** As people write it: `host:port`, `[::1]:port`. */
export function addressText({ host, port }: Address): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

/**
 * Reads bootstrap servers as people paste them: commas, semicolons or white space between them, listener prefixes such as
 * `PLAINTEXT://` in front. Duplicates fall out.
 *
 * @throws {HumanError} naming the first entry that is no `host:port`, and what to do.
 */
export function parseBootstrap(text: string | readonly string[]): Address[] {
  const entries = (typeof text === 'string' ? text : text.join(',')).split(/[\s,;]+/).filter((entry) => entry !== '');
  if (entries.length === 0) {
    throw new HumanError('No bootstrap server is given.', 'Enter at least one as host:port, such as localhost:9092.');
  }
  const addresses = new Map<string, Address>();
  for (const entry of entries) {
    const address = parseOne(entry);
    addresses.set(addressText(address).toLowerCase(), address);
  }
  return [...addresses.values()];
}

function parseOne(entry: string): Address {
  const scheme = /^([a-z][a-z0-9_+.-]*):\/\//i.exec(entry);
  if (scheme && /^https?$/i.test(scheme[1]!)) {
    throw new HumanError(
      `${quoted(entry)} is a web address, not a Kafka broker.`,
      'Enter a broker as host:port, such as localhost:9092.',
    );
  }
  const rest = entry.slice(scheme?.[0].length ?? 0).replace(/\/$/, '');
  const parts = /^(?:\[([0-9a-f:.]+(?:%[^\]]+)?)\]|([^:[\]/@?#]+))(?::(.*))?$/i.exec(rest);
  if (/^[0-9a-f]*:[0-9a-f]*:[0-9a-f:.]*$/i.test(rest)) {
    throw new HumanError(`${quoted(entry)} is no host:port.`, 'Put an IPv6 address in brackets, such as [::1]:9092.');
  }
  if (parts === null) {
    throw new HumanError(`${quoted(entry)} is no host:port.`, 'Enter a broker as host:port, such as localhost:9092.');
  }
  const host = parts[1] ?? parts[2]!;
  const portText = parts[3];
  if (portText === undefined || portText === '') {
    throw new HumanError(
      `${quoted(entry)} has no port.`,
      `Add it, mostly 9092: ${quoted(`${rest.replace(/:$/, '')}:9092`)}.`,
    );
  }
  const port = /^\d{1,5}$/.test(portText) ? Number(portText) : 0;
  if (port < 1 || port > 65535) {
    throw new HumanError(`${quoted(portText)} in ${quoted(entry)} is no port.`, 'A port is a number from 1 to 65535.');
  }
  return { host, port };
}

function quoted(text: string): string {
  return `"${text.length > 80 ? `${text.slice(0, 80)}…` : text}"`;
}
