import { t } from '../../shared/l10n.ts';
import { ExactNumber, type Plain } from '../plain.ts';
import { problem, shown, type Path } from './problem.ts';

/** The nearest float or double; what JSON has no number for is a text. @throws {UnencodableError} where it is too large for one. */
export function floatOf(value: Plain, bits: 32 | 64, path: Path | undefined): number {
  if (value === 'NaN' || value === 'Infinity' || value === '-Infinity') return Number(value);
  const isNumber = typeof value === 'number' || typeof value === 'bigint' || value instanceof ExactNumber;
  if (!isNumber) throw problem(path, t('A number is wanted, not {0}.', shown(value)));
  const number = Number(String(value));
  if (!Number.isFinite(bits === 32 ? Math.fround(number) : number)) {
    throw problem(path, t('{0} does not fit into {1} bits.', shown(value), bits));
  }
  return number;
}
