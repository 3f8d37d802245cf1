import { html, type TemplateResult } from 'lit';
import type { ProducePageState, ResultRow } from '../../src/ui/panels/produce/protocol.ts';
import type { MenuPlace } from '../shared/contextMenu.ts';
import { t } from '../shared/l10n.ts';
import { tableStatus } from '../shared/table.ts';
import type { Column, Sort } from '../shared/tableModel.ts';

export interface ResultsView {
  readonly results: readonly ResultRow[];
  readonly columns: readonly Column<ResultRow>[];
  /** Another one with each change of the rows. */
  readonly version: number;
  readonly sort: Sort;
  readonly widths: ProducePageState['widths'];
  readonly selected: number;
  readonly onSort: (sort: Sort) => void;
  readonly onWidths: (widths: Record<string, number>) => void;
  readonly onSelection: () => void;
  readonly onDetails: (key: string) => void;
  readonly onCopy: (text: string) => void;
  readonly onCopySelection: () => void;
  readonly onMenu: (place: MenuPlace) => void;
  readonly onPick: (id: string) => void;
}

/** What was sent, and where it went. */
export function resultsView(view: ResultsView): TemplateResult {
  const { results } = view;
  if (results.length === 0) {
    return html`<p class="quiet no-results">
      ${t('What is written is listed here, with its partition and offset. Nothing creates a topic from here.')}
    </p>`;
  }
  return html`<div class="content">
      <kafka-data-table
        .label=${t('What was sent')}
        .rows=${results}
        .columns=${view.columns}
        .keyOf=${keyOf}
        .version=${view.version}
        .sort=${view.sort}
        .widths=${view.widths ?? noWidths}
        .rowClassOf=${rowClassOf}
        @table-sort=${(event: CustomEvent<Sort>) => view.onSort(event.detail)}
        @table-widths=${(event: CustomEvent<Record<string, number>>) => view.onWidths(event.detail)}
        @table-selection=${view.onSelection}
        @table-details=${(event: CustomEvent<string>) => view.onDetails(event.detail)}
        @table-copy=${(event: CustomEvent<string>) => view.onCopy(event.detail)}
        @table-menu=${(event: CustomEvent<MenuPlace>) => view.onMenu(event.detail)}
      ></kafka-data-table>
      <kafka-context-menu @pick=${(event: CustomEvent<string>) => view.onPick(event.detail)}></kafka-context-menu>
    </div>
    <footer class="status">
      <span>${tableStatus(results.length, results.length, view.selected)}</span>
      <span class="spring"></span>
      <span>${t('Enter shows the batch.')}</span>
      <button class="link" @click=${view.onCopySelection}>${t('Copy')}</button>
    </footer>`;
}

const noWidths = {};

export function keyOf({ sentAt, number }: ResultRow): string {
  return `${sentAt} ${number}`;
}

function rowClassOf({ kind }: ResultRow): string {
  return kind;
}
