import type { Health } from '../../groups/status.ts';
import type { GroupType } from '../../groups/snapshot.ts';
import { formatShort, shorten } from '../../shared/format.ts';
import { visibleText } from '../../shared/visibleText.ts';
import { t } from '../../shared/l10n.ts';
import type { NodeIcon } from './node.ts';

const longestLabel = 80;

/** A name from Kafka or from the settings as a label; whole in the tooltip and when copied. */
export function labelOf(name: string): string {
  if (name === '') return t('(empty name)');
  const text = visibleText(name);
  return text.length <= longestLabel ? text : shorten(text, longestLabel);
}

/** Facts, worst first, of which three are shown. */
export function facts(...all: readonly (string | undefined)[]): string {
  return all
    .filter((fact) => fact !== undefined && fact !== '')
    .slice(0, 3)
    .join(', ');
}

export function lagWords(lag: bigint | undefined): string | undefined {
  return lag === undefined ? undefined : t('lag {0}', formatShort(lag));
}

export function plural(count: number, one: string, many: string): string {
  return count === 1 ? t(one, count) : t(many, formatShort(count));
}

/** `12:03:10`, local. */
export function clock(at: number): string {
  return new Date(at).toTimeString().slice(0, 8);
}

export const icons = {
  good: { id: 'pass', color: 'charts.green' },
  warning: { id: 'warning', color: 'list.warningForeground' },
  error: { id: 'error', color: 'list.errorForeground' },
  unknown: { id: 'question' },
  loading: { id: 'loading~spin' },
  note: { id: 'info' },
  denied: { id: 'lock' },
} as const satisfies Record<string, NodeIcon>;

export function healthIcon(health: Health, attention: boolean): NodeIcon {
  switch (health) {
    case 'healthy':
      return attention ? icons.warning : icons.good;
    case 'behind':
      return icons.warning;
    case 'rebalancing':
      return { id: 'sync', ...(attention ? { color: icons.warning.color } : {}) };
    case 'empty':
      return { id: 'circle-slash', ...(attention ? { color: icons.warning.color } : {}) };
    case 'dead':
      return { id: 'circle-slash', color: icons.error.color };
    case 'unknown':
      return icons.unknown;
  }
}

export function healthWord(health: Health): string {
  switch (health) {
    case 'healthy':
      return t('healthy');
    case 'behind':
      return t('behind');
    case 'rebalancing':
      return t('rebalancing');
    case 'empty':
      return t('empty');
    case 'dead':
      return t('dead');
    case 'unknown':
      return t('unknown');
  }
}

export function groupTypeWord(type: GroupType): string {
  switch (type) {
    case 'classic':
      return t('consumer group, classic protocol');
    case 'consumer':
      return t('consumer group, new protocol (KIP-848)');
    case 'share':
      return t('share group');
    case 'streams':
      return t('streams group');
  }
}
