import { html, type TemplateResult } from 'lit';
import { formatDuration } from '../../src/shared/format.ts';
import type { CommitPartition, CommitsModel } from '../../src/ui/panels/commits/protocol.ts';
import type { PartitionKey } from '../../src/ui/panels/protocol.ts';
import { recordCount } from '../shared/counted.ts';
import { t } from '../shared/l10n.ts';
import { exact, wholeTime } from '../shared/text.ts';

/** Of the chosen partition, else of all. */
export function figuresView(model: CommitsModel, only: PartitionKey | undefined): TemplateResult {
  const partitions = model.partitions.filter(({ key }) => only === undefined || key === only);
  const sum = (of: (one: CommitPartition) => string | number): bigint =>
    partitions.reduce((total, one) => total + BigInt(of(one)), 0n);
  const usual = partitions.flatMap(({ usualInterval }) => usualInterval ?? []).sort((a, b) => a - b);
  const gap = partitions
    .flatMap(({ longestGap }) => longestGap ?? [])
    .reduce<CommitPartition['longestGap']>(
      (a, b) => (a === undefined || b.to - b.from > a.to - a.from ? b : a),
      undefined,
    );
  const expires = partitions.flatMap((one) => one.expires ?? []).sort((a, b) => a - b)[0];
  const [rewinds, jumps] = [sum((one) => one.rewinds), sum((one) => one.jumps)];
  const fact = (label: string, value: unknown, hover = '', alarm = false): TemplateResult =>
    html`<div title=${hover} class=${alarm ? 'alarm' : ''}>
      <dt>${label}</dt>
      <dd>${value}</dd>
    </div>`;
  const unread = model.failure !== undefined && model.count === 0;
  const figure = (value: bigint): string => (unread ? '-' : exact(String(value)));
  const records = (of: (one: CommitPartition) => string | number): string => recordCount(sum(of));
  return html`<dl class="figures">
    ${fact(t('Partitions'), exact(String(partitions.length)))}
    ${fact(t('Commits'), figure(sum((one) => one.count)), t('That were read'))}
    ${fact(t('Usual interval'), usual.length === 0 ? '-' : formatDuration(usual[usual.length >> 1]!), t('Median over the partitions'))}
    ${fact(
      t('Longest gap'),
      gap === undefined ? '-' : formatDuration(gap.to - gap.from),
      gap === undefined ? '' : `${wholeTime(gap.from)}\n${wholeTime(gap.to)}`,
    )}
    ${fact(t('No progress'), figure(sum((one) => one.same)), t('Commits of what was committed already'))}
    ${fact(
      t('Rewinds'),
      rewinds === 0n
        ? figure(rewinds)
        : t(
            '{0}, {1} twice',
            figure(rewinds),
            records((one) => one.again),
          ),
      t('Steps back: the records between are processed twice'),
      rewinds > 0n,
    )}
    ${fact(
      t('Jumps'),
      jumps === 0n
        ? figure(jumps)
        : t(
            '{0}, {1} skipped',
            figure(jumps),
            records((one) => one.skipped),
          ),
      t('Steps past records that the group cannot have, or can hardly have, read'),
      jumps > 0n,
    )}
    ${fact(
      t('Expires'),
      expires === undefined ? '-' : wholeTime(expires).slice(0, 10),
      expires === undefined
        ? (partitions.find(({ expiryWhy }) => expiryWhy !== undefined)?.expiryWhy ?? '')
        : wholeTime(expires),
    )}
    ${fact(
      t('Retention'),
      model.retention === undefined ? '-' : formatDuration(model.retention),
      model.retention === undefined
        ? t('The offsets.retention.minutes of the broker could not be read.')
        : t('offsets.retention.minutes of the coordinator'),
    )}
  </dl>`;
}
