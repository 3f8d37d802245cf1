import { createDecoder, SchemaRegistry, type Decoder } from '../../formats/index.ts';
import { Emitter, type Disposable, type Listener } from '../../shared/event.ts';
import type { RegistryProfile } from '../connections/profile.ts';
import { readAuth, type Secrets } from './registrySecrets.ts';

export interface DecodersOptions {
  /** The registry that the settings name for a cluster. */
  readonly registryOf: (cluster: string) => RegistryProfile | undefined;
  readonly secrets: Secrets;
}

interface Opened {
  readonly decoder: Decoder;
  readonly registry: SchemaRegistry | undefined;
  /** What of the settings it was made from. */
  readonly profile: string;
}

/** A decoder a cluster, with the cluster's Schema Registry and what is known of it. */
export class Decoders implements Disposable {
  readonly #options: DecodersOptions;
  readonly #opened = new Map<string, Opened>();
  readonly #changed = new Emitter<string>();

  constructor(options: DecodersOptions) {
    this.#options = options;
  }

  /** Fires with the cluster whose registry changed: what was decoded before is to be decoded again. */
  get onDidChange(): (listener: Listener<string>) => Disposable {
    return this.#changed.event;
  }

  /** Not to be kept over `onDidChange`. */
  decoderOf(cluster: string): Decoder {
    return this.#open(cluster).decoder;
  }

  /** The cluster's, where one is set. Not to be kept over `onDidChange`. */
  registryOf(cluster: string): SchemaRegistry | undefined {
    return this.#open(cluster).registry;
  }

  #open(cluster: string): Opened {
    const profile = this.#options.registryOf(cluster);
    const key = JSON.stringify(profile) ?? '';
    const opened = this.#opened.get(cluster);
    if (opened?.profile === key) return opened;
    opened?.registry?.dispose();
    const registry =
      profile &&
      new SchemaRegistry({ url: profile.url, auth: () => readAuth(this.#options.secrets, cluster, profile) });
    const made = { decoder: createDecoder(registry), registry, profile: key };
    this.#opened.set(cluster, made);
    return made;
  }

  /** Settings were read again: tells of clusters whose registry is another now. */
  reload(): void {
    for (const [cluster, { profile }] of this.#opened) {
      if ((JSON.stringify(this.#options.registryOf(cluster)) ?? '') !== profile) this.#changed.fire(cluster);
    }
  }

  /** Credentials changed: what failed before may succeed now. */
  forget(cluster: string): void {
    this.#opened.get(cluster)?.registry?.dispose();
    this.#opened.delete(cluster);
    this.#changed.fire(cluster);
  }

  dispose(): void {
    for (const { registry } of this.#opened.values()) registry?.dispose();
    this.#opened.clear();
    this.#changed.dispose();
  }
}
