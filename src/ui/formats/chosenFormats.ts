import { isFormatChoice, type FormatChoice, type Part } from '../../formats/index.ts';
import { Emitter, type Disposable, type Listener } from '../../shared/event.ts';
import type { Memory } from '../connections/connections.ts';

const memoryKey = 'chosenFormats';
/** Topics whose formats are remembered; of more, the ones chosen longest ago are forgotten. */
const maxRemembered = 1000;

/** Whose format was chosen. */
export interface FormatPlace {
  readonly cluster: string;
  readonly topic: string;
  readonly part: Part;
}

export interface TopicFormats {
  get(part: Part): FormatChoice;
  set(part: Part, format: FormatChoice): void;
}

/** The formats that somebody chose for keys and values of topics, kept for the workspace. All others are detected. */
export class ChosenFormats implements Disposable {
  readonly #memory: Memory;
  readonly #changed = new Emitter<FormatPlace>();
  readonly #chosen: Map<string, FormatChoice>;

  constructor(memory: Memory) {
    this.#memory = memory;
    const stored: unknown = memory.get(memoryKey);
    const entries: unknown[] = Array.isArray(stored) ? stored : [];
    this.#chosen = new Map(
      entries.flatMap((entry) => {
        const [key, format] = Array.isArray(entry) ? (entry as unknown[]) : [];
        return typeof key === 'string' && isFormatChoice(format) ? [[key, format] as const] : [];
      }),
    );
  }

  get onDidChange(): (listener: Listener<FormatPlace>) => Disposable {
    return this.#changed.event;
  }

  chosen(place: FormatPlace): FormatChoice {
    return this.#chosen.get(keyOf(place)) ?? 'auto';
  }

  choose(place: FormatPlace, format: FormatChoice): void {
    if (this.chosen(place) === format) return;
    const key = keyOf(place);
    this.#chosen.delete(key);
    if (format !== 'auto') this.#chosen.set(key, format);
    if (this.#chosen.size > maxRemembered) this.#chosen.delete(this.#chosen.keys().next().value!);
    void this.#memory.update(memoryKey, [...this.#chosen]);
    this.#changed.fire(place);
  }

  /** The same of one topic. */
  ofTopic(cluster: string, topic: string): TopicFormats {
    return {
      get: (part) => this.chosen({ cluster, topic, part }),
      set: (part, format) => this.choose({ cluster, topic, part }, format),
    };
  }

  dispose(): void {
    this.#changed.dispose();
  }
}

function keyOf({ cluster, topic, part }: FormatPlace): string {
  return JSON.stringify([cluster, topic, part]);
}
