import { Emitter, type Disposable, type Listener } from '../shared/event.ts';

/** What somebody looks at, by names; all that a page needs to find it in a snapshot. */
export type Selection =
  | { readonly kind: 'cluster'; readonly cluster: string }
  | { readonly kind: 'group'; readonly cluster: string; readonly group: string }
  | { readonly kind: 'member'; readonly cluster: string; readonly group: string; readonly member: string }
  /** The group's committed partitions that no member owns. */
  | { readonly kind: 'unassigned'; readonly cluster: string; readonly group: string }
  /** A partition as the group reads it. */
  | {
      readonly kind: 'partition';
      readonly cluster: string;
      readonly group: string;
      readonly topic: string;
      readonly partition: number;
    }
  | { readonly kind: 'topic'; readonly cluster: string; readonly topic: string }
  | {
      readonly kind: 'topicPartition';
      readonly cluster: string;
      readonly topic: string;
      readonly partition: number;
    };

/** The one selection that pages follow; undefined where nothing is selected. */
export class SelectionModel implements Disposable {
  readonly #changed = new Emitter<Selection | undefined>();
  #current: Selection | undefined;

  get current(): Selection | undefined {
    return this.#current;
  }

  get onDidChange(): (listener: Listener<Selection | undefined>) => Disposable {
    return this.#changed.event;
  }

  set(selection: Selection | undefined): void {
    if (JSON.stringify(selection) === JSON.stringify(this.#current)) return;
    this.#current = selection;
    this.#changed.fire(selection);
  }

  dispose(): void {
    this.#changed.dispose();
  }
}
