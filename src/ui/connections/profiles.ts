import { addressText, parseBootstrap } from '../../kafka/bootstrap.ts';
import { messageOf } from '../../shared/errors.ts';
import type { ClusterProfile } from './profile.ts';
import { readRegistry } from './registryProfile.ts';
import { t } from '../../shared/l10n.ts';

/** Which settings file a profile is written in. */
export type ProfileScope = 'user' | 'workspace';

/** An element of `kafkaDebugger.clusters`, whatever it holds: people write it by hand, so none is dropped silently. */
export type ClusterEntry =
  | { readonly kind: 'profile'; readonly name: string; readonly scope: ProfileScope; readonly profile: ClusterProfile }
  | {
      readonly kind: 'invalid';
      /** What to show: the entry's name, or its place in the list. */
      readonly name: string;
      readonly scope: ProfileScope;
      /** Its place in the list, from 0. */
      readonly index: number;
      /** What is wrong, a sentence. */
      readonly problem: string;
    };

export type RawProfiles = Readonly<Record<ProfileScope, unknown>>;

export const profileColors = ['red', 'orange', 'yellow', 'green', 'blue', 'purple'] as const;

/** Workspace entries first: they are nearer. Of entries with one name the first counts, the others are invalid. */
export function readProfiles(raw: RawProfiles): ClusterEntry[] {
  const taken = new Set<string>();
  return (['workspace', 'user'] as const).flatMap((scope) => {
    const list = raw[scope];
    if (list === undefined || list === null) return [];
    if (!Array.isArray(list)) {
      const problem = t('kafkaDebugger.clusters is to be a list of clusters, not {0}.', describe(list));
      return [{ kind: 'invalid' as const, name: 'kafkaDebugger.clusters', scope, index: 0, problem }];
    }
    return list.map((value: unknown, index) => readEntry(value, index, scope, taken));
  });
}

function readEntry(value: unknown, index: number, scope: ProfileScope, taken: Set<string>): ClusterEntry {
  const unnamed = t('Cluster {0} of the settings', index + 1);
  const invalid = (problem: string, name = unnamed): ClusterEntry => ({ kind: 'invalid', name, scope, index, problem });
  if (!isRecord(value)) {
    return invalid(t('A cluster is to be an object with name and bootstrapServers, not {0}.', describe(value)));
  }
  const { name, bootstrapServers, production, readOnly, color, schemaRegistry } = value;
  if (typeof name !== 'string' || name.trim() === '') return invalid(t('It has no name.'));
  if (taken.has(name)) return invalid(t('Another cluster has this name. Names are to be unique.'), name);
  const servers = Array.isArray(bootstrapServers) ? bootstrapServers : [bootstrapServers];
  if (servers.length === 0 || !servers.every((server) => typeof server === 'string')) {
    return invalid(t('bootstrapServers is to be a list of host:port, such as ["localhost:9092"].'), name);
  }
  if (production !== undefined && typeof production !== 'boolean') {
    return invalid(t('production is to be true or false, not {0}.', describe(production)), name);
  }
  if (readOnly !== undefined && typeof readOnly !== 'boolean') {
    return invalid(t('readOnly is to be true or false, not {0}.', describe(readOnly)), name);
  }
  if (color !== undefined && !(profileColors as readonly unknown[]).includes(color)) {
    return invalid(t('color is to be one of {0}, not {1}.', profileColors.join(', '), describe(color)), name);
  }
  const registry = readRegistry(schemaRegistry);
  if (typeof registry === 'string') return invalid(registry, name);
  try {
    const profile: ClusterProfile = {
      name,
      bootstrapServers: parseServers(servers.join(',')),
      ...(production === undefined ? {} : { production }),
      ...(readOnly === undefined ? {} : { readOnly }),
      ...(color === undefined ? {} : { color: color as string }),
      ...(registry === undefined ? {} : { schemaRegistry: registry }),
    };
    taken.add(name);
    return { kind: 'profile', name, scope, profile };
  } catch (error) {
    return invalid(messageOf(error), name);
  }
}

/** The list with `profile` in place of the entry called `name`, or at its end; what else the entry holds is kept. */
export function withProfile(list: unknown, name: string | undefined, profile: ClusterProfile): unknown[] {
  const entries = entriesOf(list);
  const index = entries.findIndex((entry) => isRecord(entry) && entry['name'] === name);
  if (name === undefined || index < 0) return [...entries, profile];
  const {
    production: _production,
    readOnly: _readOnly,
    color: _color,
    ...kept
  } = entries[index] as Record<string, unknown>;
  return entries.with(index, { ...kept, ...profile });
}

/** The list without the entry called `name`; of several so called only the first, which is the one that counts. */
export function withoutProfile(list: unknown, name: string): unknown[] {
  const entries = entriesOf(list);
  const index = entries.findIndex((entry) => isRecord(entry) && entry['name'] === name);
  return index < 0 ? entries : entries.toSpliced(index, 1);
}

/** What is wrong with a name for a cluster; undefined where nothing is. */
export function problemOfName(name: string, taken: Iterable<string>): string | undefined {
  if (name.trim() === '') return t('A cluster needs a name.');
  if (name.length > 100) return t('A name has at most 100 characters.');
  for (const other of taken) {
    if (other === name.trim()) return t('A cluster with this name exists already.');
  }
  return undefined;
}

/** `host:port` each, of a list that people typed. Throws a HumanError where it is none. */
export function parseServers(text: string): string[] {
  return parseBootstrap(text).map(addressText);
}

/** What is wrong with a list of bootstrap servers; undefined where nothing is. */
export function problemOfServers(text: string): string | undefined {
  try {
    parseServers(text);
    return undefined;
  } catch (error) {
    return messageOf(error);
  }
}

/** Throws where the setting is not a list: overwriting what somebody wrote there would lose it. */
function entriesOf(list: unknown): unknown[] {
  if (list === undefined || list === null) return [];
  if (Array.isArray(list)) return [...(list as unknown[])];
  throw new TypeError('kafkaDebugger.clusters is not a list');
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function describe(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 40 ? `${text.slice(0, 39)}…` : text;
}
