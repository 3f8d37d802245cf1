import * as vscode from 'vscode';
import { HumanError } from '../../shared/errors.ts';
import { t } from '../../shared/l10n.ts';
import { visibleText } from '../../shared/visibleText.ts';
import { askText } from '../ask.ts';
import type { Connections } from '../connections/connections.ts';

export interface Confirmation {
  readonly cluster: string;
  /** What is changed: a group or a topic. On a cluster marked production its name has to be typed. */
  readonly subject: string;
  /** Such as "Reset the offsets of billing on local?". */
  readonly question: string;
  /** What it will do, in words: the plan's sentences. */
  readonly sentences: readonly string[];
  /** The verb on the button. */
  readonly action: string;
}

/** Of everything that changes something in Kafka. @throws {HumanError} the cluster's settings forbid it. */
export function refuseReadOnly(connections: Pick<Connections, 'entry'>, cluster: string): void {
  if (connections.entry(cluster)?.profile.readOnly !== true) return;
  throw new HumanError(
    t('{0} is read only by its settings: nothing is changed there.', cluster),
    t('Take readOnly out of its entry to allow it.'),
  );
}

/**
 * Asks once, in the same way for every change: plainly, and on a cluster marked production by having the name typed.
 * Whether it is wanted.
 *
 * @throws {HumanError} the cluster is read only.
 */
export async function confirmChange(
  connections: Pick<Connections, 'entry'>,
  { cluster, subject, question, sentences, action }: Confirmation,
): Promise<boolean> {
  refuseReadOnly(connections, cluster);
  if (connections.entry(cluster)?.profile.production === true) {
    return askForName(visibleText(question), sentences, cluster, subject);
  }
  const detail = sentences.join('\n');
  const answer = await vscode.window.showWarningMessage(visibleText(question), { modal: true, detail }, action);
  return answer === action;
}

async function askForName(
  question: string,
  sentences: readonly string[],
  cluster: string,
  subject: string,
): Promise<boolean> {
  // A name that was pasted often brings a blank along; one with characters that nobody can type is typed as it is shown.
  const isName = (value: string): boolean =>
    [value, value.trim()].some((text) => text === subject || text === visibleText(subject));
  const typed = await askText({
    title: question,
    prompt: t(
      '{0} {1} is marked as production: type {2} to go on.',
      sentences.join(' '),
      cluster,
      visibleText(subject),
    ),
    placeHolder: visibleText(subject),
    validateInput: (value) =>
      value === '' || isName(value) ? undefined : t('Type {0}, or press Escape.', visibleText(subject)),
  });
  return typed !== undefined && isName(typed);
}
