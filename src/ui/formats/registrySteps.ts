import { t } from '../../shared/l10n.ts';
import { askPickStep, askTextStep, type StepResult } from '../commands/steps.ts';
import type { RegistryProfile } from '../connections/profile.ts';
import { authOf, problemOfUrl } from '../connections/registryProfile.ts';

export interface RegistryDraft {
  /** Empty: no registry. */
  readonly url: string;
  readonly auth: 'none' | 'basic' | 'bearer';
  readonly username: string;
  /** Password or token; empty keeps the one that is stored. */
  readonly secret: string;
}

export function draftOfRegistry(registry: RegistryProfile | undefined): RegistryDraft {
  if (registry === undefined) return { url: '', auth: 'none', username: '', secret: '' };
  return { url: registry.url, auth: authOf(registry), username: registry.username ?? '', secret: '' };
}

export function registryOfDraft({ url, auth, username }: RegistryDraft): RegistryProfile | undefined {
  if (url.trim() === '') return undefined;
  return { url: url.trim(), ...(auth === 'none' ? {} : { auth }), ...(auth === 'basic' ? { username } : {}) };
}

type StepName = 'url' | 'auth' | 'username' | 'secret';

/** Asks for all of a registry, step by step, with a way back. Undefined where the person gave up. */
export async function askRegistry(
  title: string,
  first: RegistryDraft,
  hasSecret: boolean,
): Promise<RegistryDraft | undefined> {
  let draft = first;
  let index = 0;
  for (;;) {
    const names = stepsOf(draft);
    const name = names[index];
    if (name === undefined) return draft;
    const place = { title, step: index + 1, totalSteps: Math.max(names.length, 2) };
    const result = await ask(name, place, draft, hasSecret);
    if (result === undefined) return undefined;
    if (result === 'back') {
      index--;
      continue;
    }
    draft = { ...draft, ...result.value };
    index++;
  }
}

/** Which questions there are depends on the answers so far. */
function stepsOf({ url, auth }: RegistryDraft): StepName[] {
  // The address is asked for first; where it is left empty nothing else is.
  if (url.trim() === '') return ['url'];
  if (auth === 'basic') return ['url', 'auth', 'username', 'secret'];
  return auth === 'bearer' ? ['url', 'auth', 'secret'] : ['url', 'auth'];
}

async function ask(
  name: StepName,
  place: { title: string; step: number; totalSteps: number },
  draft: RegistryDraft,
  hasSecret: boolean,
): Promise<StepResult<Partial<RegistryDraft>>> {
  switch (name) {
    case 'url':
      return put(
        await askTextStep({
          ...place,
          value: draft.url,
          prompt: t('Address of the Schema Registry, with its path where it has one; empty for none'),
          placeholder: 'http://localhost:8081',
          problem: (url) => (url.trim() === '' ? undefined : problemOfUrl(url)),
        }),
        (url) => ({ url }),
      );
    case 'auth':
      return put(
        await askPickStep<RegistryDraft['auth']>({
          ...place,
          placeholder: t('How the registry is to know who asks'),
          items: [
            { label: t('Not at all'), value: 'none' },
            { label: t('User name and password'), detail: t('Also API key and secret.'), value: 'basic' },
            { label: t('Bearer token'), value: 'bearer' },
          ],
          value: draft.auth,
        }),
        (auth) => ({ auth }),
      );
    case 'username':
      return put(
        await askTextStep({
          ...place,
          value: draft.username,
          prompt: t('User name, or API key'),
          problem: (value) => (value === '' ? t('A user name is needed.') : undefined),
        }),
        (username) => ({ username }),
      );
    case 'secret':
      return put(
        await askTextStep({
          ...place,
          value: draft.secret,
          password: true,
          prompt:
            draft.auth === 'basic'
              ? t("Password, or API secret; kept in the editor's secret storage")
              : t("Token; kept in the editor's secret storage"),
          ...(hasSecret ? { placeholder: t('Empty keeps the one that is stored') } : {}),
          problem: () => undefined,
        }),
        (secret) => ({ secret }),
      );
  }
}

function put<T>(result: StepResult<T>, part: (value: T) => Partial<RegistryDraft>): StepResult<Partial<RegistryDraft>> {
  return result === undefined || result === 'back' ? result : { value: part(result.value) };
}
