import * as vscode from 'vscode';
import { t } from '../../shared/l10n.ts';
import { askOne } from '../ask.ts';

export interface Step {
  readonly title: string;
  readonly step: number;
  readonly totalSteps: number;
}

export interface TextStep extends Step {
  readonly value: string;
  readonly prompt: string;
  readonly placeholder?: string;
  /** What is typed is not shown. */
  readonly password?: boolean;
  /** Called while typing; what is wrong, or undefined. */
  readonly problem: (value: string) => string | undefined;
}

export interface PickStep<T> extends Step {
  readonly placeholder: string;
  readonly items: readonly (vscode.QuickPickItem & { readonly value: T })[];
  /** Which is active at first. */
  readonly value: T;
}

/** What a step ended with; `undefined` where the person gave up. */
export type StepResult<T> = { readonly value: T } | 'back' | undefined;

/** Asks for a text. Enter does nothing while something is wrong with it. */
export function askTextStep(step: TextStep): Promise<StepResult<string>> {
  const box = vscode.window.createInputBox();
  box.title = step.title;
  box.step = step.step;
  box.totalSteps = step.totalSteps;
  box.value = step.value;
  box.prompt = step.prompt;
  box.placeholder = step.placeholder;
  box.password = step.password ?? false;
  // A window that loses the focus, to copy an address from another, must not lose what was typed.
  box.ignoreFocusOut = true;
  if (step.step > 1) box.buttons = [vscode.QuickInputButtons.Back];
  return new Promise((resolve) => {
    const end = (result: StepResult<string>): void => {
      resolve(result);
      box.dispose();
    };
    box.onDidChangeValue((value) => (box.validationMessage = value === '' ? undefined : step.problem(value)));
    box.onDidTriggerButton(() => end('back'));
    box.onDidHide(() => end(undefined));
    box.onDidAccept(() => {
      const problem = step.problem(box.value);
      box.validationMessage = problem;
      if (problem === undefined) end({ value: box.value });
    });
    box.show();
  });
}

/** Asks for one of several. */
export function askPickStep<T>(step: PickStep<T>): Promise<StepResult<T>> {
  const pick = vscode.window.createQuickPick<vscode.QuickPickItem & { readonly value: T }>();
  pick.title = step.title;
  pick.step = step.step;
  pick.totalSteps = step.totalSteps;
  pick.placeholder = step.placeholder;
  pick.items = step.items;
  pick.activeItems = step.items.filter(({ value }) => value === step.value);
  pick.ignoreFocusOut = true;
  if (step.step > 1) pick.buttons = [vscode.QuickInputButtons.Back];
  return new Promise((resolve) => {
    const end = (result: StepResult<T>): void => {
      resolve(result);
      pick.dispose();
    };
    pick.onDidTriggerButton(() => end('back'));
    pick.onDidHide(() => end(undefined));
    pick.onDidAccept(() => {
      const chosen = pick.selectedItems[0];
      if (chosen !== undefined) end({ value: chosen.value });
    });
    pick.show();
  });
}

/** Picks one by name; the only one is picked without asking. Undefined where there is none, or the person gave up. */
export async function pickName(
  names: readonly (vscode.QuickPickItem | string)[],
  placeHolder: string,
  none: string,
): Promise<string | undefined> {
  if (names.length === 0) {
    void vscode.window.showInformationMessage(none);
    return undefined;
  }
  const items = names.map((name) => (typeof name === 'string' ? { label: name } : name));
  if (items.length === 1) return items[0]!.label;
  return (await askOne(items, { placeHolder, matchOnDescription: true, title: t('Kafka') }))?.label;
}
