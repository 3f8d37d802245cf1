import { t } from '../shared/l10n.ts';
import type { FormatChoice, FormatId } from './decoder.ts';

export interface FormatInfo {
  readonly id: FormatId;
  /** For people. */
  readonly label: string;
  /** What it reads, one line. */
  readonly detail: string;
}

/** All formats, in the order in which people choose among them. A function: its texts are translated. */
export function formats(): readonly FormatInfo[] {
  return [
    { id: 'json', label: t('JSON'), detail: t('Every digit as it was written.') },
    { id: 'text', label: t('Text'), detail: t('UTF-8.') },
    { id: 'hex', label: t('Hex'), detail: t('The bytes, as hex and as ASCII.') },
    {
      id: 'schemaRegistry',
      label: t('Schema Registry'),
      detail: t("Avro, JSON Schema or Protobuf, by the schema id before the value or in the record's headers."),
    },
    { id: 'messagePack', label: t('MessagePack'), detail: '' },
    { id: 'protobuf', label: t('Protobuf without Schema'), detail: t('Field numbers and wire types.') },
    { id: 'uuid', label: t('UUID'), detail: t('16 bytes, or 36 characters.') },
    { id: 'int64', label: t('Int64'), detail: t('8 bytes, big endian: LongSerializer.') },
    { id: 'int32', label: t('Int32'), detail: t('4 bytes, big endian: IntegerSerializer.') },
    { id: 'int16', label: t('Int16'), detail: t('2 bytes, big endian: ShortSerializer.') },
    { id: 'int8', label: t('Int8'), detail: t('1 byte.') },
    { id: 'float64', label: t('Float64'), detail: t('8 bytes, big endian: DoubleSerializer.') },
    { id: 'float32', label: t('Float32'), detail: t('4 bytes, big endian: FloatSerializer.') },
    { id: 'boolean', label: t('Boolean'), detail: t('1 byte, 0 or 1: BooleanSerializer.') },
  ];
}

let labels: ReadonlyMap<FormatId, string> | undefined;

/** Asked for with every value: kept, once texts are translated. */
export function labelOf(id: FormatId): string {
  labels ??= new Map(formats().map((format) => [format.id, format.label]));
  return labels.get(id) ?? id;
}

/** Whether a remembered or configured word is a format. */
export function isFormatChoice(value: unknown): value is FormatChoice {
  return value === 'auto' || formats().some(({ id }) => id === value);
}
