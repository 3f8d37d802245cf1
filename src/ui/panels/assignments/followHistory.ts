import * as vscode from 'vscode';
import type { AssignmentStore } from '../../../history/assignments/assignmentStore.ts';
import type { Cluster } from '../../../kafka/cluster.ts';
import { HumanError, isCancelled, messageOf } from '../../../shared/errors.ts';
import type { Disposable } from '../../../shared/event.ts';
import { t } from '../../../shared/l10n.ts';
import type { GroupStore } from '../../../watch/assignments.ts';
import type { ClusterWatch } from '../../../watch/clusterWatch.ts';
import { settings } from '../../contributions.ts';
import type { AssignmentServices, HistoryNews } from './services.ts';

export interface FollowServices {
  readonly watchOf: (cluster: string) => Pick<ClusterWatch, 'snapshot' | 'onDidChange' | 'look'> | undefined;
  /** undefined where the cluster is not connected. @throws {HumanError} it cannot be reached. */
  readonly kafkaOf: (cluster: string) => Promise<Cluster> | undefined;
  readonly log: { error(error: unknown, doing: string): void };
}

/** Follows histories, and keeps what it learns on the disk. What reads and keeps them is loaded when the first page opens. */
export class HistoryFollower implements Disposable {
  readonly #folder: vscode.Uri;
  readonly #services: FollowServices;
  #store: Promise<AssignmentStore | undefined> | undefined;

  /** `folder`: the extension's own, for all windows. */
  constructor(folder: vscode.Uri, services: FollowServices) {
    this.#folder = folder;
    this.#services = services;
  }

  readonly follow: AssignmentServices['followHistory'] = (cluster, group, tell) => {
    if (this.#services.watchOf(cluster) === undefined) return undefined;
    let following: Disposable | undefined;
    let ended = false;
    this.#start(cluster, group, (news) => ended || tell(news)).then(
      (started) => {
        if (ended) started.dispose();
        else following = started;
      },
      (error: unknown) => {
        if (ended || isCancelled(error)) return;
        this.#services.log.error(error, `assignment history of ${group}`);
        tell({ failure: messageOf(error) });
      },
    );
    return {
      dispose: () => {
        ended = true;
        following?.dispose();
      },
    };
  };

  readonly recordsMeanwhile: AssignmentServices['recordsMeanwhile'] = async (cluster, rebalance, signal) => {
    const [{ recordsMeanwhile }, kafka] = await Promise.all([
      import('../../../watch/recordsMeanwhile.ts'),
      this.#kafka(cluster),
    ]);
    return recordsMeanwhile(kafka, rebalance, signal);
  };

  dispose(): void {
    void this.#store?.then((store) => store?.close());
    this.#store = undefined;
  }

  async #start(cluster: string, group: string, tell: (news: HistoryNews) => void): Promise<Disposable> {
    const kafka = (): Promise<Cluster> => this.#kafka(cluster);
    const [{ followGroupHistory }, store] = await Promise.all([
      import('../../../watch/assignmentsFollow.ts'),
      this.#storeOf(kafka),
    ]);
    const onStoreFailure = (error: unknown): void => this.#services.log.error(error, 'keep assignment history');
    return followGroupHistory({ kafka, group, watch: this.#services.watchOf(cluster), store, onStoreFailure, tell });
  }

  async #kafka(cluster: string): Promise<Cluster> {
    const opening = this.#services.kafkaOf(cluster);
    if (opening !== undefined) return opening;
    throw new HumanError(t('Cluster {0} is not connected.', cluster), t('Connect it in the tree.'));
  }

  /** What is kept of a cluster, by Kafka's own id of it: a name can be given to another one. */
  async #storeOf(kafka: () => Promise<Cluster>): Promise<GroupStore | undefined> {
    const [store, connected] = await Promise.all([(this.#store ??= this.#openStore()), kafka()]);
    if (store === undefined) return undefined;
    const id = connected.clusterId ?? (await connected.metadata({ topics: 'all', maxAgeMs: 30_000 })).clusterId;
    if (id === undefined) return undefined;
    return {
      read: (group) => store.read(id, group),
      write: (group, events, coverage) => store.write(id, group, events, coverage),
    };
  }

  /** undefined where nothing can be kept: the history is then read anew each time. */
  async #openStore(): Promise<AssignmentStore | undefined> {
    try {
      const { openAssignmentStore } = await import('../../../history/assignments/assignmentStore.ts');
      await vscode.workspace.fs.createDirectory(this.#folder);
      const file = vscode.Uri.joinPath(this.#folder, 'assignments.sqlite').fsPath;
      return await openAssignmentStore({ file, limits: storeLimits });
    } catch (error) {
      this.#services.log.error(error, 'keep assignment history');
      return undefined;
    }
  }
}

function storeLimits(): { readonly maxAgeDays: number; readonly maxMegabytes: number } {
  const configuration = vscode.workspace.getConfiguration();
  // The schema has bounds; a settings file can hold anything.
  const bounded = (name: string, otherwise: number): number => {
    const value = configuration.get<number>(name, otherwise);
    return Number.isFinite(value) && value >= 1 ? value : otherwise;
  };
  return {
    maxAgeDays: bounded(settings.historyMaxAgeDays, 30),
    maxMegabytes: bounded(settings.historyMaxMegabytes, 200),
  };
}
