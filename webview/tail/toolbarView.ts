import { html, nothing, type TemplateResult } from 'lit';
import type { FromTailPage, IsolationSpec, Order, TailModel, TailRow } from '../../src/ui/panels/tail/protocol.ts';
import { icon } from '../shared/icon.ts';
import { t } from '../shared/l10n.ts';
import type { Column } from '../shared/tableModel.ts';
import { exact } from '../shared/text.ts';
import { button, picker, toggle } from '../shared/toolbar.ts';
import { filterTerms } from './filterTerms.ts';

/** How the page is looked at, as far as the toolbar shows it. */
export interface ToolbarLook {
  /** As typed. */
  readonly filter: string;
  readonly following: boolean;
  readonly histogram: boolean;
  readonly bar: 'seek' | 'search' | undefined;
  readonly columns: readonly Column<TailRow>[];
  /** Ids of the columns that are shown. */
  readonly shown: ReadonlySet<string>;
}

export interface ToolbarActions {
  readonly post: (message: FromTailPage) => void;
  readonly filter: (text: string) => void;
  readonly addTerm: (term: string) => void;
  readonly order: (order: Order) => void;
  readonly follow: (follow: boolean) => void;
  readonly openBar: (bar: 'seek' | 'search') => void;
  readonly showHistogram: (shown: boolean) => void;
  /** `rows`, or what `copyRecords` of the protocol can be. */
  readonly copyAs: (as: string) => void;
  /** Kind and which, as in `csv shown`. */
  readonly export: (choice: string) => void;
  /** `column` and its id, or `keepRunning`. */
  readonly setting: (id: string) => void;
}

/** The second line of the page, and below it what is wrong with the filter. */
export function tailToolbar(model: TailModel, look: ToolbarLook, actions: ToolbarActions): TemplateResult {
  const { error } = model.filter;
  return html`<div class="toolbar" role="toolbar" aria-label=${t('View')}>
      <span class="filter-field">
        <vscode-textfield
          class="filter ${error === undefined ? '' : 'wrong'}"
          placeholder=${t('Filter: text, /regex/, $.total > 100 ( / )')}
          label=${t('Filter')}
          aria-label=${t('Filter')}
          aria-invalid=${error !== undefined}
          .value=${look.filter}
          @input=${(event: Event) => actions.filter((event.target as HTMLInputElement).value)}
        >
          <span slot="content-before" class="codicon codicon-filter" aria-hidden="true"></span>
        </vscode-textfield>
        <kafka-toolbar-menu
          .icon=${'add'}
          .label=${t('Add a condition to the filter')}
          .items=${filterTerms()}
          @pick=${(event: CustomEvent<string>) => actions.addTerm(event.detail)}
        ></kafka-toolbar-menu>
      </span>
      ${picker(
        t('Order'),
        model.order,
        [
          ['arrival', t('As they arrive')],
          ['time', t('By time')],
        ],
        (order) => actions.order(order as Order),
      )}
      ${picker(
        t('Transactions'),
        model.isolation,
        [
          ['both', t('All, state marked')],
          ['read_committed', t('Committed only')],
          ['read_uncommitted', t('All')],
        ],
        (isolation) => actions.post({ type: 'read', isolation: isolation as IsolationSpec }),
      )}
      ${partitionsMenu(model, actions)}
      <span class="spring"></span>
      ${toggle('fold-down', t('Follow the end (F)'), look.following, () => actions.follow(!look.following))}
      ${readingButton(model, actions)}
      ${button('clear-all', t('Clear what is kept'), () => actions.post({ type: 'clear' }))}
      <span class="divider"></span>
      ${toggle('milestone', t('Seek: jump to an offset, a time, a group'), look.bar === 'seek', () =>
        actions.openBar('seek'),
      )}
      ${toggle('search', t('Search the topic itself'), look.bar === 'search', () => actions.openBar('search'))}
      ${toggle('graph', t('Records by time'), look.histogram, () => actions.showHistogram(!look.histogram))}
      <span class="divider"></span>
      <kafka-toolbar-menu
        .icon=${'copy'}
        .label=${t('Copy')}
        .items=${[
          { id: 'rows', label: t('Rows (Ctrl+C)') },
          { id: 'value', label: t('Values') },
          { id: 'key', label: t('Keys') },
          { id: 'json', label: t('Records as JSON lines') },
          { id: 'kcat', label: t('kcat command') },
          { id: 'console-consumer', label: t('kafka-console-consumer command') },
        ]}
        @pick=${(event: CustomEvent<string>) => actions.copyAs(event.detail)}
      ></kafka-toolbar-menu>
      <kafka-toolbar-menu
        .icon=${'export'}
        .label=${t('Export')}
        .items=${(['shown', 'all', 'selected'] as const).flatMap((which) => exportItems(which))}
        @pick=${(event: CustomEvent<string>) => actions.export(event.detail)}
      ></kafka-toolbar-menu>
      <kafka-toolbar-menu
        .icon=${'settings-gear'}
        .label=${t('Columns and reading')}
        .items=${[
          ...look.columns.map(({ id, title }) => ({
            id: `column ${id}`,
            label: title,
            checked: look.shown.has(id),
          })),
          { id: 'keepRunning', label: t('Keep reading while hidden'), checked: model.keepRunning },
        ]}
        @pick=${(event: CustomEvent<string>) => actions.setting(event.detail)}
      ></kafka-toolbar-menu>
    </div>
    ${
      error === undefined
        ? nothing
        : html`<div class="field-error below" role="alert">
            ${icon('error')} ${error.message}
            ${error.to > error.from ? html`<code>${model.filter.text.slice(error.from, error.to)}</code>` : nothing}
            <span class="quiet">${t('The filter before it stays in force.')}</span>
          </div>`
    }
    ${largeNote(model)}`;
}

