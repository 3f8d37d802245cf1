import { html, nothing, type TemplateResult } from 'lit';
import { visibleText } from '../../src/shared/visibleText.ts';
import type {
  CommitPartition,
  CommitRow,
  CommitsPageState,
  CommitsShow,
} from '../../src/ui/panels/commits/protocol.ts';
import type { PartitionKey } from '../../src/ui/panels/protocol.ts';
import { t } from '../shared/l10n.ts';
import { exact, timeOfDay } from '../shared/text.ts';
import { button, picker } from '../shared/toolbar.ts';

export interface ToolbarGround {
  readonly view: CommitsPageState;
  readonly partitions: readonly CommitPartition[];
  /** The table is of partitions, not of commits. */
  readonly ofPartitions: boolean;
  readonly chartsAsTable: boolean;
  /** The partition that the charts are of. */
  readonly charted: PartitionKey | undefined;
  readonly filter: TemplateResult;
  /** The menu of the columns of commits. */
  readonly columns: TemplateResult;
  /** The one commit that is selected. */
  readonly selected: CommitRow | undefined;
  readonly keep: (change: Partial<CommitsPageState>) => void;
  /** Other commits are to be listed. */
  readonly list: (change: Partial<CommitsPageState>) => void;
  readonly toggleChartsAsTable: () => void;
  readonly openLag: () => void;
  readonly openTopic: () => void;
  readonly explain: (key: PartitionKey) => void;
  readonly reset: (id: number, what: 'partition' | 'all') => void;
  readonly copy: () => void;
  readonly export: (choice: string) => void;
}

export function toolbarView(ground: ToolbarGround): TemplateResult {
  const { view, partitions, ofPartitions, chartsAsTable, charted: key, filter, columns } = ground;
  const charts = view.charts !== false;
  return html`<div class="toolbar" role="toolbar" aria-label=${t('View')}>
    ${filter}
    ${picker(
      t('Table'),
      ofPartitions ? 'partitions' : 'commits',
      [
        ['commits', t('Commits')],
        ['partitions', t('Partitions')],
      ],
      (value) => ground.keep({ table: value as 'commits' | 'partitions' }),
    )}
    ${ofPartitions ? nothing : whichCommits(view, partitions, ground.list)}
    <span class="spring"></span>
    ${button('graph-line', charts ? t('Hide charts') : t('Show charts'), () => ground.keep({ charts: !charts }))}
    ${
      charts
        ? button('table', chartsAsTable ? t('Show charts as lines') : t('Show charts as tables'), () =>
            ground.toggleChartsAsTable(),
          )
        : nothing
    }
    ${button('pulse', t('Open lag'), () => ground.openLag())}
    ${button('list-unordered', t("Open __consumer_offsets, the group's records"), () => ground.openTopic())}
    ${
      key === undefined
        ? nothing
        : button('inspect', t('What is {0} stuck on?', visibleText(key.replace(/\/(\d+)$/, '-$1'))), () =>
            ground.explain(key),
          )
    }
    ${resetMenu(ground)} ${button('copy', t('Copy (Ctrl+C)'), () => ground.copy())}
    <kafka-toolbar-menu
      .icon=${'export'}
      .label=${t('Export')}
      .items=${[
        { id: 'csv shown', label: t('CSV, what is shown') },
        { id: 'csv', label: t('CSV, all commits') },
        { id: 'json shown', label: t('JSON, what is shown') },
        { id: 'json', label: t('JSON, all commits') },
      ]}
      @pick=${(event: CustomEvent<string>) => ground.export(event.detail)}
    ></kafka-toolbar-menu>
    ${ofPartitions ? nothing : columns}
  </div>`;
}

function whichCommits(
  view: CommitsPageState,
  partitions: readonly CommitPartition[],
  list: ToolbarGround['list'],
): TemplateResult {
  return html`${picker(
    t('Which commits'),
    view.show ?? 'all',
    [
      ['all', t('All')],
      ['moves', t('Rewinds and jumps')],
      ['rewind', t('Rewinds')],
      ['jump', t('Jumps')],
      ['deleted', t('Deleted')],
    ],
    (value) => list({ show: value as CommitsShow }),
  )}
  ${picker(
    t('Partition'),
    view.only ?? '',
    [
      ['', t('All partitions')],
      ...partitions.map((one) => [one.key, visibleText(`${one.topic}-${one.partition}`)] as const),
    ],
    (value) => list({ only: value === '' ? undefined : value }),
  )}`;
}

/** Of the one commit that is selected. */
function resetMenu({ ofPartitions, selected: row, reset }: ToolbarGround): TemplateResult | typeof nothing {
  if (ofPartitions || row === undefined) return nothing;
  const name = visibleText(`${row.topic}-${row.partition}`);
  const items = [
    ...(row.offset === undefined
      ? []
      : [{ id: 'partition', label: t('{0} to this commit, {1}', name, exact(row.offset)) }]),
    { id: 'all', label: t('All partitions as of {0}', timeOfDay(row.at)) },
  ];
  return html`<kafka-toolbar-menu
    .icon=${'history'}
    .label=${t('Reset to this commit...')}
    .items=${items}
    @pick=${({ detail }: CustomEvent<'partition' | 'all'>) => reset(row.id, detail)}
  ></kafka-toolbar-menu>`;
}
