import { html, nothing } from 'lit';
import type { ChangeItem, ChangeModel, ItemOutcome } from '../../src/ui/panels/change/protocol.ts';
import { icon } from '../shared/icon.ts';
import { t } from '../shared/l10n.ts';
import type { Column } from '../shared/tableModel.ts';
import { exact, nameCell } from '../shared/text.ts';

export function outcomeWord(outcome: ItemOutcome): string {
  switch (outcome) {
    case 'done':
      return t('done');
    case 'overtaken':
      return t('overtaken');
    case 'refused':
      return t('refused');
    case 'moved':
      return t('left: it had moved');
    case 'not-sent':
      return t('not sent');
    case 'unknown':
      return t('not known');
  }
}

export function outcomeIcon(outcome: ItemOutcome): string {
  return outcome === 'done'
    ? 'check'
    : outcome === 'refused'
      ? 'error'
      : outcome === 'unknown'
        ? 'question'
        : 'warning';
}

/** `-` for what is not known, a word for "no commit". */
function offsetText(value: string | null | undefined, none: string): string {
  return value === null ? none : exact(value);
}

const noCommit = (): string => t('no commit');

function text(
  id: string,
  title: string,
  width: number,
  of: (item: ChangeItem) => string | undefined,
  grow = false,
): Column<ChangeItem> {
  return {
    id,
    title,
    width,
    grow,
    text: (item) => of(item) ?? '',
    cell: (item) => (of(item) === undefined ? '-' : nameCell(of(item)!)),
    key: of,
  };
}

function offset(
  id: 'before' | 'after' | 'found',
  title: string,
  none: (item: ChangeItem) => string,
  unknown: (item: ChangeItem) => string | undefined,
): Column<ChangeItem> {
  return {
    id,
    title,
    width: 112,
    end: true,
    text: (item) => (item[id] === null ? none(item) : (item[id] ?? '')),
    cell: (item) =>
      item[id] === null ? html`<span class="quiet">${none(item)}</span>` : offsetText(item[id], none(item)),
    // A long one has no room in the cell.
    hover: (item) => (item[id] === undefined ? unknown(item) : item[id] === null ? undefined : exact(item[id])),
    key: (item) => (item[id] === undefined ? undefined : item[id] === null ? -1n : BigInt(item[id])),
  };
}

function figure(id: 'again' | 'skipped', title: string, hint: string): Column<ChangeItem> {
  return {
    id,
    title,
    hint,
    width: 100,
    end: true,
    text: (item) => item[id] ?? '',
    cell: (item) => exact(item[id]),
    hover: (item) =>
      item[id] === undefined
        ? (item.error ?? t('Nobody can know it: where a consumer goes is in its auto.offset.reset.'))
        : exact(item[id]),
    key: (item) => (item[id] === undefined ? undefined : BigInt(item[id])),
  };
}

const partition: Column<ChangeItem> = {
  id: 'partition',
  title: t('Partition'),
  width: 76,
  end: true,
  text: (item) => String(item.partition ?? ''),
  cell: (item) => item.partition ?? '-',
  key: (item) => item.partition,
};

function readerFigure(id: 'members' | 'commits' | 'lag', title: string, hint: string): Column<ChangeItem> {
  return {
    id,
    title,
    hint,
    width: 90,
    end: true,
    text: ({ reader }) => String(reader?.[id] ?? ''),
    cell: ({ reader }) => exact(reader?.[id] === undefined ? undefined : String(reader[id])),
    hover: ({ group, reader }) =>
      group !== '' && reader?.[id] === undefined ? t('It has no commit there whose distance is known.') : undefined,
    key: ({ reader }) => (reader?.[id] === undefined ? undefined : BigInt(reader[id])),
  };
}

const note: Column<ChangeItem> = {
  id: 'note',
  title: t('Note'),
  width: 220,
  grow: true,
  text: (item) => item.error ?? item.warning ?? '',
  cell: (item) =>
    item.error !== undefined
      ? html`<span class="row-state refused">${icon('circle-slash')} ${item.error}</span>`
      : item.warning !== undefined
        ? html`<span class="row-state warned">${icon('warning')} ${item.warning}</span>`
        : nothing,
  hover: (item) => item.error ?? item.warning,
  key: (item) => item.error ?? item.warning,
};

