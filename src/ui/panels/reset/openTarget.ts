import type { Decoder } from '../../../formats/decoder.ts';
import type { Cluster } from '../../../kafka/cluster.ts';
import { HumanError } from '../../../shared/errors.ts';
import { t } from '../../../shared/l10n.ts';
import { timeWords } from '../../../shared/times.ts';
import type { ResetTarget } from './resetFeedOptions.ts';

/** A connected cluster for the page; the code that changes something is loaded when first needed. */
export function targetOf(kafka: Cluster, cluster: string, decoderOf: () => Decoder | Promise<Decoder>): ResetTarget {
  return {
    plan: async (what, signal) => {
      if ('plan' in what) return what.plan(kafka, signal);
      const { planFor } = await import('../../../changes/gather.ts');
      return planFor(kafka, what, signal);
    },
    commitsAt: async (group, at, signal) => {
      const { readCommitsAt } = await import('../../../offsetsTopic/commitsAt.ts');
      const then = await readCommitsAt(kafka, { group, at, time: timeWords, signal });
      if ('failure' in then) throw new HumanError(then.failure.message);
      if (then.value.offsets.size + then.value.why.size === 0) {
        throw new HumanError(
          t('The commit log has no commits of group {0}.', group),
          t('What has expired or was deleted long ago is not in __consumer_offsets any more.'),
        );
      }
      return then.value;
    },
    groupNow: async (group, signal) => {
      const { groupNow } = await import('../../../changes/groupNow.ts');
      return groupNow(kafka, group, signal);
    },
    execute: async (plan, { kind, undoes, name, journal, signal }) => {
      const { executePlan } = await import('../../../changes/execute.ts');
      return executePlan(kafka, plan, {
        kind,
        cluster,
        journal,
        signal,
        ...(undoes === undefined ? {} : { undoes }),
        ...(name === undefined ? {} : { name }),
      });
    },
    peek: async ({ topic, partition, before, after, start, end }, signal) => {
      const [{ peek }, decoder] = await Promise.all([import('./peek.ts'), decoderOf()]);
      const at = (offset: bigint | undefined): ReturnType<typeof peek> =>
        peek(kafka, decoder, { topic, partition, offset, start, end }, signal);
      const [from, to] = await Promise.all([
        at('value' in before ? before.value?.offset : undefined),
        at(after?.kind === 'commit' ? after.offset : undefined),
      ]);
      return { before: from, after: to };
    },
  };
}
