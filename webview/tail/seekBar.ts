import { html, nothing, type TemplateResult } from 'lit';
import type { StartSpec, StopSpec } from '../../src/ui/panels/tail/protocol.ts';
import { PageElement } from '../shared/element.ts';
import { icon } from '../shared/icon.ts';
import { t } from '../shared/l10n.ts';
import { button, picker } from '../shared/toolbar.ts';
import { placeFields, readEnd, readPlace, type Place } from './places.ts';

/** Where to jump: fires `seek`. */
export interface SeekDetail {
  readonly to: StartSpec;
  readonly partitions?: readonly number[];
  readonly stop: StopSpec;
}

/** Jumps of an open tail: all partitions or one, to an offset, a time, ... What is wrong is said beside the field. */
export class SeekBar extends PageElement {
  static override properties = {
    partitions: { attribute: false },
    groups: { attribute: false },
    problem: { attribute: false },
    place: { state: true },
    until: { state: true },
    partition: { state: true },
    error: { state: true },
  };
  declare partitions: readonly number[];
  declare groups: readonly string[];
  /** What the host said to the last jump. */
  declare problem: string | undefined;
  declare place: Place;
  declare until: Place;
  /** Empty for all. */
  declare partition: string;
  declare error: string | undefined;

  constructor() {
    super();
    this.partitions = [];
    this.groups = [];
    this.place = { kind: 'offset', value: '' };
    this.until = { kind: 'never', value: '' };
    this.partition = '';
  }

  /** Where the person can begin to type. */
  override focus(): void {
    (this.querySelector<HTMLElement>('.place-value') ?? this.querySelector<HTMLElement>('select'))?.focus();
  }

  protected override render(): TemplateResult {
    const error = this.error ?? this.problem;
    const go = (): void => this.#seek();
    const changed = (): void => {
      this.error = undefined;
      if (this.problem !== undefined) this.dispatchEvent(new CustomEvent('forget'));
    };
    return html`<form class="command-bar" aria-label=${t('Seek')} @submit=${(event: Event) => event.preventDefault()}>
      <span class="command-title">${t('Seek')}</span>
      ${picker(
        t('Partitions to move'),
        this.partition,
        [
          ['', t('all partitions')] as const,
          ...this.partitions.map((partition) => [String(partition), t('partition {0}', partition)] as const),
        ],
        (partition) => (this.partition = partition),
      )}
      <span class="quiet">${t('to')}</span>
      ${placeFields({
        label: t('Where to'),
        place: this.place,
        kinds: ['offset', 'time', 'beginning', 'end', 'last', 'lastInAll', 'group'],
        groups: this.groups,
        change: (place) => {
          this.place = place;
          changed();
        },
        submit: go,
      })}
      <span class="quiet">${t('until')}</span>
      ${placeFields({
        label: t('Until'),
        place: this.until,
        kinds: ['never', 'end', 'offset', 'time'],
        change: (place) => {
          this.until = place;
          changed();
        },
        submit: go,
      })}
      <button class="button" type="button" @click=${go}>${t('Seek')}</button>
      ${error === undefined ? nothing : html`<span class="field-error" role="alert">${icon('error')} ${error}</span>`}
      <span class="spring"></span>
      ${button('close', t('Close (Escape)'), () => this.dispatchEvent(new CustomEvent('close')))}
    </form>`;
  }

  #seek(): void {
    const read = readPlace(this.place);
    const end = readEnd(this.until);
    this.error = 'error' in read ? read.error : 'error' in end ? end.error : undefined;
    if ('error' in read || 'error' in end) return;
    const detail: SeekDetail = {
      to: read.start,
      stop: end.stop,
      ...(this.partition === '' ? {} : { partitions: [Number(this.partition)] }),
    };
    this.dispatchEvent(new CustomEvent('seek', { detail }));
  }
}

customElements.define('kafka-seek-bar', SeekBar);
