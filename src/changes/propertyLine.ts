/** A line of a properties file, as java.util.Properties reads it back. */
export function propertyLine(name: string, value: string): string {
  const text = value
    .replace(/\\/g, '\\\\')
    .replace(/\n/g, '\\n')
    .replace(/\r/g, '\\r')
    .replace(/\t/g, '\\t')
    .replace(/^ /, '\\ ');
  return `${name}=${text}\n`;
}
