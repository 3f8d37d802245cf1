import { Emitter, type Disposable, type Listener } from '../../shared/event.ts';
import type { ClusterWatch } from '../../watch/clusterWatch.ts';
import type { ClusterProfile } from './profile.ts';
import type { OpenCluster, OpenClusterFor } from './openCluster.ts';
import { readProfiles, type ClusterEntry, type RawProfiles } from './profiles.ts';

/** What `vscode.Memento` offers of which this needs. */
export interface Memory {
  get<T>(key: string): T | undefined;
  update(key: string, value: unknown): Thenable<void>;
}

export interface ConnectionsOptions {
  readonly readSettings: () => RawProfiles;
  /** The workspace's: each window keeps which clusters it is connected to. */
  readonly memory: Memory;
  readonly open: OpenClusterFor;
}

interface Connected {
  readonly cluster: OpenCluster;
  readonly profile: string | undefined;
  readonly subscription: Disposable;
}

const connectedKey = 'connectedClusters';
const knownKey = 'knownClusters';

/** The clusters of the settings, and which of them are connected. To connect is to be allowed to ask; the watch asks. */
export class Connections implements Disposable {
  readonly #options: ConnectionsOptions;
  readonly #changed: Emitter<void>;
  readonly #clustersChanged: Emitter<void>;
  readonly #open = new Map<string, Connected>();
  #entries: readonly ClusterEntry[] = [];
  #wanted: Set<string>;

  constructor(options: ConnectionsOptions, onError?: (error: unknown) => void) {
    this.#options = options;
    this.#changed = new Emitter<void>(onError);
    this.#clustersChanged = new Emitter<void>(onError);
    this.#wanted = new Set(options.memory.get<string[]>(connectedKey));
    this.reload();
  }

  /** In the order of the settings, workspace first; invalid ones included. */
  get entries(): readonly ClusterEntry[] {
    return this.#entries;
  }

  /** Fires when anything changed: the list, what is connected, a cluster's state or snapshot. */
  get onDidChange(): (listener: Listener<void>) => Disposable {
    return this.#changed.event;
  }

  /** Fires when clusters were added, removed, edited, connected or disconnected. */
  get onDidChangeClusters(): (listener: Listener<void>) => Disposable {
    return this.#clustersChanged.event;
  }

  entry(name: string): (ClusterEntry & { kind: 'profile' }) | undefined {
    return this.#entries.find((entry) => entry.kind === 'profile' && entry.name === name) as
      (ClusterEntry & { kind: 'profile' }) | undefined;
  }

  cluster(name: string): OpenCluster | undefined {
    return this.#open.get(name)?.cluster;
  }

  watchOf(name: string): ClusterWatch | undefined {
    return this.cluster(name)?.watch;
  }

  /** Does nothing where the settings have no such cluster, or where it is connected. */
  connect(name: string): void {
    const entry = this.entry(name);
    if (entry === undefined || this.#open.has(name)) return;
    this.#openCluster(entry.profile);
    this.#wanted.add(name);
    this.#remember();
    this.#fire();
  }

  disconnect(name: string): void {
    this.#wanted.delete(name);
    this.#remember();
    if (this.#closeCluster(name)) this.#fire();
  }

  /** Reads the settings anew. Only clusters whose entry changed are closed and opened again. */
  reload(): void {
    this.#entries = readProfiles(this.#options.readSettings());
    const profiles = new Map(
      this.#entries.flatMap((entry) => (entry.kind === 'profile' ? [[entry.name, entry.profile] as const] : [])),
    );
    for (const [name, { profile }] of this.#open) {
      if (keyOf(profiles.get(name)) !== profile) this.#closeCluster(name);
    }
    this.#welcome([...profiles.keys()]);
    for (const [name, profile] of profiles) {
      if (this.#wanted.has(name) && !this.#open.has(name)) this.#openCluster(profile);
    }
    this.#fire();
  }

  dispose(): void {
    for (const name of [...this.#open.keys()]) this.#closeCluster(name);
    this.#changed.dispose();
    this.#clustersChanged.dispose();
  }

  /** Whoever has just one cluster, and sees it here for the first time, wants to see into it. */
  #welcome(names: readonly string[]): void {
    const known = new Set(this.#options.memory.get<string[]>(knownKey));
    const fresh = names.filter((name) => !known.has(name));
    if (fresh.length === 0) return;
    void this.#options.memory.update(knownKey, [...known, ...fresh]);
    if (names.length === 1) {
      this.#wanted.add(names[0]!);
      this.#remember();
    }
  }

  #openCluster(profile: ClusterProfile): void {
    const cluster = this.#options.open(profile);
    const subscription = cluster.watch.onDidChange(() => this.#changed.fire());
    this.#open.set(profile.name, { cluster, profile: keyOf(profile), subscription });
  }

  #closeCluster(name: string): boolean {
    const open = this.#open.get(name);
    if (open === undefined) return false;
    this.#open.delete(name);
    open.subscription.dispose();
    open.cluster.dispose();
    return true;
  }

  #fire(): void {
    this.#clustersChanged.fire();
    this.#changed.fire();
  }

  #remember(): void {
    void this.#options.memory.update(connectedKey, [...this.#wanted]);
  }
}

/** What of a profile the connection is made with: another Schema Registry is no reason to connect anew. */
function keyOf(profile: ClusterProfile | undefined): string | undefined {
  return JSON.stringify(profile && { ...profile, schemaRegistry: undefined });
}
