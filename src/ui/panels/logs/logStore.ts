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

  /** Those of a group, and those that name none: whose they are, the members of its history tell. */
  eventsOf(cluster: string, group: string): LogEvent[] {
    const files = [...(this.#files.get(cluster)?.values() ?? [])];
    return files.flatMap(({ reading }) =>
      reading.events.filter((event) => event.group === group || event.group === undefined),
    );
  }

  /** What lines of a file say, in the order of lines, and of which cluster it is; empty where it was not opened as a log. */
  linesIn(file: string): { readonly cluster: string; readonly events: readonly LogEvent[] }[] {
    return Array.from(this.#files, ([cluster, files]) => ({ cluster, events: files.get(file)?.reading.events ?? [] }));
  }

  dispose(): void {
    this.#changed.dispose();
    this.#files.clear();
  }
}
