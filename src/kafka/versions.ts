import type { Api } from './protocol/api.ts';

/** API key -> the versions that a broker offers. */
export type ApiVersionRanges = ReadonlyMap<number, { readonly min: number; readonly max: number }>;

/** What of an API matters for choosing its version. */
export type Versioned = Pick<Api<never, unknown>, 'key' | 'minVersion' | 'maxVersion'>;

/** The highest version that the broker, the codec and the caller share; undefined where there is none. */
export function pickVersion(
  api: Versioned,
  offered: ApiVersionRanges,
  { minVersion = 0, maxVersion = Infinity }: { minVersion?: number | undefined; maxVersion?: number | undefined } = {},
): number | undefined {
  const range = offered.get(api.key);
  if (range === undefined) return undefined;
  const version = Math.min(range.max, api.maxVersion, maxVersion);
  return version >= Math.max(range.min, api.minVersion, minVersion) ? version : undefined;
}
