import type { GroupHistory } from '../../../groups/assignmentHistory.ts';
import { withLogEvents } from '../../../history/logs/withLogEvents.ts';
import type { Disposable } from '../../../shared/event.ts';
import type { AssignmentServices, HistoryNews } from '../assignments/services.ts';
import type { LogStore } from './logStore.ts';

type Follow = AssignmentServices['followHistory'];

/** Lays what logs tell on the histories that are followed; a log that is opened later changes those that are shown. */
export function withLogs(follow: Follow, store: Pick<LogStore, 'eventsOf' | 'onDidChange'>): Follow {
  return (cluster, group, tell) => {
    let last: HistoryNews | undefined;
    let plain: GroupHistory | undefined;
    const tellLaid = (news: HistoryNews): void => {
      last = news;
      const history = plain && withLogEvents(plain, store.eventsOf(cluster, group));
      tell(history === undefined ? news : { ...news, history });
    };
    const following = follow(cluster, group, (news) => {
      plain = news.history ?? plain;
      tellLaid(news);
    });
    if (following === undefined) return undefined;
    const listening = store.onDidChange((changed) => {
      if (changed === cluster && plain !== undefined && last !== undefined) tellLaid(last);
    });
    return disposeBoth(following, listening);
  };
}

function disposeBoth(one: Disposable, other: Disposable): Disposable {
  return {
    dispose: () => {
      one.dispose();
      other.dispose();
    },
  };
}
