import { html, nothing, type TemplateResult } from 'lit';
import type { LagPageState } from '../../src/ui/panels/protocol.ts';
import { t } from '../shared/l10n.ts';
import { button, picker } from '../shared/toolbar.ts';

export interface ToolbarLook {
  readonly view: LagPageState;
  readonly chartsAsTable: boolean;
  readonly filter: TemplateResult;
  /** The menu of columns. */
  readonly columns: TemplateResult;
}

export interface ToolbarActions {
  readonly keep: (change: Partial<LagPageState>) => void;
  readonly toggleTable: () => void;
  /** Of the selected partition, else of the first one on show. */
  readonly ask: (type: 'explain' | 'tail') => void;
  readonly open: (type: 'assignments' | 'commits') => void;
  readonly reset: () => void;
  readonly copy: () => void;
  /** Format, and `shown` where it is about what is shown. */
  readonly export: (choice: string) => void;
}

/** The second line of the page. */
export function lagToolbar(
  { view, chartsAsTable, filter, columns }: ToolbarLook,
  { keep, toggleTable, ask, open, reset, copy, export: save }: ToolbarActions,
): TemplateResult {
  const charts = view.charts !== false;
  return html`<div class="toolbar" role="toolbar" aria-label=${t('View')}>
    ${filter}
    ${picker(
      t('Group by'),
      view.groupBy ?? 'none',
      [
        ['none', t('Flat')],
        ['topic', t('By topic')],
        ['member', t('By member')],
      ],
      (value) => keep({ groupBy: value as 'none' | 'topic' | 'member' }),
    )}
    ${
      charts
        ? html`${picker(
            t('What the charts show'),
            view.charted ?? 'lag',
            [
              ['lag', t('Lag')],
              ['timeLag', t('Time lag')],
            ],
            (value) => keep({ charted: value as 'lag' | 'timeLag' }),
          )}
          ${picker(
            t('Range of the charts'),
            String(view.range ?? 5),
            [
              ['1', t('1 min')],
              ['5', t('5 min')],
              ['15', t('15 min')],
              ['0', t('All')],
            ],
            (value) => keep({ range: Number(value) }),
          )}`
        : nothing
    }
    <span class="spring"></span>
    ${button('graph-line', charts ? t('Hide charts') : t('Show charts'), () => keep({ charts: !charts }))}
    ${
      charts
        ? button('table', chartsAsTable ? t('Show charts as lines') : t('Show charts as tables'), toggleTable)
        : nothing
    }
    ${button('inspect', t('What is the selected partition stuck on?'), () => ask('explain'))}
    ${button('list-unordered', t('Tail the records of the selected partition'), () => ask('tail'))}
    ${button('history', t('Open assignment history'), () => open('assignments'))}
    ${button('git-commit', t('Open commit log'), () => open('commits'))}
    ${button('discard', t('Reset the offsets of what is selected, or of all'), reset)}
    ${button('copy', t('Copy (Ctrl+C)'), copy)}
    <kafka-toolbar-menu
      .icon=${'export'}
      .label=${t('Export')}
      .items=${[
        { id: 'csv shown', label: t('CSV, what is shown') },
        { id: 'csv', label: t('CSV, all partitions') },
        { id: 'json shown', label: t('JSON, what is shown') },
        { id: 'json', label: t('JSON, all partitions') },
      ]}
      @pick=${(event: CustomEvent<string>) => save(event.detail)}
    ></kafka-toolbar-menu>
    ${columns}
  </div>`;
}
