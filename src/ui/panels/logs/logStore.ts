import type { LogEvent } from '../../../history/logs/logEvent.ts';
import type { LogZone } from '../../../history/logs/lineTime.ts';
import type { LogReading } from '../../../history/logs/readLog.ts';
import { Emitter, type Disposable } from '../../../shared/event.ts';

export interface ReadFile {
  readonly file: string;
  readonly zone: LogZone;
  readonly reading: LogReading;
}

/** What logs told of each cluster's groups, for as long as the window is open. */
export class LogStore implements Disposable {
  readonly #files = new Map<string, Map<string, ReadFile>>();
  readonly #changed: Emitter<string>;

  constructor(onError: (error: unknown) => void) {
    this.#changed = new Emitter(onError);
  }

  /** Tells the cluster of which more, or other, is known. */
  get onDidChange(): Emitter<string>['event'] {
    return this.#changed.event;
  }

  /** A file that was read before is replaced. */
  add(cluster: string, files: readonly ReadFile[]): void {
    const known = this.#files.get(cluster) ?? new Map<string, ReadFile>();
    for (const one of files) known.set(one.file, one);
    this.#files.set(cluster, known);
    this.#changed.fire(cluster);
  }

  eventsOf(cluster: string, group: string): LogEvent[] {
    const files = [...(this.#files.get(cluster)?.values() ?? [])];
    return files.flatMap(({ reading }) => reading.events.filter((event) => event.group === group));
  }

  dispose(): void {
    this.#changed.dispose();
    this.#files.clear();
  }
}
