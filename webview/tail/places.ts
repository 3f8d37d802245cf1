import { html, nothing, type TemplateResult } from 'lit';
import type { StartSpec, StopSpec } from '../../src/ui/panels/tail/protocol.ts';
import { visibleText } from '../../src/shared/visibleText.ts';
import { t } from '../shared/l10n.ts';
import { picker } from '../shared/toolbar.ts';

export type PlaceKind = 'beginning' | 'end' | 'offset' | 'time' | 'last' | 'lastInAll' | 'group' | 'never';

/** A place in the topic as it is being typed. */
export interface Place {
  readonly kind: PlaceKind;
  readonly value: string;
}

const mostOffset = 2n ** 63n - 1n;
const mostLast = 10_000_000;

function labelOf(kind: PlaceKind): string {
  switch (kind) {
    case 'beginning':
      return t('Start of the log');
    case 'end':
      return t('End');
    case 'offset':
      return t('Offset');
    case 'time':
      return t('Time');
    case 'last':
      return t('Last of each partition');
    case 'lastInAll':
      return t('Last in all');
    case 'group':
      return t('Position of a group');
    case 'never':
      return t('Stopped by hand');
  }
}

function hintOf(kind: PlaceKind): string {
  switch (kind) {
    case 'offset':
      return t('offset');
    case 'time':
      return t('2026-03-01 12:00 or 10 minutes ago');
    case 'last':
    case 'lastInAll':
      return t('how many');
    case 'beginning':
    case 'end':
    case 'group':
    case 'never':
      return '';
  }
}

/** A choice of the kind of place, and the field that it needs. */
export function placeFields(options: {
  readonly label: string;
  readonly place: Place;
  readonly kinds: readonly PlaceKind[];
  readonly groups?: readonly string[];
  readonly change: (place: Place) => void;
  /** Enter in the field. */
  readonly submit: () => void;
}): TemplateResult {
  const { label, place, kinds, groups = [], change, submit } = options;
  const value = (event: Event): string => (event.target as HTMLInputElement).value;
  return html`${picker(
    label,
    place.kind,
    kinds.filter((kind) => kind !== 'group' || groups.length > 0).map((kind) => [kind, labelOf(kind)] as const),
    (kind) => change({ kind: kind as PlaceKind, value: kind === 'group' ? (groups[0] ?? '') : '' }),
  )}
  ${
    place.kind === 'beginning' || place.kind === 'end' || place.kind === 'never'
      ? nothing
      : place.kind === 'group'
        ? picker(
            t('Group'),
            place.value,
            groups.map((group) => [group, visibleText(group)] as const),
            (group) => change({ ...place, value: group }),
          )
        : html`<vscode-textfield
            class="place-value ${place.kind}"
            label=${`${label}: ${labelOf(place.kind)}`}
            aria-label=${`${label}: ${labelOf(place.kind)}`}
            placeholder=${hintOf(place.kind)}
            .value=${place.value}
            @input=${(event: Event) => change({ ...place, value: value(event) })}
            @keydown=${(event: KeyboardEvent) => {
              if (event.key === 'Enter') submit();
            }}
          ></vscode-textfield>`
  }`;
}

/** The place, or what is wrong with it. */
export function readPlace({ kind, value }: Place): { readonly start: StartSpec } | { readonly error: string } {
  const text = value.trim().replace(/[,_](?=\d)/g, '');
  switch (kind) {
    case 'beginning':
    case 'end':
      return { start: { at: kind } };
    case 'never':
      throw new RangeError('Nothing begins there.');
    case 'offset':
      if (!/^\d+$/.test(text)) return { error: t('An offset is a whole number from 0 on, such as 18204.') };
      if (BigInt(text) > mostOffset) return { error: t('The largest offset there can be is {0}.', String(mostOffset)) };
      return { start: { at: 'offset', offset: String(BigInt(text)) } };
    case 'last':
    case 'lastInAll':
      if (!/^\d{1,8}$/.test(text) || Number(text) < 1 || Number(text) > mostLast) {
        return { error: t('How many is a whole number from 1 to 10,000,000.') };
      }
      return { start: { at: 'last', count: Number(text), of: kind === 'last' ? 'partition' : 'topic' } };
    case 'time':
      if (value.trim() === '') return { error: t('Say a time, such as 2026-03-01 12:00 or 10 minutes ago.') };
      return { start: { at: 'time', text: value.trim() } };
    case 'group':
      if (value === '') return { error: t('Choose a group.') };
      return { start: { at: 'group', group: value } };
  }
}

/** The same for where reading ends. */
export function readEnd(place: Place): { readonly stop: StopSpec } | { readonly error: string } {
  if (place.kind === 'never') return { stop: { at: 'never' } };
  const read = readPlace(place);
  if ('error' in read) return read;
  const { start } = read;
  if (start.at === 'offset' || start.at === 'time') return { stop: start };
  return { stop: { at: 'end' } };
}
