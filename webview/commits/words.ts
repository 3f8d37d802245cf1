import type { CommitKind, CommitRow } from '../../src/ui/panels/commits/protocol.ts';
import { t } from '../shared/l10n.ts';

const icons: Record<CommitKind, string> = {
  first: 'circle-outline',
  forward: 'arrow-right',
  same: 'dash',
  rewind: 'debug-reverse-continue',
  jump: 'debug-step-over',
  deleted: 'trash',
};

export function kindIcon(kind: CommitKind): string {
  return icons[kind];
}

export function kindWord(kind: CommitKind): string {
  switch (kind) {
    case 'first':
      return t('first');
    case 'forward':
      return t('forward');
    case 'same':
      return t('no progress');
    case 'rewind':
      return t('rewind');
    case 'jump':
      return t('jump');
    case 'deleted':
      return t('deleted');
  }
}

export function kindMeaning(kind: CommitKind): string {
  switch (kind) {
    case 'first':
      return t('The first commit of the partition that is still in the topic');
    case 'forward':
      return t('Further than the commit before');
    case 'same':
      return t('Commits what was committed already');
    case 'rewind':
      return t('Back: the records between are processed twice');
    case 'jump':
      return t('Past records that the group cannot have, or can hardly have, read');
    case 'deleted':
      return t('A tombstone: the commit was deleted');
  }
}

/** Who owned the partition at a commit, or why nobody is named. */
export function ownerWord(row: CommitRow): string {
  if (row.owner !== undefined) return row.owner.name;
  if (row.group === 'empty') return t('no members');
  return row.notOwned === true ? t('nobody') : '-';
}

export function ownerHover(row: CommitRow): string {
  if (row.owner !== undefined) {
    return [row.owner.memberId, row.owner.host, t('Owned the partition then. Who committed is not in the topic.')]
      .filter(Boolean)
      .join('\n');
  }
  if (row.group === 'empty') return t('The group had no members: it was committed from outside.');
  if (row.notOwned === true) return t('The group had members, and none of them owned the partition.');
  return row.group === 'members'
    ? t("Which member owned the partition, the group's records do not tell.")
    : t('Who was in the group then is no longer in the topic, or it never had members.');
}

export function certaintyWord(certainty: 'fact' | 'inference'): string {
  return certainty === 'fact' ? t('fact') : t('inference');
}
