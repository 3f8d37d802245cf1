import type { Cluster } from '../../src/kafka/cluster.ts';
import { createDecoder } from '../../src/formats/createDecoder.ts';
import type { FormatChoice } from '../../src/formats/decoder.ts';
import type { TailModel, TailTarget, ToTailPage } from '../../src/ui/panels/tail/protocol.ts';
import type { TailServices } from '../../src/ui/panels/tail/services.ts';
import { TailFeed } from '../../src/ui/panels/tail/tailFeed.ts';

/** A feed, and what its page would have of it by now. */
export interface OpenFeed {
  readonly feed: TailFeed;
  readonly messages: ToTailPage[];
  /** The first `full` with all that changed since. */
  readonly model: () => TailModel;
  /** The newest rows. */
  readonly rows: () => Extract<ToTailPage, { type: 'rows' }>['rows'];
}

/** A tail's host without VS Code. */
export function openFeed(
  cluster: () => Promise<Cluster>,
  target: Partial<TailTarget> & Pick<TailTarget, 'topic'>,
  services: Partial<TailServices> = {},
): OpenFeed {
  const messages: ToTailPage[] = [];
  const formats = new Map<string, FormatChoice>();
  let model: Record<string, unknown> = {};
  let rows: Extract<ToTailPage, { type: 'rows' }>['rows'] = [];
  const decoder = createDecoder(undefined);
  const feed = new TailFeed({
    target: { cluster: 'local', start: { at: 'beginning' }, ...target },
    services: {
      kafkaOf: cluster,
      bootstrapOf: () => ['localhost:9092'],
      watchOf: () => undefined,
      onDidChangeClusters: () => ({ dispose: () => {} }),
      decoderOf: () => Promise.resolve(decoder),
      formatsOf: () => ({
        get: (part) => formats.get(part) ?? 'auto',
        set: (part, format) => void formats.set(part, format),
      }),
      limits: () => ({ maxRecords: 1_000_000, maxBytes: 300 << 20 }),
      log: { error: (error) => console.error(error) },
      ...services,
    },
    send: (message) => {
      messages.push(message);
      if (message.type === 'full') model = { ...message.model };
      if (message.type === 'update') {
        model = { ...model, ...message.changed };
        for (const key of message.clear ?? []) delete model[key];
      }
      if (message.type === 'rows') rows = message.rows;
    },
  });
  return { feed, messages, model: () => model as unknown as TailModel, rows: () => rows };
}
