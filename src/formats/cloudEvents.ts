import type { DecodedValue, Header } from './decoder.ts';

/**
 * The type of the CloudEvent that a record is, by its headers (CloudEvents' Kafka protocol binding 1.0): in binary mode attributes are
 * headers `ce_*`; in structured mode the content type says it, and the type stands in the value. Undefined where it is none.
 */
export function cloudEventType(
  headers: readonly Header[],
): { type: string | undefined; mode: 'binary' | 'structured' } | undefined {
  const value = (name: string): string | undefined =>
    headers.findLast(({ key }) => key.toLowerCase() === name)?.value?.toString('utf8', 0, 200);
  if (value('ce_specversion') !== undefined) return { type: value('ce_type'), mode: 'binary' };
  if (value('content-type')?.startsWith('application/cloudevents+json')) return { type: undefined, mode: 'structured' };
  return undefined;
}

/** The decoded value with a label that says that it is an event, and of which type. */
export function labelledAsEvent(decoded: DecodedValue, headers: readonly Header[]): DecodedValue {
  const event = cloudEventType(headers);
  if (event === undefined) return decoded;
  const type = event.type ?? structuredType(decoded);
  return { ...decoded, label: ['CloudEvent', ...(type === undefined ? [] : [type]), decoded.label].join(', ') };
}

function structuredType(decoded: DecodedValue): string | undefined {
  if (decoded.format !== 'json') return undefined;
  // Attributes come first as a rule; the data behind them may be large.
  const found = /"type"\s*:\s*"([^"\\]{1,200})"/.exec(decoded.preview(2000));
  return found?.[1];
}
