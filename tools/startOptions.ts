import { parseArgs } from 'node:util';
import { addressText, parseBootstrap } from '../src/kafka/bootstrap.ts';
import { HumanError, messageOf } from '../src/shared/errors.ts';

export interface StartOptions {
  /** host:port of a cluster of the person's own; a Kafka with the demo is started where it is left out. */
  readonly bootstrap: readonly string[] | undefined;
  /** The VS Code of this machine in place of the one in the browser. */
  readonly desktop: boolean;
  /** Whether to open a browser where there is one. */
  readonly open: boolean;
}

export const usage = `Usage: npm start [-- OPTIONS]

Starts a Kafka with consumers in trouble and a VS Code, in the browser, with the extension connected to it.

  --bootstrap HOST:PORT   look at this cluster instead (several brokers: separated by commas); starts no Kafka and no demo
  --desktop               use the VS Code of this machine ("code" on the PATH)
  --no-open               only print the address; do not open a browser
  --help                  print this`;

/** Reads the command line. Returns, not throws, what is wrong with it. */
export function startOptions(args: readonly string[]): StartOptions | 'help' | HumanError {
  let values;
  try {
    ({ values } = parseArgs({
      args: [...args],
      options: {
        bootstrap: { type: 'string' },
        desktop: { type: 'boolean', default: false },
        'no-open': { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    }));
  } catch (error) {
    return new HumanError(`${messageOf(error)}\n\n${usage}`);
  }
  if (values.help) return 'help';
  let bootstrap;
  try {
    bootstrap = values.bootstrap === undefined ? undefined : parseBootstrap(values.bootstrap).map(addressText);
  } catch (error) {
    if (error instanceof HumanError) return error;
    throw error;
  }
  return { bootstrap, desktop: values.desktop, open: !values['no-open'] };
}
