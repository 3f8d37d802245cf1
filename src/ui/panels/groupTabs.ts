import type { Disposable } from '../../shared/event.ts';
import { PageTabs } from './pageTabs.ts';
import type { PartitionKey } from './protocol.ts';

export interface GroupTarget {
  readonly cluster: string;
  readonly group: string;
  /** A partition to go to. */
  readonly key?: PartitionKey | undefined;
}

/** The tabs of a page about a group, one a group. */
export abstract class GroupTabs<Feed extends Disposable & { stop(): void }, Message> extends PageTabs<
  GroupTarget,
  Feed,
  Message,
  GroupTarget
> {
  protected override idOf({ cluster, group }: GroupTarget): string {
    return JSON.stringify([cluster, group]);
  }

  protected restored({ cluster, group }: Partial<GroupTarget>): GroupTarget | undefined {
    return typeof cluster === 'string' && typeof group === 'string' ? { cluster, group } : undefined;
  }

  protected told({ cluster, group, key }: GroupTarget): Record<string, string> {
    return { cluster, group, ...(key === undefined ? {} : { key }) };
  }

  protected override hidden(feed: Feed): void {
    feed.stop();
  }
}
