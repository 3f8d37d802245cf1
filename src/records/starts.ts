/** Numbers in one piece of memory; most batches are small, and a piece of its own for each costs more than its numbers. */
const pieceLength = 32 << 10;

let piece = new Uint32Array(0);
let used = 0;

/** Room for `length` numbers, zero each. It lives as long as others that lie beside it. */
export function allocateStarts(length: number): Uint32Array {
  if (length > pieceLength / 4) return new Uint32Array(length);
  if (length > piece.length - used) {
    piece = new Uint32Array(pieceLength);
    used = 0;
  }
  return piece.subarray(used, (used += length));
}
