import { html } from 'lit';
import type { JournalItem } from '../../src/ui/panels/journal/protocol.ts';
import { icon } from '../shared/icon.ts';
import { t } from '../shared/l10n.ts';
import type { Column } from '../shared/tableModel.ts';
import { nameCell, wholeTime } from '../shared/text.ts';
import { standingOf } from './words.ts';

/** `2026-03-01 12:03:10`, local. */
export function localTime(at: number): string {
  return wholeTime(at).slice(0, 19).replace('T', ' ');
}

export function journalColumns(): Column<JournalItem>[] {
  return [
    {
      id: 'when',
      title: t('When'),
      width: 158,
      text: ({ when }) => new Date(when).toISOString(),
      cell: ({ when }) => localTime(when),
      hover: ({ when }) => wholeTime(when),
      key: ({ when }) => when,
    },
    {
      id: 'kind',
      title: t('Change'),
      width: 136,
      text: ({ change }) => change,
      key: ({ change }) => change,
    },
    {
      id: 'subject',
      title: t('Of'),
      hint: t('The group; or the topic or broker, where it is about none'),
      width: 150,
      grow: true,
      text: ({ subject }) => subject,
      cell: ({ subject }) => nameCell(subject === '' ? t('all brokers') : subject),
      key: ({ subject }) => subject,
    },
    {
      id: 'state',
      title: t('Result'),
      width: 112,
      text: (item) => standingOf(item).word,
      cell: (item) => {
        const { word, icon: name, kind } = standingOf(item);
        return html`<span class="row-state ${kind}">${icon(name)} ${word}</span>`;
      },
      hover: (item) => standingOf(item).meaning,
      key: (item) => standingOf(item).word,
    },
    {
      id: 'name',
      title: t('Name'),
      hint: t('Of a snapshot'),
      width: 140,
      text: ({ name }) => name ?? '',
      cell: ({ name }) => (name === undefined ? '' : nameCell(name)),
      key: ({ name }) => name,
    },
    {
      id: 'cluster',
      title: t('Cluster'),
      width: 110,
      text: ({ cluster }) => cluster,
      cell: ({ cluster }) => nameCell(cluster),
      key: ({ cluster }) => cluster,
    },
    {
      id: 'partitions',
      title: t('Partitions'),
      width: 84,
      end: true,
      text: ({ partitions }) => String(partitions),
      cell: ({ partitions }) => (partitions === 0 ? '-' : partitions.toLocaleString('en-US')),
      hover: ({ partitions }) => (partitions === 0 ? t('It is about no partitions.') : undefined),
      key: ({ partitions }) => partitions,
    },
  ];
}

export function filterText(item: JournalItem): string {
  const { change, subject, name, cluster, when, groupType } = item;
  const standing = standingOf(item).word;
  return [change, subject, name, cluster, localTime(when), groupType, standing].filter(Boolean).join(' ');
}
