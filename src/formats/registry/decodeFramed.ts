import { t } from '../../shared/l10n.ts';
import type { Decoded } from '../decoder.ts';
import { failed, jsonValue, reasonOf, treeValue, type Naming } from '../values.ts';
import type { ParsedSchema } from './parsedSchema.ts';
import type { Framed } from './schemaRef.ts';
import { nameOf } from './schemaRegistry.ts';

const typeNames = { avro: 'Avro', protobuf: 'Protobuf', json: 'JSON Schema' } as const;

/** The payload by its schema. Never throws. */
export function decodeFramed(framed: Framed, schema: ParsedSchema, whole: boolean, detected: boolean): Decoded {
  const { payload, indexes, ref } = framed;
  const label = t('{0}, schema {1}', typeNames[schema.type], nameOf(ref));
  const naming: Naming = { format: 'schemaRegistry', label, detected };
  const undecodable = (reason: string): Decoded => failed('schemaRegistry', `${label}: ${reason}`);
  const encrypted =
    schema.encryptedBy === undefined
      ? undefined
      : t('It is encrypted by the rule {0} of its schema, and only its consumers have the key.', schema.encryptedBy);
  if (schema.type === 'json') {
    return jsonValue(payload, whole, naming) ?? undecodable(encrypted ?? t('what follows is no JSON.'));
  }
  try {
    const name = schema.name(payload, indexes);
    const named = name === undefined ? naming : { ...naming, label: t('{0} ({1})', label, name) };
    return treeValue((sink, limit) => schema.read(payload, indexes, sink, limit), whole, named);
  } catch (error) {
    return undecodable(encrypted ?? reasonOf(error));
  }
}
