import { t } from '../../shared/l10n.ts';
import type { RegistryProfile } from './profile.ts';

const auths = ['none', 'basic', 'bearer'] as const;

/** `schemaRegistry` of a cluster in the settings, or what is wrong with it, a sentence; undefined where it is not set. */
export function readRegistry(value: unknown): RegistryProfile | string | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'object' || Array.isArray(value)) {
    return t('schemaRegistry is to be an object, such as {"url": "http://localhost:8081"}.');
  }
  const { url, auth, username } = value as Record<string, unknown>;
  const problem = problemOfUrl(url);
  if (problem !== undefined) return t('schemaRegistry: {0}', problem);
  if (auth !== undefined && !(auths as readonly unknown[]).includes(auth)) {
    return t('schemaRegistry: auth is to be one of {0}.', auths.join(', '));
  }
  if (username !== undefined && typeof username !== 'string') return t('schemaRegistry: username is to be a text.');
  return {
    url: (url as string).trim(),
    ...(auth === undefined ? {} : { auth: auth as RegistryProfile['auth'] & string }),
    ...(username === undefined ? {} : { username }),
  };
}

/** What is wrong with a registry's address; undefined where nothing is. */
export function problemOfUrl(url: unknown): string | undefined {
  const example = t('The address is to be like https://registry:8081.');
  if (typeof url !== 'string') return example;
  const parsed = URL.parse(url.trim());
  if (parsed === null || !/^https?:$/.test(parsed.protocol) || parsed.hostname === '') return example;
  if (parsed.username !== '' || parsed.password !== '') {
    return t('The address is not to hold a name or password: settings are no place for them.');
  }
  if (parsed.search !== '' || parsed.hash !== '') return t('The address is to end with its path.');
  return undefined;
}

/** The list of clusters with `registry` in the entry called `name`, or without one; what else the entry holds is kept. */
export function withRegistry(list: unknown, name: string, registry: RegistryProfile | undefined): unknown[] {
  if (!Array.isArray(list)) throw new TypeError('kafkaDebugger.clusters is not a list');
  return list.map((entry: unknown) => {
    if (typeof entry !== 'object' || entry === null || (entry as { name?: unknown }).name !== name) return entry;
    const { schemaRegistry: _before, ...kept } = entry as Record<string, unknown>;
    return registry === undefined ? kept : { ...kept, schemaRegistry: registry };
  });
}

/** How the registry is to be asked, where the settings leave it open. */
export function authOf({ auth, username }: RegistryProfile): 'none' | 'basic' | 'bearer' {
  return auth ?? (username === undefined || username === '' ? 'none' : 'basic');
}
