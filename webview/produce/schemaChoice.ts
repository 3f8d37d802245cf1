import { html, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import type {
  DraftField,
  DraftSchema,
  FieldFormat,
  SchemaPart,
  SchemaView,
} from '../../src/ui/panels/produce/protocol.ts';
import { t } from '../shared/l10n.ts';
import { picker } from '../shared/toolbar.ts';

const noSchema: DraftSchema = { subject: '', version: '', id: '', message: '', inHeader: false };

export function isSchemaFormat(format: FieldFormat): boolean {
  return format === 'avro' || format === 'protobuf' || format === 'jsonSchema';
}

/** What is known of a field's schema, and what can be done about it. */
export interface SchemaChoice {
  readonly part: SchemaPart;
  readonly topic: string;
  readonly found: SchemaView | undefined;
  readonly problem: string | undefined;
  readonly subjects: readonly string[];
  readonly hasRegistry: boolean;
  readonly insertExample: () => void;
  readonly setRegistry: () => void;
}

/** Subject and version, or an id; the message of a Protobuf file; and where the id is written. */
export function schemaChoice(
  choice: SchemaChoice,
  field: DraftField,
  disabled: boolean,
  change: (field: DraftField) => void,
): TemplateResult {
  const { part, topic, found, problem, subjects, hasRegistry } = choice;
  const schema = field.schema ?? noSchema;
  const set = (changed: Partial<DraftSchema>): void => change({ ...field, schema: { ...schema, ...changed } });
  const problemId = `problem-${part}-schema`;
  if (!hasRegistry) {
    return html`<div class="schema">
      <span class="problem-text" id=${problemId}
        >${t('No Schema Registry is set for this cluster.')}
        <button class="link" @click=${choice.setRegistry}>${t('Set Schema Registry...')}</button></span
      >
    </div>`;
  }
  const name = part === 'key' ? t('key') : t('value');
  const byId = schema.id.trim() !== '';
  const text = (
    key: 'subject' | 'id',
    label: string,
    more: {
      className: string;
      placeholder: string;
      title: string;
      list?: string;
      off: boolean;
      with?: Partial<DraftSchema>;
    },
  ): TemplateResult =>
    html`<input
      class="input ${more.className}"
      aria-label=${label}
      aria-invalid=${problem !== undefined && byId === (key === 'id') ? 'true' : nothing}
      aria-describedby=${problem === undefined ? nothing : problemId}
      title=${more.title}
      placeholder=${more.placeholder}
      list=${more.list ?? nothing}
      spellcheck="false"
      autocomplete="off"
      ?disabled=${disabled || more.off}
      .value=${live(schema[key])}
      @input=${(event: Event) => set({ [key]: (event.target as HTMLInputElement).value, ...more.with })}
    />`;
  const versions = found?.versions ?? [];
  const isLatest = schema.version === '' && found?.version !== undefined;
  return html`<div class="schema">
    <span class="pair subject"
      ><span class="quiet">${t('Subject')}</span>${text('subject', t('Subject of the {0}', name), {
        className: 'code wide',
        placeholder: topic === '' ? t('by topic') : `${topic}-${part}`,
        title: t("Empty: the one that is named after the topic, as Confluent's clients do"),
        list: `subjects-${part}`,
        off: byId,
        // A version of another subject is another schema.
        with: { version: '', message: '' },
      })}</span
    >
    <datalist id=${`subjects-${part}`}>${subjects.map((each) => html`<option value=${each}></option>`)}</datalist>
    ${
      byId
        ? nothing
        : html`<span class="pair"
            ><span class="quiet">${t('Version')}</span>${picker(
              t('Version of the schema of the {0}', name),
              schema.version,
              [
                ['', isLatest ? t('latest ({0})', found.version) : t('latest')],
                ...[...new Set([...versions.map(String), ...(schema.version === '' ? [] : [schema.version])])]
                  .reverse()
                  .map((version) => [version, version] as const),
              ],
              (version) => set({ version, message: '' }),
            )}</span
          >`
    }
    <span class="pair"
      ><span class="quiet">${t('or id')}</span>${text('id', t('Id of the schema of the {0}', name), {
        className: 'code tiny',
        placeholder: found === undefined ? '' : String(found.id),
        title: t('The id that the registry gave the schema, in place of subject and version'),
        off: false,
        with: { message: '' },
      })}</span
    >
    ${
      (found?.messages.length ?? 0) > 1 || schema.message !== ''
        ? html`<span class="pair"
            ><span class="quiet">${t('Message')}</span>${picker(
              t('Message of the {0}', name),
              schema.message === '' ? (found?.messages[0] ?? '') : schema.message,
              [...new Set([...(found?.messages ?? []), ...(schema.message === '' ? [] : [schema.message])])].map(
                (message) => [message, message] as const,
              ),
              (message) => set({ message }),
            )}</span
          >`
        : nothing
    }
    ${
      found?.canBeInHeader === true
        ? html`<label
            class="check"
            title=${t(
              "A header names the schema by its GUID, as Confluent's HeaderSchemaIdSerializer does; else its id stands before the bytes, which all clients read.",
            )}
            ><input
              type="checkbox"
              ?disabled=${disabled}
              .checked=${live(schema.inHeader)}
              @change=${(event: Event) => set({ inHeader: (event.target as HTMLInputElement).checked })}
            />${t('schema in a header')}</label
          >`
        : nothing
    }
    ${problem === undefined ? nothing : html`<span class="problem-text" id=${problemId}>${problem}</span>`}
  </div>`;
}

/** Fills an empty field with a value of its schema; nothing to press while no schema is found. */
export function exampleButton(
  { found, insertExample }: SchemaChoice,
  { text }: DraftField,
  disabled: boolean,
): TemplateResult | typeof nothing {
  if (found === undefined || disabled) return nothing;
  const isEmpty = text.trim() === '';
  return html`<button
    class="link example"
    title=${isEmpty ? t('A value of the schema, to begin from') : t('Empty the field first.')}
    ?disabled=${!isEmpty}
    @click=${insertExample}
  >
    ${t('Insert example')}
  </button>`;
}
