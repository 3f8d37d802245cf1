import { messageOf } from '../shared/errors.ts';
import { addressText, type Address } from './bootstrap.ts';
import { ConnectionError, RequestTimeoutError, withoutAdvice, type ConnectionErrorKind } from './errors.ts';
import type { Broker } from './metadata.ts';

/** One server's failure is told as it is; those of several together, each once. */
export function noneReached(servers: readonly Address[], errors: readonly unknown[]): unknown {
  const first = errors[0];
  if (errors.length < 2 || !(first instanceof ConnectionError)) return first;
  return new ConnectionError(
    first.kind,
    `None of ${servers.map(addressText).join(', ')} can be connected. ${[...new Set(errors.map(briefly))].join(' ')}`,
    first.advice,
    { cause: first },
  );
}

/** A bootstrap server answered, but leads nowhere. */
export function advertisedUnreachable(
  bootstrap: string,
  brokers: readonly Broker[],
  errors: readonly unknown[],
): ConnectionError {
  const places = brokers.map((broker) => `broker ${broker.id} at ${addressText(broker)}`).join(', ');
  return new ConnectionError(
    'advertised',
    `${bootstrap} answered, but the addresses it gives for the cluster's brokers cannot be reached: ${places}. ${[...new Set(errors.map(briefly))].join(' ')}`,
    "The brokers' advertised.listeners must hold addresses that this machine can reach: check host names, ports, VPN, and Docker's port mapping.",
    { cause: errors[0] },
  );
}

export function isController(where: string): ConnectionError {
  return new ConnectionError(
    'not-kafka',
    `${where} is a Kafka controller, not a broker.`,
    'Use the address of a broker listener, mostly port 9092.',
  );
}

export function namesNoBroker(where: string): ConnectionError {
  return new ConnectionError(
    'gone',
    `${where} answered, but names no broker of its cluster.`,
    'It may be starting, or cut off from its controller; try again.',
  );
}

const unreached: ReadonlySet<ConnectionErrorKind> = new Set(['unknown-host', 'refused', 'timeout', 'no-route']);

/** A broker that the cluster names cannot be connected. */
export function brokerUnreachable(broker: Broker, error: ConnectionError): ConnectionError {
  if (!unreached.has(error.kind)) {
    return new ConnectionError(error.kind, `Broker ${broker.id}: ${withoutAdvice(error)}`, error.advice, {
      cause: error,
    });
  }
  return new ConnectionError(
    error.kind,
    `Broker ${broker.id} cannot be reached. ${withoutAdvice(error)}`,
    `The address comes from the broker's advertised.listeners; check that it runs and that this machine can reach it.`,
    { cause: error },
  );
}

/** A broker hangs while the cluster has others. */
export function brokerLate(broker: Broker): RequestTimeoutError {
  return new RequestTimeoutError(
    `Broker ${broker.id} at ${addressText(broker)} does not answer in time.`,
    'It may hang, be overloaded or be cut off; it is asked again with each refresh.',
  );
}

function briefly(error: unknown): string {
  return error instanceof ConnectionError ? withoutAdvice(error) : messageOf(error);
}
