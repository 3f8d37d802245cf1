import { t } from '../../shared/l10n.ts';
import { exactJson } from '../exactJson.ts';
import { parseExact, prettyJson } from '../jsonText.ts';
import { isBare, withoutLength } from '../avro/bareBytes.ts';
import type { Plain } from '../plain.ts';
import type { ParsedSchema } from '../registry/parsedSchema.ts';
import { avroExample } from './avroExample.ts';
import { writeAvro } from './avroWriter.ts';
import { jsonSchemaExample } from './jsonSchemaExample.ts';
import { checkJson, parsedJson } from './jsonSchemaCheck.ts';
import { UnencodableError } from './problem.ts';
import { protobufExample } from './protobufExample.ts';
import { writeProtobuf } from './protobufWriter.ts';
import type { PlacedMessage } from '../protobuf/protobufSchema.ts';

export { schemaHeader, withPrefix } from './frame.ts';
export { UnencodableError } from './problem.ts';

export interface Encoding {
  /** Without the schema's id. */
  readonly payload: Buffer;
  /** Protobuf's message indexes. */
  readonly indexes: readonly number[] | undefined;
  /** What was read into the text, a sentence each. */
  readonly notes: readonly string[];
}

/**
 * JSON that somebody wrote as a schema has it. `message`: for Protobuf the full name, the first message where left out. @throws {UnencodableError} where
 * it does not fit: where, and why.
 */
export function encodeBySchema(text: string, schema: ParsedSchema, message?: string): Encoding {
  const value = parsed(text);
  switch (schema.type) {
    case 'json':
      checkJson(JSON.parse(text), schema);
      // As it was typed: no digit of it changes.
      return { payload: Buffer.from(text), indexes: undefined, notes: [] };
    case 'avro': {
      const { bytes, notes } = writeAvro(value, schema.avro);
      return { payload: isBare(schema.avro) ? withoutLength(bytes) : bytes, indexes: undefined, notes };
    }
    case 'protobuf': {
      const { type, indexes } = messageOf(schema, message);
      const { bytes, notes } = writeProtobuf(value, type, schema.protobuf);
      return { payload: bytes, indexes, notes };
    }
  }
}

/** A value of the schema to begin from, as indented JSON. @throws {UnencodableError} */
export function exampleOf(schema: ParsedSchema, message?: string): string {
  return prettyJson(exactJson(examplePlain(schema, message)));
}

function examplePlain(schema: ParsedSchema, message: string | undefined): Plain {
  switch (schema.type) {
    case 'json':
      return jsonSchemaExample(parsedJson(schema.text, ''));
    case 'avro':
      return avroExample(schema.avro);
    case 'protobuf':
      return protobufExample(messageOf(schema, message).type, schema.protobuf);
  }
}

function messageOf({ protobuf }: ParsedSchema & { type: 'protobuf' }, name: string | undefined): PlacedMessage {
  const messages = protobuf.messages();
  const found = name === undefined ? messages[0] : messages.find(({ type }) => type.fullName === name);
  if (found !== undefined) return found;
  throw new UnencodableError(
    name === undefined ? t('The schema has no message.') : t('The schema has no message {0}.', name),
  );
}

function parsed(text: string): Plain {
  if (text.trim() === '') throw new UnencodableError(t('Empty is no JSON. Choose null for a tombstone.'));
  if (!text.isWellFormed()) {
    throw new UnencodableError(t('It holds half a character (a lone surrogate), which has no UTF-8.'));
  }
  try {
    return parseExact(text);
  } catch (error) {
    const what = t('No JSON: {0}', (error as SyntaxError).message);
    const advice = /^\s*[A-Za-z]/.test(text) ? ` ${t('A text stands in quotes: "text".')}` : '';
    throw new UnencodableError(`${what}${advice}`, { cause: error });
  }
}
