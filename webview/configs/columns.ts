import { html, nothing } from 'lit';
import { visibleText } from '../../src/shared/visibleText.ts';
import type { ConfigRow, StagedChange } from '../../src/ui/panels/configs/protocol.ts';
import { icon } from '../shared/icon.ts';
import { t } from '../shared/l10n.ts';
import type { Column } from '../shared/tableModel.ts';
import { nameCell } from '../shared/text.ts';
import { shownValue, sourceHover, sourceIcon, sourceWord } from './words.ts';

/** @param stagedOf what is staged of a configuration. */
export function configColumns(stagedOf: (name: string) => StagedChange | undefined): Column<ConfigRow>[] {
  return [
    {
      id: 'name',
      title: t('Name'),
      width: 250,
      text: (row) => row.name,
      cell: (row) => nameCell(row.name),
      hover: (row) => row.documentation,
      key: (row) => row.name,
    },
    {
      id: 'value',
      title: t('Value'),
      width: 190,
      text: (row) => row.value ?? '',
      cell: (row) => valueCell(row, stagedOf(row.name)),
      hover: (row) => (row.isSensitive ? t('Kafka never tells a secret.') : (row.value ?? t('It has no value.'))),
      key: (row) => (/^-?\d{1,18}$/.test(row.value ?? '') ? row.value!.padStart(20, ' ') : row.value),
    },
    {
      id: 'source',
      title: t('Set by'),
      width: 112,
      text: (row) => sourceWord(row.source),
      cell: (row) =>
        html`<span class="source ${row.isOwn ? 'own' : ''}"
          >${icon(sourceIcon(row.source))} ${sourceWord(row.source)}</span
        >`,
      hover: (row) => sourceHover(row.source),
      key: (row) => sourceWord(row.source),
    },
    {
      id: 'fixed',
      title: '',
      hint: t('Whether it can be changed here'),
      width: 30,
      text: (row) => (row.fixed === undefined ? '' : t('fixed')),
      cell: (row) =>
        row.fixed === undefined ? nothing : html`${icon('lock')}<span class="hidden-text">${t('fixed')}</span>`,
      hover: (row) => row.fixed,
    },
    {
      id: 'meaning',
      title: t('What it means for a consumer'),
      width: 220,
      grow: true,
      text: (row) => row.meaning ?? '',
      hover: (row) => row.meaning ?? row.documentation,
      cell: (row) => row.meaning ?? html`<span class="quiet">${firstSentence(row.documentation)}</span>`,
    },
  ];
}

function valueCell(row: ConfigRow, staged: StagedChange | undefined): unknown {
  const quiet = row.isSensitive || row.value === undefined || row.value === '';
  // Nineteen digits that mean "never" say less than the word.
  const isNever = row.value === '9223372036854775807' && row.readable !== undefined;
  const now = isNever
    ? html`<span class="quiet">${row.readable}</span>`
    : html`<span class="value ${quiet ? 'quiet' : ''}">${visibleText(shownValue(row))}</span>${
          row.readable === undefined ? nothing : html` <span class="quiet">${row.readable}</span>`
        }`;
  if (staged === undefined) return now;
  if (staged.operation !== undefined) {
    const name = staged.operation === 'append' ? 'add' : 'remove';
    return html`<span class="staged">${icon(name)} ${visibleText(staged.value ?? '')}</span> ${now}`;
  }
  const next = row.isSensitive && staged.value !== undefined ? t('secret') : (staged.value ?? t('inherited'));
  return html`<span class="staged">${icon('arrow-right')} ${visibleText(next)}</span>
    <s class="quiet">${visibleText(shownValue(row))}</s>`;
}

function firstSentence(text: string | undefined): string {
  if (text === undefined) return '';
  const end = text.search(/\.(\s|$)/);
  return (end < 0 ? text : text.slice(0, end + 1)).replace(/\s+/g, ' ');
}
