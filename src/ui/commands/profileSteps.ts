import type * as vscode from 'vscode';
import type { ClusterProfile } from '../connections/profile.ts';
import {
  parseServers,
  problemOfName,
  problemOfServers,
  profileColors,
  type ProfileScope,
} from '../connections/profiles.ts';
import { t } from '../../shared/l10n.ts';
import { askPickStep, askTextStep, type StepResult } from './steps.ts';

export interface Draft {
  servers: string;
  name: string;
  mark: string;
  readOnly: boolean;
  scope: ProfileScope;
}

export const emptyDraft: Draft = { servers: '', name: '', mark: '', readOnly: false, scope: 'user' };

const production = 'production';
const readOnlyProduction = 'production, read only';
const readOnly = 'read only';

export function draftOf(profile: ClusterProfile, scope: ProfileScope): Draft {
  const isReadOnly = profile.readOnly === true;
  const mark = profile.production
    ? isReadOnly
      ? readOnlyProduction
      : production
    : (profile.color ?? (isReadOnly ? readOnly : ''));
  return { servers: profile.bootstrapServers.join(', '), name: profile.name, mark, readOnly: isReadOnly, scope };
}

export function profileOf({ servers, name, mark, readOnly: wasReadOnly }: Draft): ClusterProfile {
  const isProduction = mark === production || mark === readOnlyProduction;
  const hasColor = (profileColors as readonly string[]).includes(mark);
  // Another colour says nothing of what may be changed.
  const isReadOnly = mark === readOnly || mark === readOnlyProduction || (hasColor && wasReadOnly);
  return {
    name: name.trim(),
    bootstrapServers: parseServers(servers),
    ...(isProduction ? { production: true } : {}),
    ...(isReadOnly ? { readOnly: true } : {}),
    ...(hasColor ? { color: mark } : {}),
  };
}

/**
 * Asks for all of a profile, step by step, with a way back. `taken`: names of other clusters. Undefined where the person
 * gave up.
 */
export async function askProfile(
  title: string,
  first: Draft,
  taken: readonly string[],
  asksScope: boolean,
): Promise<Draft | undefined> {
  const draft = { ...first };
  const totalSteps = asksScope ? 4 : 3;
  const steps: ((step: number) => Promise<StepResult<unknown>>)[] = [
    async (step) => {
      const result = await askTextStep({
        title,
        step,
        totalSteps,
        value: draft.servers,
        prompt: t('Bootstrap servers: host:port, several with commas between'),
        placeholder: 'localhost:9092',
        problem: problemOfServers,
      });
      return keep(result, (value) => (draft.servers = value));
    },
    async (step) => {
      const result = await askTextStep({
        title,
        step,
        totalSteps,
        value: draft.name === '' ? freeName(draft.servers, taken) : draft.name,
        prompt: t('What the cluster is called here'),
        problem: (value) => problemOfName(value, taken),
      });
      return keep(result, (value) => (draft.name = value));
    },
    async (step) => {
      const items = [
        { label: t('No mark'), value: '' },
        {
          label: t('Production'),
          detail: t('Changes ask twice, and its name is marked everywhere.'),
          value: production,
        },
        {
          label: t('Production, read only'),
          detail: t('Its name is marked everywhere, and nothing is changed there.'),
          value: readOnlyProduction,
        },
        { label: t('Read only'), detail: t('Nothing is changed there.'), value: readOnly },
        ...profileColors.map((color) => ({ label: `$(circle-filled) ${colorWord(color)}`, value: color })),
      ];
      const placeholder = t('How to tell it from other clusters');
      const result = await askPickStep({ title, step, totalSteps, placeholder, items, value: draft.mark });
      return keep(result, (value) => (draft.mark = value));
    },
  ];
  if (asksScope) {
    steps.push(async (step) => {
      const items: (vscode.QuickPickItem & { value: ProfileScope })[] = [
        { label: t('User settings'), detail: t('For you, in all folders.'), value: 'user' },
        { label: t('Workspace settings'), detail: t('For everybody who opens this folder.'), value: 'workspace' },
      ];
      const placeholder = t('Where to keep it');
      const result = await askPickStep({ title, step, totalSteps, placeholder, items, value: draft.scope });
      return keep(result, (value) => (draft.scope = value));
    });
  }
  let index = 0;
  while (index < steps.length) {
    const result = await steps[index]!(index + 1);
    if (result === undefined) return undefined;
    index += result === 'back' ? -1 : 1;
  }
  return draft;
}

function keep<T>(result: StepResult<T>, take: (value: T) => void): StepResult<T> {
  if (typeof result === 'object') take(result.value);
  return result;
}

/** The first server's host, as long as no other cluster is called so. */
function freeName(servers: string, taken: readonly string[]): string {
  const host = parseServers(servers)[0]!.replace(/:\d+$/, '');
  const name = host === 'localhost' || host === '127.0.0.1' || host === '[::1]' ? 'local' : host;
  for (let number = 1; ; number++) {
    const free = number === 1 ? name : `${name} ${number}`;
    if (!taken.includes(free)) return free;
  }
}

function colorWord(color: (typeof profileColors)[number]): string {
  switch (color) {
    case 'red':
      return t('Red');
    case 'orange':
      return t('Orange');
    case 'yellow':
      return t('Yellow');
    case 'green':
      return t('Green');
    case 'blue':
      return t('Blue');
    case 'purple':
      return t('Purple');
  }
}
