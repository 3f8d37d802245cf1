/** `{0}`, `{1}`, ... stand for the arguments, as in `vscode.l10n.t`. */
export type Translate = (message: string, ...args: (string | number)[]) => string;

let translate: Translate = (message, ...args) =>
  args.length === 0
    ? message
    : message.replace(/\{(\d+)\}/g, (whole, index: string) => String(args[Number(index)] ?? whole));

/** A text for people. A function of its own so that what has no `vscode` (tree models, and their tests) can speak too. */
export function t(message: string, ...args: (string | number)[]): string {
  return translate(message, ...args);
}

/** Called once, with `vscode.l10n.t`, before anything is shown. Until then texts are English. */
export function useTranslations(by: Translate): void {
  translate = by;
}
