import { isCancelled, messageOf } from '../../shared/errors.ts';
import { Emitter, type Disposable, type Listener } from '../../shared/event.ts';
import type { OpenCluster } from '../connections/openCluster.ts';
import type { TopicOffsets } from './clusterView.ts';

interface Shown {
  offsets: TopicOffsets;
  /** `takenAt` of the snapshot that they were read for. */
  at: number | undefined;
  readonly cluster: OpenCluster;
  reading: AbortController | undefined;
}

/** Reads the offsets of expanded topics, anew with each snapshot, and of no others. */
export class TopicOffsetsLoader implements Disposable {
  readonly #changed = new Emitter<void>();
  readonly #onError: (error: unknown) => void;
  readonly #shown = new Map<string, Shown>();

  constructor(onError: (error: unknown) => void) {
    this.#onError = onError;
  }

  /** Fires when offsets came, or could not be had. */
  get onDidChange(): (listener: Listener<void>) => Disposable {
    return this.#changed.event;
  }

  get(cluster: string, topic: string): TopicOffsets | undefined {
    return this.#shown.get(keyOf(cluster, topic))?.offsets;
  }

  /** Starts reading where this topic's offsets are missing or older than the snapshot; what is known stays meanwhile. */
  show(name: string, topic: string, cluster: OpenCluster): void {
    const key = keyOf(name, topic);
    let shown = this.#shown.get(key);
    if (shown?.cluster !== cluster) {
      shown?.reading?.abort();
      shown = { offsets: { kind: 'loading' }, at: undefined, cluster, reading: undefined };
      this.#shown.set(key, shown);
    }
    const at = cluster.watch.snapshot?.takenAt;
    if (shown.reading === undefined && at !== undefined && shown.at !== at) void this.#read(shown, topic, at);
  }

  hide(name: string, topic: string): void {
    const key = keyOf(name, topic);
    this.#shown.get(key)?.reading?.abort();
    this.#shown.delete(key);
  }

  dispose(): void {
    for (const { reading } of this.#shown.values()) reading?.abort();
    this.#shown.clear();
    this.#changed.dispose();
  }

  async #read(shown: Shown, topic: string, at: number): Promise<void> {
    const reading = new AbortController();
    shown.reading = reading;
    shown.at = at;
    try {
      const offsets = await shown.cluster.topicOffsets(topic, reading.signal);
      shown.offsets = { kind: 'ok', offsets };
    } catch (error) {
      if (reading.signal.aborted || isCancelled(error)) return;
      this.#onError(error);
      shown.offsets = { kind: 'failed', message: messageOf(error) };
    } finally {
      shown.reading = undefined;
    }
    this.#changed.fire();
  }
}

function keyOf(cluster: string, topic: string): string {
  return JSON.stringify([cluster, topic]);
}
