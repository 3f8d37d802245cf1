import type { FromTailPage, TailModel, TailPageState, TailRow, ToTailPage } from '../../src/ui/panels/tail/protocol.ts';
import type { OpenOptions, OpenPage, PageHarness } from './harness.ts';

/** 2026-03-01 12:00 UTC. */
export const noon = 1_772_366_400_000;

/** A record of a topic whose rows are a function of their position: a million of them take no room. */
export function aRecord(position: number, change: Partial<Extract<TailRow, { kind: 'record' }>> = {}): TailRow {
  return {
    kind: 'record',
    seq: position,
    partition: position % 3,
    offset: String(9_007_199_254_740_993n + BigInt(position)),
    timestamp: String(noon + position * 10),
    timestampType: 'CreateTime',
    key: { kind: 'text', text: `order-${position}`, format: 'utf8' },
    value: { kind: 'text', text: `{"id":${position},"total":${(position * 7) % 500},"state":"paid"}`, format: 'json' },
    size: 90 + (position % 17),
    headerCount: 2,
    headers: `trace=${position.toString(16)}, source=web`,
    ...change,
  };
}

export function aModel(change: Partial<TailModel> = {}): TailModel {
  return {
    frame: {
      crumbs: ['local', 'orders'],
      state: 'Reading',
      health: 'healthy',
      verdict: [],
      sentAt: Date.now(),
      staleAfter: 60_000,
      polling: { kind: 'ok' },
      partial: [],
    },
    session: 'one',
    target: { cluster: 'local', topic: 'orders', start: { at: 'end' } },
    cluster: 'local',
    topic: 'orders',
    start: { at: 'end' },
    startWords: 'the end as of 12:00:00',
    isolation: 'both',
    reading: 'running',
    paused: false,
    keepRunning: false,
    kept: { records: 0, size: 0, bytes: 0, maxRecords: 1_000_000, maxBytes: 512_000_000, dropped: 0, firstSeq: 0 },
    view: { generation: 1, first: 0, count: 0, waiting: 0 },
    order: 'arrival',
    filter: { text: '' },
    recordsPerSecond: 0,
    bytesPerSecond: 0,
    positions: [0, 1, 2].map((partition) => ({
      partition,
      position: '18204',
      start: '0',
      end: '18204',
      lastStable: '18204',
      state: 'at-end' as const,
    })),
    notices: [],
    histogram: { from: noon, step: 1000, counts: [], without: 0 },
    formats: {
      available: [
        { id: 'auto', label: 'Detected' },
        { id: 'json', label: 'JSON' },
        { id: 'utf8', label: 'Text' },
        { id: 'hex', label: 'Hex' },
      ],
      key: 'auto',
      value: 'auto',
    },
    extraColumns: [],
    groups: [],
    groupPositions: [],
    ...change,
  };
}

/** The page's host with a topic whose row at each position is known; it answers as the protocol says. */
export class ScriptedTail {
  model: TailModel;
  rowAt: (position: number) => TailRow = (position) => aRecord(position);
  readonly said: FromTailPage[] = [];
  #window: Extract<FromTailPage, { type: 'window' }> | undefined;
  #send: (message: ToTailPage) => void = () => {};

  constructor(change: Partial<TailModel> = {}) {
    this.model = aModel(change);
  }

  connect(send: (message: ToTailPage) => void): void {
    this.#send = send;
  }

  receive(message: FromTailPage): void {
    this.said.push(message);
    if (message.type === 'ready') this.#send({ type: 'full', model: this.model });
    else if (message.type === 'window') this.answer(message);
    else if (message.type === 'pause') this.update({ paused: message.paused });
  }

  send(message: ToTailPage): void {
    this.#send(message);
  }

  update(changed: Partial<TailModel>, clear: readonly (keyof TailModel)[] = []): void {
    this.model = { ...this.model, ...changed };
    for (const name of clear) delete (this.model as Partial<Record<keyof TailModel, unknown>>)[name];
    this.#send({ type: 'update', changed, clear });
  }

  /** The rows of a window; a record's seq is its position, unless `positionOf` says otherwise. */
  answer(
    window: Extract<FromTailPage, { type: 'window' }>,
    positionOf = (seq: number): number | undefined => seq,
  ): void {
    this.#window = window;
    const { generation, first, count } = this.model.view;
    const end = first + count;
    const from = window.follow === true ? Math.max(first, end - window.count) : Math.max(first, window.first);
    const rows: TailRow[] = [];
    for (let position = from; position < Math.min(end, from + window.count); position++)
      rows.push(this.rowAt(position));
    this.#send({
      type: 'rows',
      generation,
      first: from,
      rows,
      ...(window.anchor === undefined ? {} : { anchor: { seq: window.anchor, position: positionOf(window.anchor) } }),
    });
  }

  /** So many records come; the oldest fall out where there are more than fit. */
  arrive(records: number): void {
    const { view, kept } = this.model;
    const count = Math.min(kept.maxRecords, view.count + records);
    const first = view.first + view.count + records - count;
    this.update({
      view: { ...view, first, count },
      kept: { ...kept, records: count, size: count * 100, bytes: count * 200, dropped: first, firstSeq: first },
    });
    if (this.#window !== undefined) this.answer(this.#window);
  }

  last<Type extends FromTailPage['type']>(type: Type): Extract<FromTailPage, { type: Type }> | undefined {
    return this.said.findLast((message) => message.type === type) as Extract<FromTailPage, { type: Type }> | undefined;
  }
}

export interface TailScreen extends OpenPage {
  readonly host: ScriptedTail;
}

export async function openTail(
  harness: PageHarness,
  host: ScriptedTail,
  options: Partial<OpenOptions<FromTailPage>> & { readonly state?: Partial<TailPageState> } = {},
): Promise<TailScreen> {
  const opened = Promise.withResolvers<OpenPage>();
  // Messages arrive in the order in which they were sent, as in VS Code, and not before the page is there.
  let last: Promise<unknown> = opened.promise;
  host.connect((message) => {
    // What still comes as the page closes is of no interest.
    last = last.then(async () => (await opened.promise).send(message)).catch(() => {});
  });
  const open = await harness.open<FromTailPage>({
    page: 'tail',
    target: { tail: JSON.stringify(host.model.target) },
    ...options,
    receive: (message) => host.receive(message),
  });
  opened.resolve(open);
  return { ...open, host };
}

/** Of so many records, as a tail that has read them. */
export function read(count: number, change: Partial<TailModel> = {}): Partial<TailModel> {
  return {
    view: { generation: 1, first: 0, count, waiting: 0 },
    kept: {
      records: count,
      size: count * 100,
      bytes: count * 200,
      maxRecords: 1_000_000,
      maxBytes: 512_000_000,
      dropped: 0,
      firstSeq: 0,
    },
    histogram: {
      from: noon,
      step: 1000,
      counts: Array.from(
        { length: 120 },
        (_, nth) => Math.round(400 + 380 * Math.sin(nth / 9)) * (nth % 31 === 0 ? 0 : 1),
      ),
      without: 0,
    },
    recordsPerSecond: 1204,
    bytesPerSecond: 240_800,
    ...change,
  };
}
