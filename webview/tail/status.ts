import { html, nothing, type TemplateResult } from 'lit';
import { formatBytes } from '../../src/shared/bytes.ts';
import type { Reading, TailModel } from '../../src/ui/panels/tail/protocol.ts';
import { icon } from '../shared/icon.ts';
import { t } from '../shared/l10n.ts';
import { exact, rate } from '../shared/text.ts';
import { exactBytes } from './rows.ts';

const readingIcons: Record<Reading, string> = {
  starting: 'loading',
  running: 'play',
  resting: 'debug-pause',
  stopped: 'debug-stop',
  finished: 'check',
  failed: 'error',
};

function readingWord(reading: Reading): string {
  switch (reading) {
    case 'starting':
      return t('Starting');
    case 'running':
      return t('Reading');
    case 'resting':
      return t('Resting');
    case 'stopped':
      return t('Stopped');
    case 'finished':
      return t('Finished');
    case 'failed':
      return t('Failed');
  }
}

function readingMeaning(model: TailModel): string {
  switch (model.reading) {
    case 'starting':
      return t('Finding where to begin: {0}.', model.startWords);
    case 'running':
      return model.stopWords === undefined
        ? t('From {0} on. No group is joined and nothing is committed.', model.startWords)
        : t('From {0} until {1}. No group is joined and nothing is committed.', model.startWords, model.stopWords);
    case 'resting':
      return t('The page was hidden, so nothing was asked of the cluster.');
    case 'stopped':
      return t('Nothing is read. Resume goes on where it stopped.');
    case 'finished':
      return model.stopWords === undefined
        ? t('All was read that was asked for.')
        : t('All was read from {0} until {1}.', model.startWords, model.stopWords);
    case 'failed':
      return model.frame.verdict.join('\n');
  }
}

/** What the reading does; that the view is paused comes first, since it is why nothing moves. */
export function readingStatus(model: TailModel): TemplateResult {
  const spin = model.reading === 'starting' ? 'codicon-modifier-spin' : '';
  return html`<span class="reading ${model.reading}" title=${readingMeaning(model)}
      >${icon(readingIcons[model.reading], spin)} ${readingWord(model.reading)}</span
    >
    ${
      model.paused
        ? html`<span class="reading paused" title=${t('The view stands still; reading goes on and nothing is lost.')}
            >${icon('debug-pause')} ${t('Paused, {0} new', exact(String(model.view.waiting)))}</span
          >`
        : nothing
    }`;
}

/** Beside the kept rows: how many there are, are shown, were dropped and are selected; and how fast they come. */
export function statusLine(model: TailModel, selected: number): TemplateResult {
  const { kept, view, search } = model;
  const count = (value: number): string => exact(String(value));
  const full = Math.max(kept.records / kept.maxRecords, kept.bytes / kept.maxBytes);
  const filtered = model.filter.text !== '' || model.filter.time !== undefined;
  return html`<footer class="status">
    <span
      title=${t(
        '{0} of at most {1} records; {2} of memory, of at most {3}',
        count(kept.records),
        count(kept.maxRecords),
        formatBytes(kept.bytes),
        formatBytes(kept.maxBytes),
      )}
      >${search === undefined ? t('{0} kept', count(kept.records)) : t('{0} found', count(kept.records))},
      ${formatBytes(kept.size)}${full > 0.995 ? html` ${icon('archive')} ${t('full')}` : nothing}</span
    >
    ${
      filtered
        ? html`<span
            >${t('{0} shown', count(view.count))}${
              view.evaluating === undefined ? nothing : ` (${t('filtering, {0} %', Math.floor(view.evaluating * 100))})`
            }</span
          >`
        : nothing
    }
    ${
      kept.dropped > 0
        ? html`<span
            class="dropped"
            title=${t('The oldest make room for new ones. Settings: kafkaDebugger.tail.maxRecords and maxMegabytes.')}
            >${icon('trash')} ${t('{0} dropped', count(kept.dropped))}</span
          >`
        : nothing
    }
    ${selected > 0 ? html`<span>${t('{0} selected', count(selected))}</span>` : nothing}
    <span class="spring"></span>
    ${behind(model)}
    <span title=${t('{0} a second', exactBytes(Math.round(model.bytesPerSecond)))}
      >${t('{0} records/s, {1}/s', rate(model.recordsPerSecond), formatBytes(model.bytesPerSecond))}</span
    >
  </footer>`;
}

/** How far reading is behind the end, and partitions that are not read, with their reasons. */
function behind(model: TailModel): TemplateResult | typeof nothing {
  const { positions } = model;
  if (positions.length === 0) return nothing;
  const lines = positions
    .slice(0, 30)
    .map(({ partition, position, end, state, why }) =>
      t('{0}: at {1} of {2}, {3}', partition, exact(position), exact(end), why ?? state),
    );
  const lost = positions.filter(({ state }) => state === 'unavailable' || state === 'denied' || state === 'deleted');
  const left = positions.reduce(
    (sum, { position, end }) =>
      position === undefined || end === undefined || BigInt(end) < BigInt(position)
        ? sum
        : sum + BigInt(end) - BigInt(position),
    0n,
  );
  const words =
    lost.length > 0
      ? t('{0} of {1} partitions not read', lost.length, positions.length)
      : left === 0n
        ? t('at the end')
        : t('{0} to the end', exact(String(left)));
  return html`<span class=${lost.length > 0 ? 'row-mark warning' : ''} title=${lines.join('\n')}
    >${lost.length > 0 ? icon('warning') : nothing} ${words}</span
  >`;
}
