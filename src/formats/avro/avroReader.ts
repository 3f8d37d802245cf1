import { t } from '../../shared/l10n.ts';
import { ByteReader } from '../byteReader.ts';
import { maxDepth, putFloat, UndecodableError, type Sink } from '../sink.ts';
import { putLogical, putLogicalBytes } from './avroLogical.ts';
import type { AvroType } from './avroSchema.ts';

/** Items that take no byte of their own (nulls, empty records): more of them than this are damage, not data. */
const maxEmptyItems = 100_000;

/** Reads one value in Avro's binary encoding to its end. @throws {UndecodableError} also where bytes are left over. */
export function readAvro(bytes: Buffer, type: AvroType, sink: Sink): void {
  const reader = new AvroReader(bytes, sink);
  reader.value(type, 0);
  const left = bytes.length - reader.in.at;
  if (left > 0)
    throw new UndecodableError(t('{0} bytes are left over behind the value that the schema describes.', left));
}

class AvroReader {
  readonly in: ByteReader;
  readonly #sink: Sink;
  #emptyItems = 0;

  constructor(bytes: Buffer, sink: Sink) {
    this.in = new ByteReader(bytes);
    this.#sink = sink;
  }

  value(type: AvroType, depth: number): void {
    if (depth > maxDepth) throw new UndecodableError(t('The value is nested too deep.'));
    const sink = this.#sink;
    sink.progress(this.in.at);
    switch (type.kind) {
      case 'null':
        sink.null();
        break;
      case 'boolean': {
        const byte = this.in.byte();
        if (byte > 1) throw new UndecodableError(t('A boolean is {0}, not 0 or 1.', byte));
        sink.boolean(byte === 1);
        break;
      }
      case 'int':
      case 'long': {
        const value = this.in.zigZag();
        if (type.kind === 'int' && BigInt.asIntN(32, value) !== value) {
          throw new UndecodableError(t('An int does not fit into 32 bits.'));
        }
        if (type.logical === undefined) sink.number(String(value));
        else putLogical(sink, type.logical.type, value);
        break;
      }
      case 'float':
        putFloat(sink, this.in.take(4).readFloatLE(), 32);
        break;
      case 'double':
        putFloat(sink, this.in.take(8).readDoubleLE(), 64);
        break;
      case 'string':
        sink.utf8(this.in.take(this.#length()));
        break;
      case 'bytes':
        this.#bytes(this.in.take(this.#length()), type);
        break;
      case 'fixed':
        this.#bytes(this.in.take(type.size), type);
        break;
      case 'enum': {
        const index = Number(this.in.zigZag());
        const symbol = type.symbols[index];
        if (symbol === undefined) throw new UndecodableError(t('Enum {0} has no symbol {1}.', type.name, index));
        sink.string(symbol);
        break;
      }
      case 'array':
        sink.begin('array');
        this.#blocks(() => this.value(type.items, depth + 1));
        sink.end();
        break;
      case 'map':
        sink.begin('object');
        this.#blocks(() => {
          sink.key(this.in.take(this.#length()).toString('utf8'));
          this.value(type.items, depth + 1);
        });
        sink.end();
        break;
      case 'record':
        sink.begin('object');
        for (const field of type.fields) {
          sink.key(field.name);
          this.value(field.type, depth + 1);
        }
        sink.end();
        break;
      case 'union': {
        const index = Number(this.in.zigZag());
        const branch = type.branches[index];
        if (branch === undefined) {
          throw new UndecodableError(t('A union of {0} branches has no branch {1}.', type.branches.length, index));
        }
        if (!type.named || branch.kind === 'null') {
          this.value(branch, depth + 1);
        } else {
          sink.begin('object');
          sink.key('name' in branch ? branch.name : branch.kind);
          this.value(branch, depth + 1);
          sink.end();
        }
        break;
      }
    }
  }

  #bytes(bytes: Buffer, type: AvroType & { kind: 'bytes' | 'fixed' | 'string' }): void {
    if (type.logical === undefined) this.#sink.bytes(bytes);
    else putLogicalBytes(this.#sink, type.logical, bytes);
  }

  #length(): number {
    const length = this.in.zigZag();
    if (length < 0n)
      throw new UndecodableError(t('Before byte {0} stands a length of {1}.', this.in.at, String(length)));
    if (length > BigInt(this.in.left)) throw this.in.tooShort(length);
    return Number(length);
  }

  /** Arrays and maps come in blocks; a negative count is followed by the block's size in bytes. */
  #blocks(item: () => void): void {
    for (;;) {
      let count = this.in.zigZag();
      if (count === 0n) return;
      if (count < 0n) {
        count = -count;
        this.in.zigZag();
      }
      for (; count > 0n; count--) {
        const before = this.in.at;
        item();
        if (this.in.at === before && ++this.#emptyItems > maxEmptyItems) {
          throw new UndecodableError(t('It says that it has more items than its bytes can hold.'));
        }
      }
    }
  }
}
