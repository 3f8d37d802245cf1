import { metaOf } from './host.ts';

let texts: Record<string, string> | undefined;

/** A text for people in VS Code's display language; `{0}`, `{1}`, ... stand for the arguments. */
export function t(message: string, ...args: (string | number)[]): string {
  texts ??= metaOf('texts');
  return (texts[message] ?? message).replace(/\{(\d+)\}/g, (whole, index: string) =>
    String(args[Number(index)] ?? whole),
  );
}
