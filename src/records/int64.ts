const two32 = 2 ** 32;

/** A big-endian int64. `readBigInt64BE` puts it together from four bigints; mostly one, or none, will do. */
export function int64(bytes: Buffer, at: number): bigint {
  const high = bytes.readInt32BE(at);
  const low = bytes.readUInt32BE(at + 4);
  if (high === -1 && low === 0xffffffff) return -1n;
  const sum = high * two32 + low;
  return Number.isSafeInteger(sum) ? BigInt(sum) : bytes.readBigInt64BE(at);
}
