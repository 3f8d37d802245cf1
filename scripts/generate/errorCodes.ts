/** The TypeScript file of Kafka's error codes, from what ErrorCodes.java prints. */
export function errorCodesFile(printed: string, header: string): string {
  const errors = printed
    .trim()
    .split(/\r?\n/)
    .map((line) => {
      const [code, name, retriable] = line.split(' ');
      return { code: Number(code), name: String(name), retriable: retriable === 'true' };
    })
    .sort((a, b) => a.code - b.code);
  const codes = errors.map((error) => `  ${error.name}: ${error.code},\n`).join('');
  const retriable = errors.filter((error) => error.retriable).map((error) => `  '${error.name}',\n`);
  return `${header}
/** Kafka's error codes by name. */
export const errorCode = {
${codes}} as const;

export type ErrorName = keyof typeof errorCode;

/** Those where Kafka's own clients try again. */
export const retriableErrors: readonly ErrorName[] = [
${retriable.join('')}];
`;
}
