/**
 * Makes a long message short without changing its CRC-32C, several times as fast as its checksum can be computed byte by byte.
 *
 * A bit of the message is a power of x, and a checksum is a remainder. CRC-32C's polynomial divides
 * `1 + x^(8·158) + x^(8·288) + x^(8·425) + x^(8·695) + x^(8·859)`, so that a bit may be replaced by bits at these distances behind it.
 * Done for all bits from the first on, 16 bytes at a time, nothing is left but the last 859 bytes (the idea of "Chorba", arXiv 2412.16398,
 * with powers of our own). It takes WebAssembly's 128-bit words, which JavaScript has not.
 */

/** By how many bytes. Found by trying; no two are close, so that no word is read right after a part of it was written. */
const distances = [164, 434, 571, 701, 859] as const;
const longest = distances[4];
/** Bytes folded at a time: as many as stay in a processor's first cache. */
const windowBytes = 24 << 10;
/** What is shorter is not worth the call. */
export const worthFolding = 2 * longest;

export interface Folded {
  /** Valid until the next call. */
  readonly bytes: Uint8Array;
  readonly length: number;
}

interface Machine {
  readonly memory: Uint8Array;
  readonly fold: (from: number, to: number) => void;
}
let machine: Machine | undefined;

/** What is used of it; Node's type declarations leave it to those of browsers. */
interface Wasm {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => {
    readonly exports: { readonly memory: { readonly buffer: ArrayBuffer }; readonly fold: Machine['fold'] };
  };
}

/** A message of at most some 1,000 bytes with the remainder of `bytes` from `start` to `end`, which has at least `worthFolding`; begun with ones (`-1`), to be gone on with zero. */
export function fold(bytes: Uint8Array, start: number, end: number): Folded {
  machine ??= makeMachine();
  const { memory } = machine;
  let filled = 0;
  for (let at = start; at < end;) {
    const taken = Math.min(end - at, windowBytes - filled);
    memory.set(bytes.subarray(at, at + taken), filled);
    // A checksum begins with ones: that is, with its first bits turned over.
    if (at === start) for (let index = 0; index < 4; index++) memory[index]! ^= 0xff;
    at += taken;
    filled += taken;
    const done = (filled - longest) & ~15;
    if (done <= 0) continue;
    machine.fold(0, done);
    memory.copyWithin(0, done, filled);
    filled -= done;
  }
  return { bytes: memory, length: filled };
}

function makeMachine(): Machine {
  const { Module, Instance } = (globalThis as unknown as { WebAssembly: Wasm }).WebAssembly;
  const { memory, fold } = new Instance(new Module(program())).exports;
  return { memory: new Uint8Array(memory.buffer), fold };
}

/**
 * The binary form of:
 *
 *     (memory (export "memory") 1)
 *     (func (export "fold") (param $at i32) (param $to i32) (local $word v128)
 *       (loop
 *         (local.set $word (v128.load (local.get $at)))
 *         ;; for each distance
 *         (v128.store offset=D (local.get $at) (v128.xor (v128.load offset=D (local.get $at)) (local.get $word)))
 *         (br_if 0 (i32.lt_u (local.tee $at (i32.add (local.get $at) (i32.const 16))) (local.get $to)))))
 */
function program(): Uint8Array<ArrayBuffer> {
  const [at, to, word] = [0, 1, 2];
  const get = (local: number): number[] => [0x20, local];
  const load = (offset: number): number[] => [0xfd, 0x00, 0, ...leb(offset)];
  const store = (offset: number): number[] => [0xfd, 0x0b, 0, ...leb(offset)];
  const spread = distances.flatMap((by) => [
    ...get(at),
    ...get(at),
    ...load(by),
    ...get(word),
    0xfd,
    0x51,
    ...store(by),
  ]);
  const next = [...get(at), 0x41, 16, 0x6a, 0x22, at, ...get(to), 0x49, 0x0d, 0];
  const loop = [0x03, 0x40, ...get(at), ...load(0), 0x21, word, ...spread, ...next, 0x0b];
  const code = sized([1, 1, 0x7b, ...loop, 0x0b]);
  return new Uint8Array([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...[1, ...sized([1, 0x60, 2, 0x7f, 0x7f, 0])],
    ...[3, ...sized([1, 0])],
    ...[5, ...sized([1, 0, 1])],
    ...[7, ...sized([2, ...named('fold', 0x00), ...named('memory', 0x02)])],
    ...[10, ...sized([1, ...code])],
  ]);
}

function named(name: string, kind: number): number[] {
  return [...sized([...new TextEncoder().encode(name)]), kind, 0];
}

function sized(bytes: readonly number[]): number[] {
  return [...leb(bytes.length), ...bytes];
}

/** An unsigned number below 2^14, seven bits a byte. */
function leb(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, value >>> 7];
}
