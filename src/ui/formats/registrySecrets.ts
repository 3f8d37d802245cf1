import type { RegistryAuth } from '../../formats/index.ts';
import type { RegistryProfile } from '../connections/profile.ts';
import { authOf } from '../connections/registryProfile.ts';

/** What `vscode.SecretStorage` offers of which this needs. */
export interface Secrets {
  get(key: string): Thenable<string | undefined>;
  store(key: string, value: string): Thenable<void>;
  delete(key: string): Thenable<void>;
}

/**
 * Where a registry's password or token is kept. The address is part of the key: settings that come with a folder and name another
 * address do not get the secret sent there.
 */
function keyOf(cluster: string, registry: RegistryProfile): string {
  return `schemaRegistry ${JSON.stringify([cluster, registry.url, authOf(registry), registry.username ?? ''])}`;
}

/** How to identify ourselves, as the settings say and with what the storage holds; an empty password where it holds none. */
export async function readAuth(secrets: Secrets, cluster: string, registry: RegistryProfile): Promise<RegistryAuth> {
  const kind = authOf(registry);
  if (kind === 'none') return { kind };
  const secret = (await secrets.get(keyOf(cluster, registry))) ?? '';
  return withSecret(registry, secret);
}

export function withSecret(registry: RegistryProfile, secret: string): RegistryAuth {
  switch (authOf(registry)) {
    case 'none':
      return { kind: 'none' };
    case 'basic':
      return { kind: 'basic', username: registry.username ?? '', password: secret };
    case 'bearer':
      return { kind: 'bearer', token: secret };
  }
}

export async function storeSecret(
  secrets: Secrets,
  cluster: string,
  registry: RegistryProfile,
  secret: string,
): Promise<void> {
  if (authOf(registry) !== 'none') await secrets.store(keyOf(cluster, registry), secret);
}

export async function forgetSecret(secrets: Secrets, cluster: string, registry: RegistryProfile): Promise<void> {
  await secrets.delete(keyOf(cluster, registry));
}
