import { html, nothing, type TemplateResult } from 'lit';
import type { ChangeItem } from '../../src/ui/panels/change/protocol.ts';
import type { JournalDetails, JournalItem } from '../../src/ui/panels/journal/protocol.ts';
import { outcomeColumn, outcomeWord } from '../change/columns.ts';
import { icon } from '../shared/icon.ts';
import { t } from '../shared/l10n.ts';
import type { Column } from '../shared/tableModel.ts';
import { exact, nameCell, wholeTime } from '../shared/text.ts';
import { localTime } from './columns.ts';
import { standingOf } from './words.ts';

export interface DetailsActions {
  readonly close: () => void;
  readonly undo: () => void;
  readonly restore: () => void;
  readonly examine: () => void;
  readonly closeEntry: () => void;
  readonly remove: () => void;
  readonly copyCommand: () => void;
  readonly show: (id: string) => void;
  readonly copy: (text: string) => void;
}

/** All that is kept of one change, and what can be done about it. */
export function journalDetails(
  item: JournalItem,
  details: JournalDetails | undefined,
  items: readonly ChangeItem[],
  actions: DetailsActions,
): TemplateResult {
  const standing = standingOf(item);
  const fact = (label: string, value: unknown): TemplateResult =>
    html`<dt>${label}</dt>
      <dd>${value ?? '-'}</dd>`;
  const linked = (id: string): TemplateResult =>
    html`<button class="link" @click=${() => actions.show(id)}>${t('Show')}</button>`;
  return html`<aside class="details entry" aria-label=${t('Details of the change')}>
    <div class="details-head">
      <h2>${item.change}: ${nameCell(item.subject === '' ? t('all brokers') : item.subject)}</h2>
      <vscode-toolbar-button
        icon="close"
        label=${t('Close (Escape)')}
        title=${t('Close (Escape)')}
        @click=${actions.close}
      ></vscode-toolbar-button>
    </div>
    <p class="row-state note ${standing.kind}">${icon(standing.icon)} ${standing.word}. ${standing.meaning}</p>
    ${details === undefined ? nothing : actionsView(item, details, actions)}
    ${details === undefined ? nothing : examinedView(item, details, actions)}
    <dl>
      ${fact(t('When'), html`<span title=${wholeTime(item.when)}>${localTime(item.when)}</span>`)}
      ${item.finishedAt === undefined ? nothing : fact(t('Ended'), html`<span title=${wholeTime(item.finishedAt)}>${localTime(item.finishedAt)}</span>`)}
      ${fact(t('Cluster'), nameCell(item.cluster))}
      ${item.groupType === undefined ? nothing : fact(t('Group type'), item.groupType)}
      ${item.name === undefined ? nothing : fact(t('Name'), nameCell(item.name))}
      ${item.undoes === undefined ? nothing : fact(t('Takes back'), linked(item.undoes))}
      ${item.undoneBy === undefined ? nothing : fact(t('Taken back by'), linked(item.undoneBy))}
    </dl>
    ${
      details === undefined
        ? html`<p class="quiet" role="status">${t('Reading')}</p>`
        : html`${reasonsOf(items).map((line) => html`<p class="fact">${line}</p>`)}
          ${details.facts.map((line) => html`<p class="fact">${line}</p>`)}
          ${items.length === 0 ? nothing : partitionsView(item, details, items, actions)}`
    }
  </aside>`;
}

function actionsView(item: JournalItem, { undo, command }: JournalDetails, actions: DetailsActions): TemplateResult {
  const press = (label: string, act: () => void): TemplateResult =>
    html`<button class="button" @click=${act}>${label}</button>`;
  return html`<div class="entry-actions">
      ${undo.can ? press(t('Undo...'), actions.undo) : nothing}
      ${item.kind === 'snapshot' ? press(t('Restore...'), actions.restore) : nothing}
      ${command === undefined ? nothing : press(t('Copy as command'), actions.copyCommand)}
      ${item.state === 'executing' ? nothing : press(t('Remove...'), actions.remove)}
    </div>
    ${undo.can || undo.why === undefined || item.kind === 'snapshot' ? nothing : html`<p class="quiet">${undo.why}</p>`}`;
}

