const bytesALine = 16;

/**
 * Offset, 16 bytes as hex and as ASCII a line, as `xxd` and `hexdump -C` print them. `from` and `count` choose a part of large
 * bytes; offsets count from the first byte of all.
 */
export function hexDump(bytes: Uint8Array, from = 0, count = bytes.length - from): string {
  const lines: string[] = [];
  const end = Math.min(bytes.length, from + count);
  for (let at = from; at < end; at += bytesALine) {
    let hex = '';
    let ascii = '';
    for (let index = at; index < at + bytesALine; index++) {
      if (index === at + bytesALine / 2) hex += ' ';
      if (index >= end) {
        hex += '   ';
        continue;
      }
      const byte = bytes[index]!;
      hex += byte.toString(16).padStart(2, '0') + ' ';
      ascii += byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.';
    }
    lines.push(`${at.toString(16).padStart(8, '0')}  ${hex} ${ascii}`);
  }
  return lines.join('\n');
}

/** Bytes as one line of hex, such as `00 ff 0a`; at most `maxBytes` of them, with "…" where there are more. */
export function hexLine(bytes: Uint8Array, maxBytes: number): string {
  const some = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, Math.max(0, maxBytes)));
  const text = some.toString('hex').replace(/..(?=.)/g, '$& ');
  return some.length < bytes.length ? `${text}…` : text;
}
