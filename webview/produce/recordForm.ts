import { html, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import type {
  Draft,
  DraftField,
  DraftPlace,
  FromProducePage,
  Lines,
  Plan,
  ProduceModel,
} from '../../src/ui/panels/produce/protocol.ts';
import { recordCount } from '../shared/counted.ts';
import { t } from '../shared/l10n.ts';
import { button, picker } from '../shared/toolbar.ts';
import { fieldView } from './field.ts';

export const emptyField: DraftField = { format: 'text', text: '' };
export const emptyDraft: Draft = {
  topic: '',
  partition: '',
  key: { format: 'null', text: '' },
  value: emptyField,
  headers: [],
  timestamp: '',
  compression: 'none',
  count: '1',
};

/** What the form shows, and what it does with what is typed. */
export interface FormView {
  readonly model: ProduceModel;
  readonly draft: Draft;
  readonly plan: Plan;
  readonly change: (change: Partial<Draft>) => void;
  readonly post: (message: FromProducePage) => void;
}

/** The record as it is being written down, or the file of records that takes its place. */
export function recordForm(view: FormView): TemplateResult {
  const { model, draft, change, post } = view;
  const disabled = isSending(view);
  const partitionHint =
    model.partitions === undefined
      ? t('A number; empty: by the key (murmur2, as the Java client does)')
      : t('0 to {0}; empty: by the key (murmur2, as the Java client does)', model.partitions - 1);
  return html`<div class="form" role="form" aria-label=${t('Record to write')}>
    <label for="topic">${t('Topic')}</label>
    <div class="row">
      ${input(view, 'topic', t('Topic'), { className: 'wide', list: 'topics' })}
      <label for="partition">${t('Partition')}</label>
      ${input(view, 'partition', t('Partition'), { className: 'short', placeholder: t('by key'), title: partitionHint })}
      ${problem(view, 'topic')} ${problem(view, 'partition')}
      <datalist id="topics">${model.topics.map((topic) => html`<option value=${topic}></option>`)}</datalist>
    </div>
    ${model.lines === undefined ? record(view) : linesOf(model.lines, view)}
    <span class="label">${t('Options')}</span>
    <div class="row">
      <label for="timestamp">${t('Timestamp')}</label>
      ${input(view, 'timestamp', t('Timestamp'), {
        className: 'time',
        placeholder: t('now'),
        title: t('Empty: when it is sent. ISO 8601, such as 2026-03-01T12:00Z, or milliseconds since 1970.'),
      })}
      ${
        draft.timestamp === '' || disabled
          ? nothing
          : html`<button class="link" @click=${() => change({ timestamp: '' })}>${t('Now')}</button>`
      }
      <span class="quiet">${t('Compression')}</span>
      ${picker(
        t('Compression'),
        draft.compression,
        [
          ['none', t('none')],
          ['gzip', 'gzip'],
          ['zstd', 'zstd'],
        ],
        (value) => change({ compression: value as Draft['compression'] }),
      )}
      ${
        model.lines === undefined
          ? html`<label for="count">${t('Copies')}</label> ${input(view, 'count', t('Copies'), { className: 'short' })}
              ${disabled ? nothing : html`<button class="link" @click=${() => post({ type: 'pickLines' })}>${t('Records of a file...')}</button>`}`
          : nothing
      }
      ${problem(view, 'timestamp')} ${problem(view, 'count')}
    </div>
  </div>`;
}

function isSending({ model }: FormView): boolean {
  return model.sending !== undefined;
}

function record(view: FormView): TemplateResult {
  const { draft, change } = view;
  return html`<span class="label">${t('Key')}</span> ${part(view, 'key', t('Key'))}
    <span class="label">${t('Value')}</span> ${part(view, 'value', t('Value'))}
    <span class="label">${t('Headers')}</span>
    <div class="headers">
      ${draft.headers.map((_header, index) => headerRow(view, index))}
      ${
        isSending(view)
          ? nothing
          : html`<div>
              <button
                class="link add-header"
                @click=${() => change({ headers: [...draft.headers, { key: '', value: emptyField }] })}
              >
                ${t('Add header')}
              </button>
            </div>`
      }
    </div>`;
}

function part(view: FormView, place: 'key' | 'value', label: string): TemplateResult {
  const { model, draft, plan, change, post } = view;
  return fieldView({
    place,
    label,
    field: draft[place],
    problem: plan.problems[place],
    large: place === 'value',
    disabled: isSending(view),
    change: (changed) => change({ [place]: changed }),
    pickFile: () => post({ type: 'pickFile', place }),
    editHeld: (id) => post({ type: 'editHeld', place, id }),
    schema: {
      part: place,
      topic: draft.topic.trim(),
      found: plan.schemas[place],
      problem: plan.problems[`${place} schema`],
      subjects: model.subjects ?? [],
      hasRegistry: model.hasRegistry,
      insertExample: () => post({ type: 'example', place, draft }),
      setRegistry: () => post({ type: 'setRegistry' }),
    },
  });
}

function headerRow(view: FormView, index: number): TemplateResult {
  const { draft, plan, change, post } = view;
  const header = draft.headers[index]!;
  const disabled = isSending(view);
  const replace = (changed: Draft['headers'][number]): void => change({ headers: draft.headers.with(index, changed) });
  const place: DraftPlace = `header ${index}`;
  return html`<div class="row header">
    <input
      class="input"
      aria-label=${t('Key of header {0}', index + 1)}
      placeholder=${t('header key')}
      spellcheck="false"
      autocomplete="off"
      ?disabled=${disabled}
      .value=${live(header.key)}
      @input=${(event: Event) => replace({ ...header, key: (event.target as HTMLInputElement).value })}
    />
    ${fieldView({
      place,
      label: t('Value of header {0}', index + 1),
      field: header.value,
      problem: plan.problems[place],
      disabled,
      change: (value) => replace({ ...header, value }),
      pickFile: () => post({ type: 'pickFile', place }),
      editHeld: (id) => post({ type: 'editHeld', place, id }),
    })}
    ${
      disabled
        ? nothing
        : button('trash', t('Remove header {0}', index + 1), () =>
            change({ headers: draft.headers.toSpliced(index, 1) }),
          )
    }
  </div>`;
}

function linesOf(lines: Lines, view: FormView): TemplateResult {
  return html`<span class="label">${t('Records')}</span>
    <div class="row">
      <span class="held"
        ><span class="preview"><bdi>${lines.name}</bdi></span>
        <span class="size">${recordCount(lines.records)}</span>
        ${isSending(view) ? nothing : html`<button class="link" @click=${() => view.post({ type: 'dropLines' })}>${t('Remove')}</button>`}</span
      >
      ${
        lines.problemCount === 0
          ? nothing
          : html`<span class="problem-text" role="alert"
              >${lines.problemCount === 1 ? t('1 line is left out.') : t('{0} lines are left out.', lines.problemCount)}
              ${lines.problems.join(' ')}</span
            >`
      }
    </div>`;
}

function input(
  view: FormView,
  place: 'topic' | 'partition' | 'timestamp' | 'count',
  label: string,
  more: { className: string; placeholder?: string; title?: string; list?: string },
): TemplateResult {
  return html`<input
    id=${place}
    class="input ${more.className}"
    aria-label=${label}
    aria-invalid=${view.plan.problems[place] === undefined ? nothing : 'true'}
    list=${more.list ?? nothing}
    title=${more.title ?? nothing}
    placeholder=${more.placeholder ?? ''}
    spellcheck="false"
    autocomplete="off"
    ?disabled=${isSending(view)}
    .value=${live(view.draft[place])}
    @input=${(event: Event) => view.change({ [place]: (event.target as HTMLInputElement).value })}
  />`;
}

function problem({ draft, plan }: FormView, place: DraftPlace): TemplateResult | typeof nothing {
  const text = plan.problems[place];
  // An empty form is not yet wrong.
  if (text === undefined || (place === 'topic' && draft.topic.trim() === '')) return nothing;
  return html`<span class="problem-text">${text}</span>`;
}
