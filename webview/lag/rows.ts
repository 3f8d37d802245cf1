import { html, nothing, type TemplateResult } from 'lit';
import type { LagRow, LagState, MemberInfo } from '../../src/ui/panels/protocol.ts';
import { icon } from '../shared/icon.ts';
import { t } from '../shared/l10n.ts';
import { exact } from '../shared/text.ts';

/** What a partition's state is called; empty where all is well. */
export function stateWord(row: Pick<LagRow, 'state' | 'stuck' | 'lost' | 'lag'>): string {
  switch (row.state) {
    case 'ok':
      return row.stuck === true ? t('stuck') : '';
    case 'no-commit':
      return t('no commit');
    case 'below-start':
      return row.lost === '1' ? t('1 record lost') : t('{0} records lost', exact(row.lost));
    case 'beyond-end':
      return t('beyond end by {0}', exact(row.lag?.replace('-', '')));
    case 'topic-deleted':
      return t('topic deleted');
    case 'no-leader':
      return t('no leader');
    case 'denied':
      return t('denied');
    case 'unknown':
      return t('unknown');
  }
}

/** What it means, and what to do. */
export function stateMeaning(row: LagRow): string {
  switch (row.state) {
    case 'ok':
      return isHeld(row)
        ? t('An open transaction holds the LSO at the commit: a read_committed consumer can read no further.')
        : row.stuck === true
          ? t('Records wait, yet the commit stands still: the consumer is stuck there, or gone.')
          : t('Committed within the log.');
    case 'no-commit':
      return t('The group has never committed here, or its commit expired. auto.offset.reset says where it starts.');
    case 'below-start':
      return row.lost === '1'
        ? t('The commit is below the log start: 1 record was deleted by retention before it was read.')
        : t(
            'The commit is below the log start: {0} records were deleted by retention before they were read.',
            exact(row.lost),
          );
    case 'beyond-end':
      return t('The commit is past the end of the log: the topic was recreated or truncated.');
    case 'topic-deleted':
      return t('The topic or partition does not exist any more; the commit is what is left.');
    case 'no-leader':
      return t('The partition has no leader, so its offsets cannot be read.');
    case 'denied':
      return row.why ?? t('This user may not read the offsets.');
    case 'unknown':
      return row.why ?? t('The offsets could not be read.');
  }
}

/** The state in a paragraph: icon, word, what it means. */
export function stateNote(row: LagRow): TemplateResult {
  const word = stateWord(row);
  return html`<p class="row-state note ${row.state}">
    ${word === '' ? nothing : html`${icon(row.stuck === true ? 'warning' : stateIcon(row.state))} ${word}. `}${stateMeaning(row)}
  </p>`;
}

export function stateIcon(state: LagState): string {
  switch (state) {
    case 'ok':
      return 'check';
    case 'no-commit':
      return 'circle-outline';
    case 'below-start':
    case 'beyond-end':
      return 'warning';
    case 'topic-deleted':
      return 'trash';
    case 'no-leader':
      return 'debug-disconnect';
    case 'denied':
      return 'lock';
    case 'unknown':
      return 'question';
  }
}

/** Records wait, but none that a read_committed consumer may read. */
export function isHeld(row: LagRow): boolean {
  return row.lag !== undefined && row.stableLag !== undefined && BigInt(row.lag) > 0n && BigInt(row.stableLag) <= 0n;
}

/** Why there is no lag. */
export function noLagReason(row: LagRow): string | undefined {
  return row.lag === undefined ? stateMeaning(row) : undefined;
}

/** What the filter looks through. */
export function filterText(row: LagRow, owner: MemberInfo | undefined): string {
  return [
    row.topic,
    `${row.topic}-${row.partition}`,
    owner === undefined ? t('unassigned') : `${owner.name} ${owner.clientId} ${owner.id} ${owner.host}`,
    stateWord(row),
  ].join('\n');
}
