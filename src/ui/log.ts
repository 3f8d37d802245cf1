import { inspect } from 'node:util';
import type * as vscode from 'vscode';
import { HumanError, isCancelled } from '../shared/errors.ts';

/** The extension's output channel, as the rest of it sees it. */
export class Log {
  readonly #channel: vscode.LogOutputChannel;

  constructor(channel: vscode.LogOutputChannel) {
    this.#channel = channel;
  }

  /** `doing`: what was under way, such as "connect". A surprise is written whole, with its causes; see `HumanError`. */
  readonly error = (error: unknown, doing: string): void => {
    if (isCancelled(error)) return;
    const text = inspect(error, { depth: 4 });
    if (error instanceof HumanError) this.#channel.warn(`${doing}: ${error.message}\n${text}`);
    else this.#channel.error(`${doing}: ${text}`);
  };

  readonly debug = (message: string): void => this.#channel.debug(message);

  show(): void {
    this.#channel.show(true);
  }
}
