import { html, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import { visibleText } from '../../src/shared/visibleText.ts';
import type { ConfigRow, ListOperation, OnBroker, StagedChange } from '../../src/ui/panels/configs/protocol.ts';
import { icon } from '../shared/icon.ts';
import { t } from '../shared/l10n.ts';
import { nameCell } from '../shared/text.ts';
import { picker } from '../shared/toolbar.ts';
import { choices, openChoices } from './validate.ts';
import { shownValue, sourceHover, sourceIcon, sourceWord } from './words.ts';

export interface EditorView {
  readonly row: ConfigRow;
  readonly staged: StagedChange | undefined;
  /** As it was typed. */
  readonly typed: string;
  /** Of a list: what is done with what is typed. */
  readonly operation: ListOperation | undefined;
  readonly operate: (operation: ListOperation | undefined) => void;
  readonly problem: string | undefined;
  /** What is typed as Kafka gets it, where that differs. */
  readonly plain: string | undefined;
  readonly readOnly: boolean;
  /** undefined: not asked for. */
  readonly onBrokers: readonly OnBroker[] | 'asked' | undefined;
  readonly type: (text: string) => void;
  readonly stage: (value: string | undefined) => void;
  readonly unstage: () => void;
  readonly askBrokers: () => void;
  readonly close: () => void;
}

/** All facts of one configuration, and where it is changed. */
export function editorView(view: EditorView): TemplateResult {
  const { row, close } = view;
  return html`<aside class="details" aria-label=${t('Details of {0}', row.name)}>
    <div class="details-head">
      <h2>${nameCell(row.name)}</h2>
      <vscode-toolbar-button
        icon="close"
        label=${t('Close (Escape)')}
        title=${t('Close (Escape)')}
        @click=${close}
      ></vscode-toolbar-button>
    </div>
    ${row.meaning === undefined ? nothing : html`<p class="meaning">${row.meaning}</p>`} ${editor(view)}
    <h3>${t('Where it comes from')}</h3>
    <ol class="synonyms">
      ${
        row.synonyms.length === 0
          ? html`<li title=${sourceHover(row.source)}>
              ${icon(sourceIcon(row.source))} ${sourceWord(row.source)}: ${visibleText(shownValue(row))}
            </li>`
          : row.synonyms.map(
              (one, index) =>
                html`<li class=${index === 0 ? 'counts' : 'quiet'} title=${sourceHover(one.source)}>
                  ${icon(sourceIcon(one.source))} ${sourceWord(one.source)}:
                  <code
                    >${visibleText(one.name)}=${visibleText(shownValue({ value: one.value, isSensitive: row.isSensitive }))}</code
                  >
                  ${index === 0 ? html`<span class="quiet">${t('counts')}</span>` : nothing}
                </li>`,
            )
      }
    </ol>
    ${brokersView(view)}
    ${
      row.documentation === undefined
        ? nothing
        : html`<h3>${t('Documentation')}</h3>
            <p class="documentation">${visibleLinesOf(row.documentation)}</p>`
    }
    <p class="quiet">${t('Type: {0}', row.type)}</p>
  </aside>`;
}

function visibleLinesOf(text: string): string {
  return text.split('\n').map(visibleText).join('\n');
}

function editor(view: EditorView): TemplateResult {
  const { row, staged, typed, operation, problem, plain, readOnly, type, stage, unstage } = view;
  if (row.fixed !== undefined) return html`<p class="fixed">${icon('lock')} ${row.fixed}</p>`;
  if (readOnly) return html`<p class="fixed">${icon('lock')} ${t('The cluster is read only by its settings.')}</p>`;
  const options = optionsOf(row, operation);
  const onInput = (event: Event): void => type((event.target as HTMLInputElement).value);
  const submit = (): void => {
    if (problem === undefined) stage(plain ?? typed);
  };
  const onKey = (event: KeyboardEvent): void => {
    if (event.key !== 'Enter') return;
    event.preventDefault();
    submit();
  };
  const isOpen = openChoices.has(row.name);
  const box =
    options === undefined || isOpen || (typed !== '' && !options.includes(typed))
      ? html`<input
            class="input code"
            list=${isOpen ? 'choices' : nothing}
            type=${row.isSensitive ? 'password' : 'text'}
            aria-label=${t('New value of {0}', row.name)}
            aria-invalid=${problem === undefined ? nothing : 'true'}
            spellcheck="false"
            autocomplete="off"
            .value=${live(typed)}
            @input=${onInput}
            @keydown=${onKey}
          />${isOpen ? html`<datalist id="choices">${options?.map((option) => html`<option value=${option}></option>`)}</datalist>` : nothing}`
      : html`<select class="picker" aria-label=${t('New value of {0}', row.name)} @change=${onInput} @keydown=${onKey}>
          ${options.map((option) => html`<option value=${option} ?selected=${option === typed}>${option}</option>`)}
        </select>`;
  return html`<div class="editor">
    ${row.type === 'list' ? operationPicker(view) : html`<label>${t('New value')}</label>`}
    <div class="editor-line">
      ${box}
      <button class="button primary stage" ?disabled=${problem !== undefined} @click=${submit}>${t('Stage')}</button>
    </div>
    ${
      problem !== undefined
        ? html`<p class="problem-text" role="alert">${problem}</p>`
        : plain === undefined
          ? nothing
          : html`<p class="quiet">= ${plain}</p>`
    }
    <p class="editor-links">
      ${row.isOwn ? html`<button class="link inherit" @click=${() => stage(undefined)}>${t('Back to inherited')}</button>` : nothing}
      ${staged === undefined ? nothing : html`<button class="link" @click=${unstage}>${t('Leave as it is')}</button>`}
    </p>
  </div>`;
}

/** What can be chosen; undefined where anything can be typed. */
export function optionsOf(row: ConfigRow, operation: ListOperation | undefined): readonly string[] | undefined {
  const known = row.type === 'boolean' ? ['true', 'false'] : choices[row.name];
  if (operation === undefined) return known;
  const present = listItems(row.value);
  if (operation === 'subtract') return present;
  return known && [...new Set(known.flatMap(listItems))].filter((item) => !present.includes(item));
}

export function listItems(value: string | undefined): string[] {
  return (value ?? '')
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
}

function operationPicker({ operation, operate }: EditorView): TemplateResult {
  return picker(
    t('What to do with the list'),
    operation ?? 'set',
    [
      ['set', t('Set to')],
      ['append', t('Add to the list')],
      ['subtract', t('Take from the list')],
    ],
    (id) => operate(id === 'append' || id === 'subtract' ? id : undefined),
  );
}

function brokersView({ onBrokers, askBrokers }: EditorView): TemplateResult {
  if (onBrokers === undefined) {
    return html`<p><button class="link brokers" @click=${askBrokers}>${t('Compare the brokers')}</button></p>`;
  }
  if (onBrokers === 'asked')
    return html`<p role="status">${icon('loading', 'codicon-modifier-spin')} ${t('Asking each broker')}</p>`;
  const values = new Set(onBrokers.filter(({ why }) => why === undefined).map(({ value }) => value ?? ''));
  return html`<h3>${t('On each broker')}</h3>
    ${
      values.size > 1
        ? html`<p class="differ">
            ${icon('warning')} ${t('They differ: what holds depends on which broker leads a partition.')}
          </p>`
        : nothing
    }
    <ul class="synonyms">
      ${onBrokers.map(
        ({ broker, value, source, isSensitive, why }) =>
          html`<li>
            ${broker < 0 ? nothing : html`${t('Broker {0}', broker)}: `}
            ${
              why === undefined
                ? html`<code>${visibleText(shownValue({ value, isSensitive }))}</code>
                    <span class="quiet">${source === undefined ? '' : sourceWord(source)}</span>`
                : html`<span class="quiet">- ${visibleText(why)}</span>`
            }
          </li>`,
      )}
    </ul>`;
}
