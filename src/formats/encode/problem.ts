import { t } from '../../shared/l10n.ts';
import { ExactNumber, type Plain } from '../plain.ts';

/** What is written does not fit its schema. `message` is for people: where, as a path, and what. */
export class UnencodableError extends Error {}

/** Where in a value something stands, from there to its top. */
export interface Path {
  readonly parent: Path | undefined;
  readonly step: string | number;
}

/** Such as `$.items[2].price`. */
export function pathText(path: Path | undefined): string {
  const steps: string[] = [];
  for (let at = path; at !== undefined; at = at.parent) {
    if (typeof at.step === 'number') steps.push(`[${at.step}]`);
    else steps.push(/^[A-Za-z_]\w*$/.test(at.step) ? `.${at.step}` : `[${JSON.stringify(at.step)}]`);
  }
  return `$${steps.reverse().join('')}`;
}

/** `sentence` says what is wrong at the path. */
export function problem(path: Path | undefined, sentence: string): UnencodableError {
  return new UnencodableError(`${pathText(path)}: ${sentence}`);
}

const shownChars = 40;

/** A value for people, not all of a long one: `"abc"`, `12`, `an object`. */
export function shown(value: Plain): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return t('an array');
  if (typeof value === 'object' && !(value instanceof ExactNumber)) return t('an object');
  const text = typeof value === 'string' ? JSON.stringify(value) : String(value);
  return text.length > shownChars ? `${text.slice(0, shownChars)}…` : text;
}

/** Names for people, not all of many. */
export function listed(names: readonly string[]): string {
  return names.length > 12 ? t('{0} and {1} more', names.slice(0, 12).join(', '), names.length - 12) : names.join(', ');
}
