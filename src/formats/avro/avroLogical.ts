import { uuidText } from '../numbers.ts';
import { ByteReader } from '../byteReader.ts';
import type { Sink } from '../sink.ts';
import { decimalText, isoDate, isoInstant, timeOfDay } from '../timeText.ts';
import type { AvroLogical } from './avroSchema.ts';

const unitsASecond: Readonly<Record<string, bigint>> = { millis: 1000n, micros: 1_000_000n, nanos: 1_000_000_000n };

/** A date or time as ISO 8601; as its number where no calendar has it. */
export function putLogical(sink: Sink, logical: string, value: bigint): void {
  const units = unitsASecond[logical.slice(logical.lastIndexOf('-') + 1)];
  let text: string | undefined;
  if (logical === 'date') text = isoDate(value);
  else if (units !== undefined && logical.startsWith('time-')) text = timeOfDay(value, units);
  else if (units !== undefined) {
    const instant = isoInstant(value, units);
    // A local timestamp has no zone.
    text = logical.startsWith('local-') ? instant?.slice(0, -1) : instant;
  }
  if (text === undefined) sink.number(String(value));
  else sink.string(text);
}

export function putLogicalBytes(sink: Sink, { type, scale }: AvroLogical, bytes: Buffer): void {
  switch (type) {
    case 'decimal':
      // No precision needs as much, and making digits of it would take minutes.
      if (bytes.length > 4096) return sink.bytes(bytes);
      sink.number(decimalText(twosComplement(bytes), scale));
      break;
    case 'big-decimal': {
      // As Avro's Java library writes it: the unscaled value as bytes, then the scale.
      const reader = new ByteReader(bytes);
      const unscaled = twosComplement(reader.take(Number(reader.zigZag())));
      const own = Number(reader.zigZag());
      if (own < 0 || own > 10_000) sink.bytes(bytes);
      else sink.number(decimalText(unscaled, own));
      break;
    }
    case 'uuid':
      sink.string(uuidText(bytes));
      break;
    case 'duration':
      sink.string(
        `P${bytes.readUInt32LE(0)}M${bytes.readUInt32LE(4)}DT${decimalText(BigInt(bytes.readUInt32LE(8)), 3)}S`,
      );
      break;
    default:
      sink.bytes(bytes);
  }
}

function twosComplement(bytes: Buffer): bigint {
  if (bytes.length === 0) return 0n;
  return BigInt.asIntN(bytes.length * 8, BigInt(`0x${bytes.toString('hex')}`));
}
