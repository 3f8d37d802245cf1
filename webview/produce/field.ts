import { html, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import type { DraftField, DraftPlace, FieldFormat } from '../../src/ui/panels/produce/protocol.ts';
import { t } from '../shared/l10n.ts';
import { button } from '../shared/toolbar.ts';
import { exampleButton, isSchemaFormat, schemaChoice, type SchemaChoice } from './schemaChoice.ts';

function formatWords(): readonly (readonly [FieldFormat, string])[] {
  return [
    ['text', t('Text')],
    ['json', 'JSON'],
    ['hex', t('Hex')],
    ['base64', 'Base64'],
    ['int16', t('Short (int16)')],
    ['int32', t('Integer (int32)')],
    ['int64', t('Long (int64)')],
    ['float32', t('Float')],
    ['float64', t('Double')],
    ['boolean', t('Boolean')],
    ['uuid', 'UUID'],
    ['null', 'null'],
  ];
}

/** Names of products, in every language. */
const schemaFormats: readonly (readonly [FieldFormat, string])[] = [
  ['avro', 'Avro'],
  ['protobuf', 'Protobuf'],
  ['jsonSchema', 'JSON Schema'],
];

export interface FieldView {
  readonly place: DraftPlace;
  readonly label: string;
  readonly field: DraftField;
  readonly problem: string | undefined;
  /** Several lines. */
  readonly large?: boolean;
  readonly disabled: boolean;
  readonly change: (field: DraftField) => void;
  readonly pickFile: () => void;
  readonly editHeld: (id: string) => void;
  /** Where it may be written by a schema. */
  readonly schema?: SchemaChoice;
}

/** A format, what is written in it, and a way to a file. */
export function fieldView(view: FieldView): TemplateResult {
  const { place, label, field, problem, disabled, change, schema } = view;
  const bySchema = schema !== undefined && isSchemaFormat(field.format);
  const large = view.large === true || bySchema;
  const problemId = `problem-${place.replace(' ', '-')}`;
  const typed = (event: Event): void => {
    const text = (event.target as HTMLInputElement).value;
    // Whoever types means more than nothing.
    change({ ...field, format: field.format === 'null' && text !== '' ? 'text' : field.format, text });
  };
  const placeholder =
    field.format === 'null'
      ? place === 'value'
        ? t('null: a tombstone')
        : t('null: none')
      : field.format === 'text' || field.format === 'json'
        ? t('empty')
        : bySchema
          ? t('JSON')
          : '';
  const invalid = problem === undefined ? nothing : 'true';
  const box = large
    ? html`<textarea
        class="input code ${place}"
        aria-label=${label}
        aria-invalid=${invalid}
        aria-describedby=${problem === undefined ? nothing : problemId}
        spellcheck="false"
        placeholder=${placeholder}
        ?disabled=${disabled}
        .value=${live(field.text)}
        @input=${typed}
      ></textarea>`
    : html`<input
        class="input code wide"
        aria-label=${label}
        aria-invalid=${invalid}
        aria-describedby=${problem === undefined ? nothing : problemId}
        spellcheck="false"
        autocomplete="off"
        placeholder=${placeholder}
        ?disabled=${disabled}
        .value=${live(field.text)}
        @input=${typed}
      />`;
  const registry = bySchema
    ? html`${exampleButton(schema, field, disabled)}${schemaChoice(schema, field, disabled, change)}`
    : nothing;
  const option = ([id, word]: readonly [FieldFormat, string]): TemplateResult =>
    html`<option value=${id} ?selected=${id === field.format}>${word}</option>`;
  const formats = html`<select
    class="picker"
    title=${t('Format of {0}', label)}
    aria-label=${t('Format of {0}', label)}
    ?disabled=${disabled}
    .value=${live(field.format)}
    @change=${(event: Event) =>
      change({
        format: (event.target as HTMLSelectElement).value as FieldFormat,
        text: field.text,
        schema: field.schema,
      })}
  >
    ${field.format === 'bytes' ? html`<option value="bytes" selected>${t('As it is')}</option>` : nothing}
    ${formatWords().map(option)}
    ${schema === undefined ? nothing : html`<optgroup label=${t('Schema Registry')}>${schemaFormats.map(option)}</optgroup>`}
  </select>`;
  const file = disabled ? nothing : button('folder-opened', t('{0} from a file', label), view.pickFile);
  return html`<div class="field">
    ${formats}
    ${
      field.held === undefined
        ? large
          ? html`${file}${registry}${box}`
          : html`${box}${file}`
        : html`<span class="held" title=${field.held.name}
              ><span class="preview"
                >${
                  field.held.size === 0
                    ? html`<span class="quiet">${t('empty')}</span>`
                    : html`<bdi>${field.held.preview}</bdi>`
                }</span
              >
              <span class="size">${t('{0} bytes', field.held.size.toLocaleString('en-US'))}</span>
              ${disabled ? nothing : html`<button class="link" @click=${() => view.editHeld(field.held!.id)}>${t('Edit')}</button>`}</span
            >${file}`
    }
    ${problem === undefined ? nothing : html`<span class="problem-text" id=${problemId}>${problem}</span>`}
  </div>`;
}
