import { formatDuration } from '../shared/format.ts';
import { t } from '../shared/l10n.ts';
import type { StuckFacts } from './facts.ts';
import type { Finding } from './findings.ts';

/** A commit that was seen to move within this time is not stuck, ms. */
const movesWithinMs = 15_000;

/** Who reads the partition, as the last look at the group has it. */
export function readerFindings({ owner, commit, log }: StuckFacts): Finding[] {
  if (owner === undefined) return [];
  const committed = 'value' in commit ? commit.value?.offset : undefined;
  const end = 'value' in log ? log.value.end : undefined;
  const waits = committed === undefined || end === undefined || committed < end;
  const findings: Finding[] = [];
  if (owner.owner === undefined && waits) {
    const text =
      owner.members === 0
        ? t('Nobody reads it: the group has no members.')
        : t('Nobody reads it: none of the {0} members owns this partition.', owner.members);
    findings.push({
      kind: 'nobody',
      level: 'cause',
      text,
      evidence: [t('The group is {0}.', owner.groupState)],
      advice:
        owner.members === 0
          ? t('Start the consumer. If its commits move all the same, it uses assign() and never joins.')
          : t('Does a member still subscribe to the topic? A group that is rebalancing owns nothing for the moment.'),
    });
  }
  const { committedAt, unchangedFor } = owner;
  if (waits && committedAt !== undefined && unchangedFor !== undefined && unchangedFor < movesWithinMs) {
    findings.push({
      kind: 'moving',
      level: 'note',
      text: t('The commit moved {0} ago: the group is not stuck here, it is on its way.', formatDuration(unchangedFor)),
      evidence: [],
    });
  }
  return findings;
}
