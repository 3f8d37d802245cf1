import { html, nothing, type TemplateResult } from 'lit';
import type { AssignmentsPageState, LineMessage, RebalanceMessage } from '../../src/ui/panels/assignments/protocol.ts';
import { formatCount } from '../../src/shared/format.ts';
import { t } from '../shared/l10n.ts';
import type { Sort } from '../shared/tableModel.ts';
import type { Asked } from './asked.ts';
import { lineColumns, lineKey, rebalanceColumns, spanColumns, spanKey } from './columns.ts';
import type { HistoryStore } from './historyStore.ts';
import type { Shown, Spans } from './shown.ts';

const defaultSort: Sort = { column: 'time', descending: true };
const noWidths = {};

export interface TablesGround {
  readonly store: HistoryStore;
  readonly shown: Shown;
  readonly asked: Asked;
  readonly keep: (change: Partial<AssignmentsPageState>) => void;
  readonly selected: (ids: ReadonlySet<string>) => void;
  /** A rebalance was opened. */
  readonly select: (id: string) => void;
  /** A line was looked at, or opened. */
  readonly selectLine: (line: LineMessage) => void;
  readonly openLine: (line: LineMessage) => void;
  readonly copy: (text: string) => void;
  readonly update: () => void;
}

/** The list of rebalances, and the table that says what the chart shows. Their columns stay the same: a table lays out anew for others. */
export class HistoryTables {
  readonly #ground: TablesGround;
  readonly #rebalanceColumns: ReturnType<typeof rebalanceColumns>;
  readonly #spanColumns: ReturnType<typeof spanColumns>;
  readonly #lineColumns: ReturnType<typeof lineColumns>;
  #spanSort: Sort = { column: 'lane', descending: false };
  #lineSort: Sort = defaultSort;

  constructor(ground: TablesGround) {
    const { store, asked } = ground;
    this.#ground = ground;
    this.#rebalanceColumns = rebalanceColumns(
      () => store.now,
      (row, isDrawn) => asked.meanwhile(row, isDrawn),
    );
    this.#lineColumns = lineColumns(() => store.now);
    this.#spanColumns = spanColumns({ members: () => store.members, now: () => store.now });
  }

  rebalances(rows: readonly RebalanceMessage[], view: AssignmentsPageState): TemplateResult {
    const { store, keep, selected, select, copy } = this.#ground;
    if (store.rebalances.length === 0) {
      return html`<p class="quiet none">${t('No rebalance is known yet. One that begins now shows here.')}</p>`;
    }
    return html`<kafka-data-table
      class="of-rebalances"
      .label=${t('Rebalances of {0}', view.group)}
      .rows=${rows}
      .columns=${this.#rebalanceColumns}
      .keyOf=${rebalanceKey}
      .latestOf=${this.#latestOf}
      .version=${store.receivedAt}
      .filterTextOf=${this.#filterTextOf}
      .filter=${view.filter ?? ''}
      .sort=${view.sort ?? defaultSort}
      .widths=${view.widths ?? noWidths}
      @table-sort=${(event: CustomEvent<Sort>) => keep({ sort: event.detail })}
      @table-widths=${(event: CustomEvent<Record<string, number>>) => keep({ widths: event.detail })}
      @table-selection=${(event: CustomEvent<ReadonlySet<string>>) => selected(event.detail)}
      @table-details=${(event: CustomEvent<string>) => select(event.detail)}
      @table-copy=${(event: CustomEvent<string>) => copy(event.detail)}
    ></kafka-data-table>`;
  }

  lines(view: AssignmentsPageState): TemplateResult {
    const { store, selectLine, openLine, copy, update } = this.#ground;
    const lineOf = (key: string | undefined): LineMessage | undefined =>
      store.lines.find((one) => lineKey(one) === key);
    const all = store.model?.lines ?? 0;
    return html`${all > store.lines.length ? html`<p class="notice">${t('The newest {0} of {1} lines.', formatCount(store.lines.length), formatCount(all))}</p>` : nothing}
      <kafka-data-table
        .label=${t('Lines of logs that say something of {0}', view.group)}
        .rows=${store.lines}
        .columns=${this.#lineColumns}
        .keyOf=${lineKey}
        .version=${store.receivedAt}
        .filterTextOf=${lineFilterText}
        .filter=${view.filter ?? ''}
        .sort=${this.#lineSort}
        .widths=${noWidths}
        @table-sort=${(event: CustomEvent<Sort>) => {
          this.#lineSort = event.detail;
          update();
        }}
        @table-selection=${(event: CustomEvent<ReadonlySet<string>>) => {
          const [only] = event.detail;
          const line = event.detail.size === 1 ? lineOf(only) : undefined;
          if (line !== undefined) selectLine(line);
        }}
        @table-details=${(event: CustomEvent<string>) => {
          const line = lineOf(event.detail);
          if (line !== undefined) openLine(line);
        }}
        @table-copy=${(event: CustomEvent<string>) => copy(event.detail)}
      ></kafka-data-table>`;
  }

  spans({ rows, all }: Spans, group: string): TemplateResult {
    const { store, copy, update } = this.#ground;
    return html`<div class="spans">
      ${all > rows.length ? html`<p class="notice">${t('The first {0} of {1} spans: zoom in or filter to see the others.', formatCount(rows.length), formatCount(all))}</p>` : nothing}
      <kafka-data-table
        .label=${t('Owners of the partitions of {0}', group)}
        .rows=${rows}
        .columns=${this.#spanColumns}
        .keyOf=${spanKey}
        .version=${store.receivedAt}
        .filter=${''}
        .sort=${this.#spanSort}
        .widths=${noWidths}
        @table-sort=${(event: CustomEvent<Sort>) => {
          this.#spanSort = event.detail;
          update();
        }}
        @table-copy=${(event: CustomEvent<string>) => copy(event.detail)}
      ></kafka-data-table>
    </div>`;
  }

  readonly #latestOf = (id: string): RebalanceMessage | undefined => this.#ground.store.rebalance(id);

  readonly #filterTextOf = (rebalance: RebalanceMessage): string => {
    return this.#ground.shown.textOf(rebalance, this.#ground.store);
  };
}

function lineFilterText({ file, text }: LineMessage): string {
  return `${file} ${text}`;
}

function rebalanceKey({ id }: RebalanceMessage): string {
  return id;
}
