import type { Decoder, FormatChoice } from '../../../formats/decoder.ts';
import type { Cluster } from '../../../kafka/cluster.ts';
import type { Disposable, Listener } from '../../../shared/event.ts';
import type { Part } from '../../../tail/presenter.ts';
import type { Watch } from '../services.ts';

/** Which format the keys and values of a topic are read as; remembered. */
export interface TopicFormats {
  get(part: Part): FormatChoice;
  set(part: Part, format: FormatChoice): void;
}

/** Where tails get what they show. */
export interface TailServices {
  /** @throws {HumanError} it is not connected, or cannot be reached. */
  readonly kafkaOf: (cluster: string) => Promise<Cluster>;
  /** undefined where it is not known. */
  readonly bootstrapOf: (cluster: string) => readonly string[] | undefined;
  readonly watchOf: (cluster: string) => Pick<Watch, 'snapshot'> | undefined;
  readonly onDidChangeClusters: (listener: Listener<void>) => Disposable;
  /** Loaded when first asked for. */
  readonly decoderOf: (cluster: string) => Promise<Decoder>;
  readonly formatsOf: (cluster: string, topic: string) => TopicFormats;
  /** Fires with the cluster whose records may decode otherwise from now on. */
  readonly onDidChangeDecoders?: (listener: Listener<string>) => Disposable;
  /** Whether the cluster's settings forbid to write to it. */
  readonly isReadOnly?: (cluster: string) => boolean;
  readonly limits: () => { readonly maxRecords: number; readonly maxBytes: number };
  readonly log: { error(error: unknown, doing: string): void };
}
