/** Pieces of JSON as Kafka's own tools print it, by Jackson's tree model: without blanks, in the order of the fields. */

/** Jackson writes the escapes of control characters in upper case, JavaScript in lower case. */
export function jsonString(value: string): string {
  const json = JSON.stringify(value);
  if (!json.includes('\\u')) return json;
  return json.replaceAll(/\\(?:u([0-9a-f]{4})|.)/g, (escape, hex?: string) =>
    hex === undefined ? escape : `\\u${hex.toUpperCase()}`,
  );
}

/** Base64, padded. */
export function jsonBytes(bytes: Uint8Array): string {
  return `"${Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64')}"`;
}

export function jsonArray<T>(items: readonly T[], json: (item: T, version: number) => string, version: number): string {
  return `[${items.map((item) => json(item, version)).join(',')}]`;
}
