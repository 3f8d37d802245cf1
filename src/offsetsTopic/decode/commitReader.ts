/** What an offset commit's key says. One object per group, topic and partition and `CommitReader`: compare by identity. */
export interface CommitKey {
  readonly group: string;
  readonly topic: string;
  readonly partition: number;
  /** 0, 1, 2, ...: in the order in which this reader first met them. */
  readonly id: number;
}

interface Slot {
  readonly key: CommitKey;
  readonly bytes: Buffer;
  readonly next: Slot | undefined;
}

/**
 * Reads the commits of a `__consumer_offsets` without making anything for each but its numbers: for replays of very many.
 * The fields hold the commit of the last `read` that was true.
 */
export class CommitReader {
  key: CommitKey = { group: '', topic: '', partition: -1, id: -1 };
  /** Whether the commit was deleted; then all fields but `key` are of earlier ones. */
  isTombstone = false;
  offset = 0n;
  /** -1 where the client did not say. */
  leaderEpoch = -1;
  /** Milliseconds since 1970. */
  commitTimestamp = 0n;
  /** Of version 1 only; -1 elsewhere. */
  expireTimestamp = -1n;
  version = -1;
  readonly #slots = new Map<number, Slot>();
  #count = 0;
  #value: Buffer = Buffer.alloc(0);
  #metadataAt = 0;
  #metadataSize = 0;
  #topicIdAt = -1;

  /** How many keys were met: the memory held grows with these, not with the records. */
  get keyCount(): number {
    return this.#count;
  }

  /** Read when asked for; in the value that was given to `read`. */
  get metadata(): string {
    if (this.#metadataSize === 0) return '';
    return this.#value.toString('utf8', this.#metadataAt, this.#metadataAt + this.#metadataSize);
  }

  /** As Kafka prints it; undefined where the client sent none. */
  get topicId(): string | undefined {
    if (this.#topicIdAt < 0) return undefined;
    const id = this.#value.toString('base64url', this.#topicIdAt, this.#topicIdAt + 16);
    return id === 'AAAAAAAAAAAAAAAAAAAAAA' ? undefined : id;
  }

  /**
   * Takes the commit, or its tombstone, that this key and value are: true where they are one in every byte. False for other
   * types, and for whatever is unusual: new versions or tags, metadata over 126 bytes in version 4, damage, bytes left over.
   * `decodeRecord` says then what it is.
   */
  read(key: Buffer, value: Buffer | null): boolean {
    // Type 1. (Type 0 is so old that it needs no speed.)
    if (key.length < 10 || key[0] !== 0 || key[1] !== 1) return false;
    if (value !== null && !this.#readValue(value)) return false;
    const found = this.#find(key);
    if (found === undefined) return false;
    this.key = found;
    this.isTombstone = value === null;
    return true;
  }

  #find(bytes: Buffer): CommitKey | undefined {
    // FNV-1a.
    let hash = 0x811c9dc5;
    for (let i = 2; i < bytes.length; i++) hash = Math.imul(hash ^ bytes[i]!, 0x01000193);
    const first = this.#slots.get(hash);
    for (let slot = first; slot !== undefined; slot = slot.next) if (slot.bytes.equals(bytes)) return slot.key;
    const key = this.#readKey(bytes);
    // The bytes given are a view on a whole batch, which must not be held.
    if (key !== undefined) this.#slots.set(hash, { key, bytes: Buffer.from(bytes), next: first });
    return key;
  }

  #readKey(bytes: Buffer): CommitKey | undefined {
    const groupSize = bytes.readInt16BE(2);
    const topicAt = 4 + groupSize;
    if (groupSize < 0 || topicAt + 6 > bytes.length) return undefined;
    const topicSize = bytes.readInt16BE(topicAt);
    const partitionAt = topicAt + 2 + topicSize;
    if (topicSize < 0 || partitionAt + 4 !== bytes.length) return undefined;
    return {
      group: bytes.toString('utf8', 4, topicAt),
      topic: bytes.toString('utf8', topicAt + 2, partitionAt),
      partition: bytes.readInt32BE(partitionAt),
      id: this.#count++,
    };
  }

  /** OffsetCommitValue, versions 0 to 4. Nothing is changed where the answer is false. */
  #readValue(value: Buffer): boolean {
    if (value.length < 13 || value[0] !== 0) return false;
    const version = value[1]!;
    if (version > 4) return false;
    let at = 10;
    if (version >= 3) at += 4;
    // A compact length is one more than the size, and of one byte below 127: longer metadata is unusual.
    if (at + 2 > value.length) return false;
    let size: number;
    if (version === 4) {
      size = value[at]! - 1;
      if (size < 0 || size > 126) return false;
      at += 1;
    } else {
      size = value.readInt16BE(at);
      if (size < 0) return false;
      at += 2;
    }
    const metadataAt = at;
    at += size;
    let topicIdAt = -1;
    const timestampAt = at;
    at += version === 1 ? 16 : 8;
    if (version === 4) {
      // The tags: none, or a topic id alone.
      const withId = at + 19 === value.length && value[at] === 1 && value[at + 1] === 0 && value[at + 2] === 16;
      if (withId) topicIdAt = at + 3;
      else if (value[at] !== 0) return false;
      at += withId ? 19 : 1;
    }
    if (at !== value.length) return false;
    this.version = version;
    this.offset = value.readBigInt64BE(2);
    this.leaderEpoch = version >= 3 ? value.readInt32BE(10) : -1;
    this.commitTimestamp = value.readBigInt64BE(timestampAt);
    this.expireTimestamp = version === 1 ? value.readBigInt64BE(timestampAt + 8) : -1n;
    this.#value = value;
    this.#metadataAt = metadataAt;
    this.#metadataSize = size;
    this.#topicIdAt = topicIdAt;
    return true;
  }
}
