import { html, nothing, type TemplateResult } from 'lit';
import type { AssignmentsPageState } from '../../src/ui/panels/assignments/protocol.ts';
import { t } from '../shared/l10n.ts';
import { button, picker, toggle } from '../shared/toolbar.ts';

export interface ToolbarGround {
  readonly view: AssignmentsPageState;
  /** A rebalance is selected. */
  readonly isSelected: boolean;
  /** The right end stays at now. */
  readonly follows: boolean;
  /** Lines of logs are known. */
  readonly hasLines: boolean;
  readonly keep: (change: Partial<AssignmentsPageState>) => void;
  readonly zoom: (factor: number) => void;
  readonly showAll: () => void;
  readonly toggleFollow: () => void;
  readonly openLag: () => void;
  readonly export: (choice: string) => void;
}

export function toolbarView(ground: ToolbarGround): TemplateResult {
  const { view, isSelected, follows, hasLines, keep, zoom } = ground;
  const { by = 'partition', movedOnly = false, lag = false, asTable = false, list = true, lines = false } = view;
  const movedLabel = isSelected ? t('Only what the selected rebalance moved') : t('Only what moved');
  return html`<div class="toolbar" role="toolbar" aria-label=${t('View')}>
    <vscode-textfield
      class="filter"
      placeholder=${t('Filter by topic or member ( / )')}
      label=${t('Filter')}
      aria-label=${t('Filter')}
      .value=${view.filter ?? ''}
      @input=${(event: Event) => keep({ filter: (event.target as HTMLInputElement).value })}
    >
      <span slot="content-before" class="codicon codicon-filter" aria-hidden="true"></span>
    </vscode-textfield>
    ${picker(
      t('A lane for each'),
      by,
      [
        ['partition', t('By partition')],
        ['member', t('By member')],
      ],
      (value) => keep({ by: value as 'partition' | 'member' }),
    )}
    ${toggle('arrow-swap', movedLabel, movedOnly, () => keep({ movedOnly: !movedOnly }))}
    ${by === 'partition' ? toggle('graph-line', t('Lag over the lanes'), lag, () => keep({ lag: !lag })) : nothing}
    ${button('zoom-in', t('Zoom in (+)'), () => zoom(1.5))}
    ${button('zoom-out', t('Zoom out (-)'), () => zoom(1 / 1.5))}
    ${button('screen-full', t('Show all (0)'), () => ground.showAll())}
    ${toggle('debug-continue', t('Follow now (n)'), follows, () => ground.toggleFollow())}
    <span class="spring"></span>
    ${toggle('table', t('Show the lanes as a table'), asTable, () => keep({ asTable: !asTable }))}
    ${toggle('layout-sidebar-right', t('List of rebalances'), list, () => keep({ list: !list }))}
    ${hasLines && list ? toggle('output', t('Lines of logs instead of rebalances'), lines, () => keep({ lines: !lines })) : nothing}
    ${button('pulse', t('Open lag'), () => ground.openLag())}
    <kafka-toolbar-menu
      .icon=${'export'}
      .label=${t('Export')}
      .items=${[
        { id: 'json', label: t('JSON, the whole history') },
        { id: 'csv', label: t('CSV, all owners') },
        ...(asTable
          ? []
          : [
              { id: 'png', label: t('PNG, what is shown') },
              { id: 'svg', label: t('SVG, what is shown') },
            ]),
      ]}
      @pick=${(event: CustomEvent<string>) => ground.export(event.detail)}
    ></kafka-toolbar-menu>
  </div>`;
}
