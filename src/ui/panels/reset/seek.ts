import * as vscode from 'vscode';
import { isEmpty } from '../../../changes/groupNow.ts';
import type { PlanRow } from '../../../groups/plan/plan.ts';
import { formatCount } from '../../../shared/format.ts';
import { HumanError, isCancelled, messageOf } from '../../../shared/errors.ts';
import { t } from '../../../shared/l10n.ts';
import { visibleText } from '../../../shared/visibleText.ts';
import { planSentences } from '../../changes/planSentences.ts';
import type { Planned } from './planTask.ts';
import type { ResetForm } from './protocol.ts';
import type { ResetTarget } from './resetFeedOptions.ts';
import { parseSeek, seekRequest } from './seekText.ts';

export interface SeekPlace {
  readonly cluster: string;
  readonly group: string;
  readonly topic: string;
  readonly partition: number;
}

export type SeekChoice =
  | { readonly kind: 'execute'; readonly planned: Planned }
  /** The group has members: the page knows what can be done. */
  | { readonly kind: 'page'; readonly form: Partial<ResetForm> };

interface SeekItem extends vscode.QuickPickItem {
  readonly fill?: string;
  readonly choice?: SeekChoice;
}

/** What is typed is planned when nothing came for so long, ms. */
const settleMs = 150;

/** Asks where one partition shall go, showing what that would do as one types. Undefined where the person gave up. */
export function askSeek(
  place: SeekPlace,
  committed: bigint | undefined,
  open: () => Promise<ResetTarget>,
  now: () => number = Date.now,
): Promise<SeekChoice | undefined> {
  const name = `${place.topic}-${place.partition}`;
  const pick = vscode.window.createQuickPick<SeekItem>();
  pick.title = t('Seek {0} of {1}', visibleText(name), visibleText(place.group));
  pick.placeholder =
    committed === undefined
      ? t('18204, earliest, latest, 10 minutes ago or 2026-01-31T14:30')
      : t('Now at {0}: 18204, +10, -10, earliest, latest, 10 minutes ago or 2026-01-31T14:30', String(committed));
  pick.ignoreFocusOut = true;
  pick.items = suggestions();
  let planning: AbortController | undefined;
  let timer: NodeJS.Timeout | undefined;

  const plan = async (text: string): Promise<void> => {
    const mine = new AbortController();
    planning = mine;
    try {
      const request = seekRequest(place.group, place, parseSeek(text, now()));
      pick.busy = true;
      const planned = await (await open()).plan(request, mine.signal);
      if (!mine.signal.aborted) pick.items = [itemOf(text, place, planned)];
    } catch (error) {
      if (mine.signal.aborted || isCancelled(error)) return;
      const label = `$(error) ${error instanceof HumanError ? error.message : messageOf(error)}`;
      pick.items = [{ label, alwaysShow: true }];
    } finally {
      if (planning === mine) pick.busy = false;
    }
  };
  const typed = (text: string): void => {
    planning?.abort();
    clearTimeout(timer);
    if (text.trim() === '') {
      pick.items = suggestions();
      return;
    }
    // What was planned for other words must not be accepted for these.
    pick.items = [{ label: `$(loading~spin) ${t('Planning {0}', text)}`, alwaysShow: true }];
    timer = setTimeout(() => void plan(text), settleMs);
  };
  return new Promise((resolve) => {
    let result: SeekChoice | undefined;
    pick.onDidChangeValue(typed);
    pick.onDidAccept(() => {
      const [item] = pick.activeItems;
      if (item?.fill !== undefined) {
        pick.value = item.fill;
        typed(item.fill);
      } else if (item?.choice !== undefined) {
        result = item.choice;
        pick.hide();
      }
    });
    pick.onDidHide(() => {
      planning?.abort();
      clearTimeout(timer);
      pick.dispose();
      resolve(result);
    });
    pick.show();
  });
}

function suggestions(): SeekItem[] {
  const item = (fill: string, description: string): SeekItem => ({ label: fill, description, fill, alwaysShow: true });
  return [
    item('earliest', t('the first record of the log')),
    item('latest', t('the end of the log')),
    item('+1', t('one record forward')),
    item('-10', t('ten records back')),
    item('10 minutes ago', t('the first record written since then')),
  ];
}

function itemOf(text: string, place: SeekPlace, { plan, group }: Planned): SeekItem {
  const [row] = plan.rows;
  const problem = plan.refusal ?? row?.error;
  if (row === undefined || problem !== undefined) {
    return { label: `$(error) ${problem ?? t('Nothing would be changed.')}`, alwaysShow: true };
  }
  const detail = [row.warning, ...planSentences(plan)].filter((one) => one !== undefined).join(' ');
  const label = `$(arrow-right) ${moveText(row)}`;
  if ('value' in group && !isEmpty(group.value)) {
    return {
      label,
      description: t('the group has members: shows what can be done'),
      detail,
      alwaysShow: true,
      choice: { kind: 'page', form: formOf(text, place, plan.strategy) },
    };
  }
  return {
    label,
    description: t('Enter sets it'),
    detail,
    alwaysShow: true,
    choice: { kind: 'execute', planned: { plan, group } },
  };
}

function moveText({ before, after }: PlanRow): string {
  const from = 'value' in before && before.value !== undefined ? formatCount(before.value.offset) : t('no commit');
  return t('from {0} to {1}', from, after?.kind === 'commit' ? formatCount(after.offset) : t('no commit'));
}

function formOf(
  text: string,
  { topic, partition }: SeekPlace,
  strategy: Planned['plan']['strategy'],
): Partial<ResetForm> {
  const scope = { scope: 'topics', topics: [{ topic, partitions: String(partition) }] } as const;
  const { kind } = strategy;
  if (kind === 'earliest' || kind === 'latest') return { ...scope, strategy: kind };
  if (kind === 'offset') return { ...scope, strategy: kind, offset: String(strategy.offset) };
  if (kind === 'shift-by') return { ...scope, strategy: kind, by: String(strategy.by) };
  return { ...scope, strategy: 'datetime', time: text };
}
