import { t } from '../shared/l10n.ts';
import { decodeAs } from './chosen.ts';
import { labelledAsEvent } from './cloudEvents.ts';
import type { DecodeContext, Decoded, Decoder } from './decoder.ts';
import { detect } from './detect.ts';
import { labelOf } from './formatList.ts';
import { decodeFramed } from './registry/decodeFramed.ts';
import { framedByHeader, framedByPrefix, type Framed } from './registry/schemaRef.ts';
import { nameOf, type SchemaAnswer, type SchemaRegistry } from './registry/schemaRegistry.ts';
import { failed, jsonValue, reasonOf } from './values.ts';

/** `registry`: the cluster's, where one is set. */
export function createDecoder(registry: SchemaRegistry | undefined): Decoder {
  return {
    decode(bytes, context) {
      if (bytes === null) return { kind: 'null' };
      try {
        const decoded = decode(bytes, context, registry);
        if (!(decoded instanceof Promise)) return withEvent(decoded, context);
        return decoded.then((found) => withEvent(found, context)).catch((error: unknown) => defect(context, error));
      } catch (error) {
        return defect(context, error);
      }
    },
  };
}

/** A defect of ours must not take the page with it. */
function defect({ format }: DecodeContext, error: unknown): Decoded {
  return failed(format === 'auto' ? 'hex' : format, reasonOf(error));
}

function withEvent(decoded: Decoded, context: DecodeContext): Decoded {
  if (decoded.kind !== 'value' || context.part !== 'value') return decoded;
  return labelledAsEvent(decoded, context.headers());
}

function decode(
  bytes: Buffer,
  context: DecodeContext,
  registry: SchemaRegistry | undefined,
): Decoded | Promise<Decoded> {
  const { format, part, whole = false } = context;
  if (format !== 'auto' && format !== 'schemaRegistry') return decodeAs(bytes, format, whole);
  const framed = framedByHeader(bytes, part, context.headers()) ?? framedByPrefix(bytes);
  if (framed === undefined) {
    if (format === 'auto') return detect(bytes, whole);
    return failed(
      format,
      t('It names no schema: neither a byte 0 and a schema id stand before it, nor does a header.'),
    );
  }
  if (format === 'auto' && !isLikelyId(framed)) return detect(bytes, whole);
  if (registry === undefined) {
    return format === 'auto'
      ? withoutSchema(bytes, framed, whole, noRegistry(framed))
      : failed(format, noRegistry(framed));
  }
  const answer = registry.schema(framed.ref);
  const use = (found: SchemaAnswer): Decoded => withAnswer(bytes, framed, found, context);
  return answer instanceof Promise ? answer.then(use) : use(answer);
}

function withAnswer(
  bytes: Buffer,
  framed: Framed,
  answer: SchemaAnswer,
  { format, whole = false }: DecodeContext,
): Decoded {
  if (answer.kind === 'schema') {
    const decoded = decodeFramed(framed, answer.schema, whole, format === 'auto');
    // A number may begin like a schema id, even like one that exists; then what follows does not fit the schema.
    if (decoded.kind === 'failed' && format === 'auto' && mayBeNumber(bytes, framed)) return detect(bytes, whole);
    return decoded;
  }
  return format === 'auto' ? withoutSchema(bytes, framed, whole, answer.reason) : failed(format, answer.reason);
}

/** Without a registry, or one that does not answer: JSON can be read all the same, numbers are numbers, and of the rest one can say why not. */
function withoutSchema(bytes: Buffer, framed: Framed, whole: boolean, reason: string): Decoded {
  if (isContainer(framed.payload)) {
    const label = t('{0}, schema {1}', labelOf('json'), nameOf(framed.ref));
    const json = jsonValue(framed.payload, whole, { format: 'json', label, detected: true });
    if (json !== undefined) return json;
  }
  if (mayBeNumber(bytes, framed)) return detect(bytes, whole);
  return failed('schemaRegistry', reason);
}

function isContainer(payload: Buffer): boolean {
  const first = payload.subarray(0, 256).find((byte) => byte > 0x20);
  return first === 0x7b || first === 0x5b;
}

function noRegistry({ ref, from }: Framed): string {
  if (from === 'header') {
    return t(
      'A header says that it is written with schema {0} of a Schema Registry, and none is set for this cluster. Set it with "Set Schema Registry...".',
      nameOf(ref),
    );
  }
  return t(
    'It begins like a value with schema {0} of a Schema Registry, and none is set for this cluster. Set it with "Set Schema Registry...".',
    nameOf(ref),
  );
}

/** Eight bytes that begin with a zero are as likely a number (of milliseconds, of a key) as three bytes with a schema id. */
function mayBeNumber(bytes: Buffer, { from }: Framed): boolean {
  return from === 'prefix' && bytes.length === 8;
}

/** Registries count from 1, or from 100,000: other bytes that begin with a zero are something else. */
function isLikelyId({ ref }: Framed): boolean {
  return !('id' in ref) || ref.id < 0x1000000;
}