function examinedView(
  item: JournalItem,
  { examined }: JournalDetails,
  actions: DetailsActions,
): TemplateResult | typeof nothing {
  if (item.state !== 'interrupted') return nothing;
  const close = html`<button class="button" @click=${actions.closeEntry}>${t('Write this down')}</button>`;
  return html`<div class="examined" role="status">
    ${
      examined === undefined
        ? html`<button class="button" @click=${actions.examine}>${t('Ask the broker what it reached')}</button>`
        : examined.kind === 'asking'
          ? html`<p>${icon('loading', 'codicon-modifier-spin')} ${t('Asking the broker')}</p>`
          : examined.kind === 'failed'
            ? html`<p class="row-state bad note">${icon('warning')} ${examined.message}</p>
                <button class="button" @click=${actions.examine}>${t('Ask again')}</button>`
            : html`<p>${examined.sentence}</p>
                ${close}
                <p class="quiet">${t('The entry then counts as ended, with these results.')}</p>`
    }
  </div>`;
}

const mostReasons = 5;

/** Why partitions are not done, each reason once: cells have no room for it. */
function reasonsOf(items: readonly ChangeItem[]): string[] {
  const counts = new Map<string, number>();
  const texts = items.flatMap(({ outcome, message }) =>
    outcome === undefined || message === undefined ? [] : [{ outcome: outcomeWord(outcome), message }],
  );
  const keyed = new Map(texts.map((each) => [JSON.stringify(each), each]));
  for (const each of texts) counts.set(JSON.stringify(each), (counts.get(JSON.stringify(each)) ?? 0) + 1);
  return [...keyed]
    .slice(0, mostReasons)
    .map(([key, { outcome, message }]) => t('{0} ({1}): {2}', outcome, counts.get(key)!, message));
}

function offsetCell(value: string | null | undefined, none: string): TemplateResult | string {
  return value === null ? html`<span class="quiet">${none}</span>` : exact(value);
}

function partitionsView(
  item: JournalItem,
  details: JournalDetails,
  items: readonly ChangeItem[],
  actions: DetailsActions,
): TemplateResult {
  return html`<div class="partitions">
      <kafka-data-table
        .label=${t('Partitions of the change')}
        .rows=${items}
        .columns=${item.kind === 'snapshot' ? keptColumns : changedColumns}
        .keyOf=${keyOf}
        .latestOf=${latestOf(items)}
        .filterTextOf=${textOf}
        .filter=${''}
        .sort=${noSort}
        .widths=${noWidths}
        @table-copy=${(event: CustomEvent<string>) => actions.copy(event.detail)}
        @table-shown=${stop}
        @table-selection=${stop}
      ></kafka-data-table>
    </div>
    ${
      details.items.length < details.count
        ? html`<p class="quiet">
            ${t('The first {0} of {1} partitions; an export has all.', exact(String(details.items.length)), exact(String(details.count)))}
          </p>`
        : nothing
    }`;
}

const noSort = { column: '', descending: false };
const noWidths = {};
const stop = (event: Event): void => event.stopPropagation();
const keyOf = ({ key }: ChangeItem): string => key;
const textOf = ({ topic, partition }: ChangeItem): string => `${topic}-${partition}`;

let latest: { readonly items: readonly ChangeItem[]; readonly of: (key: string) => ChangeItem | undefined } | undefined;

/** The same function for the same items: the table lays out anew for another one. */
function latestOf(items: readonly ChangeItem[]): (key: string) => ChangeItem | undefined {
  if (latest?.items !== items) {
    const byKey = new Map(items.map((item) => [item.key, item]));
    latest = { items, of: (key) => byKey.get(key) };
  }
  return latest.of;
}

const place: Column<ChangeItem> = {
  id: 'place',
  title: t('Partition'),
  width: 150,
  grow: true,
  text: textOf,
  cell: (item) => nameCell(textOf(item)),
};

function offset(id: 'before' | 'after', title: string, none: string): Column<ChangeItem> {
  return {
    id,
    title,
    width: 92,
    end: true,
    text: (item) => (item[id] === null ? none : (item[id] ?? '')),
    cell: (item) => offsetCell(item[id], none),
  };
}

const keptColumns: readonly Column<ChangeItem>[] = [place, offset('before', t('Offset'), t('no commit'))];
const changedColumns: readonly Column<ChangeItem>[] = [
  place,
  offset('before', t('Before'), t('no commit')),
  offset('after', t('After'), t('deleted')),
  outcomeColumn,
];
