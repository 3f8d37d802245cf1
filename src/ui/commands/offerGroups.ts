import type { Group } from '../../groups/snapshot.ts';
import type { ClusterWatch } from '../../watch/clusterWatch.ts';
import type { Offer } from '../ask.ts';

/**
 * The groups of a cluster to choose from, those too that appear while somebody chooses: the newest snapshot can be from before a group was made.
 * Undefined where there are none.
 *
 * @throws {HumanError} the cluster cannot be asked, and was not before.
 */
export async function offerGroups<Item>(
  watch: ClusterWatch,
  itemsOf: (groups: readonly Group[]) => readonly Item[],
): Promise<Offer<Item> | undefined> {
  const groups = (): Group[] => [...(watch.snapshot?.groups.values() ?? [])];
  if (groups().length === 0) await watch.refresh();
  if (groups().length === 0) return undefined;
  return {
    items: () => itemsOf(groups()),
    follow: (onChange) => {
      const looking = watch.look();
      const listening = watch.onDidChange(onChange);
      // Why it failed is in the watch's state, for the tree to say.
      watch.refresh().catch(() => {});
      return {
        dispose: () => {
          listening.dispose();
          looking.dispose();
        },
      };
    },
  };
}
