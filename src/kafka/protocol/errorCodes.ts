import { errorCode, retriableErrors, type ErrorName } from './generated/errorCodes.ts';

export { errorCode, type ErrorName };

const names: ReadonlyMap<number, string> = new Map(Object.entries(errorCode).map(([name, code]) => [code, name]));
const retriable: ReadonlySet<number> = new Set(retriableErrors.map((name) => errorCode[name]));

/** Kafka's name of an error code; `UNKNOWN_1234` where a newer broker says what this list does not know. */
export function errorName(code: number): string {
  return names.get(code) ?? `UNKNOWN_${code}`;
}

/** Whether Kafka's own clients try again; unknown codes are not. */
export function isRetriable(code: number): boolean {
  return retriable.has(code);
}
