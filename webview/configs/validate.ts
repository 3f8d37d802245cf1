import type { ConfigType } from '../../src/ui/panels/configs/protocol.ts';

export const bounds: Partial<Record<ConfigType, readonly [bigint, bigint]>> = {
  short: [-(2n ** 15n), 2n ** 15n - 1n],
  int: [-(2n ** 31n), 2n ** 31n - 1n],
  long: [-(2n ** 63n), 2n ** 63n - 1n],
};
const times: Readonly<Record<string, bigint>> = {
  ms: 1n,
  s: 1_000n,
  min: 60_000n,
  h: 3_600_000n,
  d: 86_400_000n,
};
const sizes: Readonly<Record<string, bigint>> = {
  b: 1n,
  kib: 1n << 10n,
  mib: 1n << 20n,
  gib: 1n << 30n,
  tib: 1n << 40n,
};

/** `7 d` of a name in ms, or `1 GiB` of one in bytes, as Kafka takes it; anything else as it is. */
export function plainValue(name: string, typed: string): string {
  const text = typed.trim();
  const found = /^(\d+)\s*([a-z]+)$/i.exec(text);
  if (found === null) return text;
  const unit = found[2]!.toLowerCase();
  const factor = name.endsWith('.ms') ? times[unit] : /\.bytes(\.|$)/.test(name) ? sizes[unit] : undefined;
  return factor === undefined ? text : String(BigInt(found[1]!) * factor);
}

/** What a value of a type has to be, and is not. */
export type ValueProblem = 'integer' | 'range' | 'number' | 'boolean';

/** What is wrong with a value by its type; the broker knows the rest. */
export function problemOf(type: ConfigType, value: string): ValueProblem | undefined {
  const range = bounds[type];
  if (range !== undefined) {
    if (!/^[+-]?\d+$/.test(value)) return 'integer';
    const number = BigInt(value);
    return number < range[0] || number > range[1] ? 'range' : undefined;
  }
  if (type === 'double') return value !== '' && Number.isFinite(Number(value)) ? undefined : 'number';
  if (type === 'boolean') return value === 'true' || value === 'false' ? undefined : 'boolean';
  return undefined;
}

/** Where Kafka knows only these. */
export const choices: Readonly<Record<string, readonly string[]>> = {
  'cleanup.policy': ['delete', 'compact', 'compact,delete'],
  'message.timestamp.type': ['CreateTime', 'LogAppendTime'],
  'compression.type': ['producer', 'uncompressed', 'gzip', 'snappy', 'lz4', 'zstd'],
  'share.auto.offset.reset': ['latest', 'earliest', 'by_duration:PT1H'],
  'share.isolation.level': ['read_uncommitted', 'read_committed'],
};

/** Those of which what is there to choose is an example: any other duration is taken as well (KIP-932). */
export const openChoices: ReadonlySet<string> = new Set(['share.auto.offset.reset']);
