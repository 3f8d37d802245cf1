import { html, nothing, type TemplateResult } from 'lit';
import type { TailModel } from '../../src/ui/panels/tail/protocol.ts';
import { icon } from '../shared/icon.ts';
import { t } from '../shared/l10n.ts';
import { exact } from '../shared/text.ts';

export interface EmptyActions {
  readonly clearFilter: () => void;
  readonly search: () => void;
  readonly resume: () => void;
  readonly seek: () => void;
}

/** Why there are no rows, and what to do. */
export function emptyView(model: TailModel, actions: EmptyActions): TemplateResult {
  const link = (label: string, press: () => void): TemplateResult =>
    html`<button class="link" @click=${press}>${label}</button>`;
  const view = (name: string, title: string, advice: string, ...links: TemplateResult[]): TemplateResult =>
    html`<div class="empty-rows" role="status">
      <div class="problem">
        ${icon(name, name === 'loading' ? 'codicon-modifier-spin' : '')}
        <div>
          <h2>${title}</h2>
          <p>${advice}</p>
          ${links.length === 0 ? nothing : html`<div class="links">${links}</div>`}
        </div>
      </div>
    </div>`;

  const { search, kept, filter, reading } = model;
  if (search !== undefined && kept.records === 0) {
    if (search.state === 'running') {
      return view('search', t('Nothing found yet'), t('{0} records read so far.', exact(search.records)));
    }
    return view(
      'search',
      t('Nothing found'),
      t('{0} records were read, and none of them matches.', exact(search.records)),
    );
  }
  if (kept.records > 0 && (filter.text !== '' || filter.time !== undefined)) {
    return view(
      'filter',
      t('None of the {0} records kept passes the filter', exact(String(kept.records))),
      t('The filter looks through what is kept here; a search reads the topic itself.'),
      link(t('Clear the filter'), actions.clearFilter),
      link(t('Search the topic'), actions.search),
    );
  }
  const { problem } = model.frame;
  const title = problem?.title;
  const advice = problem?.advice;
  switch (reading) {
    case 'starting':
      return view('loading', title ?? t('Finding where to begin'), advice ?? t('From: {0}.', model.startWords));
    case 'running':
      return view(
        'inbox',
        title ?? t('No records yet'),
        `${span(model)} ${advice ?? t('New ones appear here as they arrive.')}`,
        link(t('Seek to another place'), actions.seek),
      );
    case 'finished':
      return view(
        'inbox',
        title ?? t('No records'),
        `${span(model)} ${advice ?? t('All was read that was asked for.')}`,
        link(t('Seek to another place'), actions.seek),
      );
    case 'resting':
    case 'stopped':
    case 'failed':
      return view(
        'debug-stop',
        title ?? t('Nothing is read'),
        advice ?? t('Reading is stopped and nothing is kept.'),
        link(t('Resume reading'), actions.resume),
      );
  }
}

/** From where on there was nothing. */
function span({ positions, startWords }: TailModel): string {
  const [one] = positions;
  if (positions.length === 1 && one !== undefined) {
    return t('Partition {0} was read from: {1}. Its end is {2}.', one.partition, startWords, exact(one.end));
  }
  return positions.length === 0
    ? t('Read from: {0}.', startWords)
    : t('{0} partitions were read from: {1}.', positions.length, startWords);
}