export const outcomeColumn: Column<ChangeItem> = {
  id: 'outcome',
  title: t('Result'),
  width: 150,
  grow: true,
  text: (item) =>
    item.outcome === undefined
      ? ''
      : `${outcomeWord(item.outcome)}${item.message === undefined ? '' : `: ${item.message}`}`,
  cell: (item) =>
    item.outcome === undefined
      ? '-'
      : html`<span class="row-state ${item.outcome}"
          >${icon(outcomeIcon(item.outcome))}
          ${outcomeWord(item.outcome)}${
            item.message === undefined ? nothing : html`<span class="quiet">: ${item.message}</span>`
          }</span
        >`,
  hover: (item) => (item.outcome === undefined ? t('It was left as it is.') : item.message),
  key: (item) => item.outcome,
};

/** The columns for what the items are, in order. `isDone`: there are results. */
export function changeColumns(model: Pick<ChangeModel, 'of' | 'isMany'>, isDone: boolean): Column<ChangeItem>[] {
  const results = isDone ? [outcomeColumn] : [];
  if (model.of === 'configs') {
    return [
      text('config', t('Name'), 240, ({ config }) => config?.name),
      text('before', t('Before'), 160, ({ config }) => config?.before ?? t('inherited')),
      text('after', t('After'), 160, ({ config }) => config?.after ?? t('inherited')),
      ...results,
      note,
    ];
  }
  const group = model.isMany ? [text('group', t('Group'), 160, (item) => item.group)] : [];
  if (model.of === 'topics') {
    return [
      ...(model.isMany ? [text('topic', t('Topic'), 180, (item) => item.topic)] : []),
      {
        ...text('group', t('Group that reads it'), 180, (item) => item.group || undefined, true),
        cell: (item) =>
          item.group === '' ? html`<span class="quiet">${item.warning ?? t('none')}</span>` : nameCell(item.group),
      },
      text('state', t('State'), 96, ({ reader }) => reader?.state),
      readerFigure('members', t('Members'), t('That own a partition of it, or are subscribed to it')),
      readerFigure('commits', t('Commits'), t('Partitions of it that the group has committed')),
      readerFigure('lag', t('Lag'), t('Offsets from its commits to the ends of the logs')),
      ...results,
      note,
    ];
  }
  if (model.of === 'records') {
    const unknown = (item: ChangeItem): string | undefined => item.error;
    return [
      partition,
      offset('before', t('Log start'), noCommit, unknown),
      offset('after', t('Start then'), noCommit, unknown),
      figure('skipped', t('Deleted'), t('Offsets that are gone then; compaction and markers leave gaps')),
      ...(isDone ? [offset('found', t('Read back'), noCommit, unknown)] : []),
      ...results,
      note,
    ];
  }
  if (model.of === 'members') {
    return [
      ...group,
      text('member', t('Member'), 180, ({ member }) => member?.name),
      text('host', t('Host'), 120, ({ member }) => (member?.host === '' ? undefined : member?.host)),
      {
        id: 'partitions',
        title: t('Partitions'),
        hint: t('How many it owns now'),
        width: 90,
        end: true,
        text: ({ member }) => String(member?.partitions ?? ''),
        cell: ({ member }) => member?.partitions ?? '-',
        key: ({ member }) => member?.partitions,
      },
      text('id', t('Member id'), 260, ({ member }) => member?.id),
      ...results,
      note,
    ];
  }
  return [
    ...group,
    text('topic', t('Topic'), 180, (item) => item.topic, !model.isMany),
    partition,
    offset('before', t('Before'), noCommit, (item) => item.error ?? item.warning),
    offset(
      'after',
      t('After'),
      () => t('deleted'),
      (item) => item.error ?? item.warning,
    ),
    figure('again', t('Again'), t('Offsets that the group will be given once more')),
    figure('skipped', t('Skipped'), t('Offsets that the group will not be given any more')),
    ...(isDone
      ? [offset('found', t('Read back'), noCommit, (item) => item.message ?? t('It was not read back.'))]
      : []),
    ...results,
    note,
  ];
}

export function filterText(item: ChangeItem): string {
  const { group, topic, partition, member, config, error, warning, outcome, message } = item;
  const place = topic === undefined ? '' : `${topic}-${partition} ${topic}`;
  const words = [group, place, member?.name, member?.id, member?.host, config?.name, error, warning, message];
  return [...words, outcome === undefined ? undefined : outcomeWord(outcome)].filter(Boolean).join(' ');
}
