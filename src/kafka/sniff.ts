import { ConnectionError, tlsExpected } from './errors.ts';

/**
 * What the first bytes of a server that is no Kafka broker tell about it. `undefined` where they look like the start of a
 * Kafka frame.
 */
export function sniff(bytes: Uint8Array, where: string): ConnectionError | undefined {
  // TLS record: alert or handshake, version 3.x. As a Kafka length it would be 352 or 369 million.
  if ((bytes[0] === 0x15 || bytes[0] === 0x16) && bytes[1] === 0x03) return tlsExpected(where);
  const text = Buffer.from(bytes.subarray(0, 60)).toString('latin1');
  const line = /^[\t\x20-\x7e]*/.exec(text)![0].trim();
  if (/^(HTTP\/|<!doctype|<html)/i.test(text)) {
    return new ConnectionError(
      'not-kafka',
      `${where} is no Kafka broker: it speaks HTTP.`,
      'Use the address of a broker listener, mostly port 9092, not of a REST proxy, schema registry or web console.',
    );
  }
  // A frame's length starts with zero bytes, printable text does not; four letters would be a frame of 500 MB or more.
  if (/^[\x20-\x7e]{4}/.test(text)) {
    return new ConnectionError(
      'not-kafka',
      `${where} is no Kafka broker: ${known(text) ?? `it answers "${line}"`}.`,
      'Check the port; brokers mostly listen on 9092.',
    );
  }
  return undefined;
}

function known(text: string): string | undefined {
  if (text.startsWith('SSH-')) return 'it speaks SSH';
  if (/^220[ -].*(smtp|mail)/i.test(text)) return 'it speaks SMTP';
  if (/^220[ -]/.test(text)) return 'it speaks FTP or SMTP';
  if (/^-ERR /.test(text)) return 'it speaks Redis';
  return undefined;
}
