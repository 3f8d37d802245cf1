import { HumanError } from '../shared/errors.ts';

/**
 * Why a broker cannot be talked to.
 *
 * - `unknown-host`, `refused`, `timeout`, `no-route`: no TCP connection.
 * - `not-kafka`: what answers speaks something else. `silent`: it accepted and says nothing.
 * - `tls-expected`: a TLS port spoken to in plain. `no-tls`: a plain port spoken to in TLS. `tls-failed`: no agreement on TLS.
 * - `sasl-expected`: it wants a login first.
 * - `advertised`: a bootstrap server answered, but the brokers that it names cannot be reached.
 * - `gone`: the cluster does not name that broker any more.
 * - `closed`: the connection broke or was closed. `malformed`: its bytes are no valid answer.
 */
export type ConnectionErrorKind =
  | 'unknown-host'
  | 'refused'
  | 'timeout'
  | 'no-route'
  | 'not-kafka'
  | 'silent'
  | 'tls-expected'
  | 'no-tls'
  | 'tls-failed'
  | 'sasl-expected'
  | 'advertised'
  | 'gone'
  | 'closed'
  | 'malformed';

export class ConnectionError extends HumanError {
  readonly kind: ConnectionErrorKind;

  constructor(kind: ConnectionErrorKind, message: string, advice?: string, options?: ErrorOptions) {
    super(message, advice, options);
    this.kind = kind;
  }
}

/** What happened, without what to do about it. */
export function withoutAdvice({ message, advice }: HumanError): string {
  return advice === undefined ? message : message.slice(0, -advice.length).trimEnd();
}

/** A request got no answer in time; its connection and the other requests on it live on. */
export class RequestTimeoutError extends HumanError {}

/** The broker has no version of an API in common with this client. */
export class UnsupportedApiError extends HumanError {}

/** Kafka answered with an error code. */
export class KafkaError extends HumanError {
  readonly code: number;
  /** Such as GROUP_AUTHORIZATION_FAILED; UNKNOWN_1234 for codes newer than this client. */
  readonly codeName: string;

  constructor(code: number, codeName: string, message: string, advice?: string) {
    super(message, advice);
    this.code = code;
    this.codeName = codeName;
  }
}

/** A socket's error while opening a connection, as a person understands it. */
export function connectError(error: Error, where: string): ConnectionError {
  const options = { cause: error };
  const code = codeOf(error);
  switch (code) {
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
    case 'EAI_NODATA':
    case 'EAI_NONAME':
      return new ConnectionError(
        'unknown-host',
        `The host of ${where} cannot be found.`,
        'Check its spelling, and that this machine can resolve it (DNS, VPN, hosts file).',
        options,
      );
    case 'ECONNREFUSED':
      return new ConnectionError(
        'refused',
        `Nothing listens at ${where}: the connection was refused.`,
        'Check the port, and that the broker runs.',
        options,
      );
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
    case 'EADDRNOTAVAIL':
      return new ConnectionError(
        'no-route',
        `There is no network route to ${where}.`,
        'Check the network or VPN, and the address.',
        options,
      );
    case 'ETIMEDOUT':
      return new ConnectionError(
        'timeout',
        `${where} did not accept a connection.`,
        'A firewall may be in between, or the host is down: check the address, the VPN, and that the port is open.',
        options,
      );
    case 'ERR_SSL_WRONG_VERSION_NUMBER':
    case 'ERR_SSL_PACKET_LENGTH_TOO_LONG':
    case 'ERR_SSL_UNEXPECTED_MESSAGE':
      return noTls(where, options);
    default:
      break;
  }
  if (/^(ERR_TLS|ERR_SSL|CERT_|UNABLE_TO|SELF_SIGNED|DEPTH_ZERO|EPROTO)/.test(code)) {
    return new ConnectionError(
      'tls-failed',
      `TLS with ${where} failed: ${error.message}.`,
      'Check the certificate authority, the client certificate and the host name.',
      options,
    );
  }
  return new ConnectionError('closed', `The connection to ${where} failed: ${error.message}.`, undefined, options);
}

export function noTls(where: string, options?: ErrorOptions): ConnectionError {
  return new ConnectionError(
    'no-tls',
    `${where} does not speak TLS.`,
    'Turn TLS off for this cluster, or use the port of its TLS listener.',
    options,
  );
}

export function tlsExpected(where: string, options?: ErrorOptions): ConnectionError {
  return new ConnectionError(
    'tls-expected',
    `${where} speaks TLS, but was spoken to in plain text.`,
    'Turn TLS on for this cluster, or use the port of a plaintext listener.',
    options,
  );
}

/** Of Node's errors; for hosts with several addresses, of the last one tried. */
function codeOf(error: Error): string {
  const { code } = error as NodeJS.ErrnoException;
  if (code !== undefined) return code;
  return error instanceof AggregateError ? codeOf(error.errors.at(-1) as Error) : '';
}
