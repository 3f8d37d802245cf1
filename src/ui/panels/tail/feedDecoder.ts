import type { Decoder } from '../../../formats/decoder.ts';
import type { Disposable } from '../../../shared/event.ts';
import type { TailServices } from './services.ts';

export interface FeedDecoderOptions {
  readonly cluster: string;
  readonly services: Pick<TailServices, 'decoderOf' | 'onDidChangeDecoders' | 'log'>;
  /** What did not decode may do so now. */
  readonly onAnew: () => Promise<void>;
}

/** The decoder of a cluster, loaded when first needed. The old one serves until another one is there. */
export class FeedDecoder implements Disposable {
  readonly #options: FeedDecoderOptions;
  readonly #listening: Disposable | undefined;
  #decoder: Decoder | undefined;

  constructor(options: FeedDecoderOptions) {
    const { cluster, services } = options;
    this.#options = options;
    this.#listening = services.onDidChangeDecoders?.((changed) => {
      if (changed !== cluster || this.#decoder === undefined) return;
      this.#renew().catch((error: unknown) => services.log.error(error, 'decode anew'));
    });
  }

  /** Must have been awaited before anything is decoded. */
  async load(): Promise<void> {
    const { cluster, services } = this.#options;
    this.#decoder ??= await services.decoderOf(cluster);
  }

  readonly decode: Decoder['decode'] = (bytes, context) => this.#decoder!.decode(bytes, context);

  dispose(): void {
    this.#listening?.dispose();
  }

  async #renew(): Promise<void> {
    const { cluster, services, onAnew } = this.#options;
    this.#decoder = await services.decoderOf(cluster);
    await onAnew();
  }
}