/** Why something that is there may not be found. */
function largeNote({ filter }: TailModel): TemplateResult | typeof nothing {
  if (filter.large === undefined) return nothing;
  return html`<div class="notice" role="status">
    ${icon('info')}
    <span
      >${t(
        '{0} records hold more than 1 MB: regular expressions look at the first megabyte only, and JSON paths not at all.',
        exact(String(filter.large)),
      )}</span
    >
  </div>`;
}

function readingButton(model: TailModel, actions: ToolbarActions): TemplateResult {
  switch (model.reading) {
    case 'starting':
    case 'running':
      return button('debug-stop', t('Stop reading'), () => actions.post({ type: 'stop' }));
    case 'finished':
      return button('debug-continue', t('Go on with what arrives'), () =>
        actions.post({ type: 'read', stop: { at: 'never' } }),
      );
    case 'resting':
    case 'stopped':
    case 'failed':
      return button('debug-continue', t('Resume reading'), () => actions.post({ type: 'resume' }));
  }
}

/** Which partitions are read. */
function partitionsMenu(model: TailModel, actions: ToolbarActions): TemplateResult | typeof nothing {
  const { partitions, positions } = model;
  if (partitions === undefined && positions.length < 2) return nothing;
  return html`<kafka-toolbar-menu
    .icon=${'layers'}
    .label=${t('Partitions')}
    .items=${[
      { id: 'all', label: t('All partitions'), checked: partitions === undefined },
      ...positions.map(({ partition }) => ({
        id: String(partition),
        label: t('Partition {0}', partition),
        checked: partitions === undefined || partitions.includes(partition),
      })),
    ]}
    @pick=${(event: CustomEvent<string>) => read(event.detail, model, actions)}
  ></kafka-toolbar-menu>`;
}

function read(id: string, { partitions, positions }: TailModel, actions: ToolbarActions): void {
  if (id === 'all') {
    actions.post({ type: 'read', partitions: 'all' });
    return;
  }
  const chosen = new Set(partitions ?? positions.map(({ partition }) => partition));
  if (!chosen.delete(Number(id))) chosen.add(Number(id));
  if (chosen.size > 0) actions.post({ type: 'read', partitions: [...chosen].sort((a, b) => a - b) });
}

function exportItems(which: 'shown' | 'all' | 'selected'): { readonly id: string; readonly label: string }[] {
  const whose = { shown: t('what is shown'), all: t('all that is kept'), selected: t('what is selected') }[which];
  return [
    { id: `jsonl ${which}`, label: t('JSON lines, {0}', whose) },
    { id: `csv ${which}`, label: t('CSV, {0}', whose) },
    { id: `files ${which}`, label: t('Raw value files, {0}', whose) },
  ];
}
