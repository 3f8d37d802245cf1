import type {
  AssignmentsPageState,
  FindingMessage,
  MoveMessage,
  RebalanceMessage,
} from '../../src/ui/panels/assignments/protocol.ts';
import { partitionKey } from '../../src/ui/panels/protocol.ts';
import type { SpanRow } from './columns.ts';
import type { HistoryStore } from './historyStore.ts';
import { filterLanes, firstEndingAfter, memberText, type Lane } from './lanes.ts';
import type { TimeWindow } from './timeWindow.ts';
import { causesText, timeOf } from './words.ts';

/** More rows than that nobody reads, and sorting them would be felt. */
const mostSpans = 20_000;

export interface Spans {
  readonly rows: readonly SpanRow[];
  /** As many as there are. */
  readonly all: number;
}

/** What of the history passes the page's filters. Gives the same lists again until something changes: charts and tables lay out anew for others. */
export class Shown {
  readonly #lanes = new Memo<readonly Lane[]>();
  readonly #spans = new Memo<Spans>();
  readonly #rebalances = new Memo<readonly RebalanceMessage[]>();
  readonly #labels = new Memo<string>();

  /** @param moves of the selected rebalance; undefined where none is selected, or they are not known yet. */
  lanes(
    store: HistoryStore,
    { by = 'partition', filter = '', movedOnly = false }: AssignmentsPageState,
    finding: FindingMessage | undefined,
    moves: readonly MoveMessage[] | undefined,
  ): readonly Lane[] {
    const { lanes, members } = store;
    return this.#lanes.of([lanes, members, finding, moves, by, filter, movedOnly], () => {
      const all = by === 'member' ? store.memberLanes : lanes;
      const concerned = finding === undefined || finding.members.length === 0 ? undefined : new Set(finding.members);
      const ofFinding =
        concerned === undefined
          ? undefined
          : new Set(all.filter(({ owner }) => owner.some((one) => concerned.has(one))).map(({ of }) => of));
      // What the chosen rebalance moved; without one, what ever moved.
      const ofMoves =
        movedOnly && moves !== undefined && by === 'partition' ? new Set(moves.map(partitionKey)) : undefined;
      const keys =
        ofFinding && ofMoves ? new Set([...ofFinding].filter((one) => ofMoves.has(one))) : (ofFinding ?? ofMoves);
      return filterLanes(all, members, { text: filter, movedOnly: movedOnly && ofMoves === undefined, keys });
    });
  }

  /** The spans that the chart would show. */
  spans(lanes: readonly Lane[], { from, to }: TimeWindow): Spans {
    return this.#spans.of([lanes, from, to], () => {
      const rows: SpanRow[] = [];
      let all = 0;
      for (const lane of lanes) {
        for (let index = firstEndingAfter(lane, from); index < lane.from.length && lane.from[index]! < to; index++) {
          all++;
          if (rows.length < mostSpans) rows.push({ lane, index });
        }
      }
      return { rows, all };
    });
  }

  /** Those that the finding is about, where one is shown. */
  rebalances(
    rebalances: readonly RebalanceMessage[],
    finding: FindingMessage | undefined,
  ): readonly RebalanceMessage[] {
    if (finding === undefined) return rebalances;
    return this.#rebalances.of([rebalances, finding], () => {
      const until = finding.to ?? Infinity;
      return rebalances.filter((one) => (one.ended ?? timeOf(one)) >= finding.from && timeOf(one) <= until);
    });
  }

  /** What the filter looks at. A topic is no reason to hide a rebalance: only words that say something of members or causes do. */
  textOf(rebalance: RebalanceMessage, { members, lanes }: HistoryStore): string {
    const places = [...rebalance.joined, ...rebalance.left, ...rebalance.causes.flatMap((cause) => cause.members)];
    const concerned = places.map((place) => members[place]).filter((member) => member !== undefined);
    const labels = this.#labels.of([lanes], () => [...new Set(lanes.map(({ label }) => label))].join(' '));
    const causes = rebalance.causes.map(({ text }) => text);
    return [causesText(rebalance), ...causes, ...concerned.map(memberText), labels].join(' ');
  }
}

/** The last value, for as long as nothing that it was made of is another. */
class Memo<T> {
  #last: { readonly key: readonly unknown[]; readonly value: T } | undefined;

  of(key: readonly unknown[], make: () => T): T {
    const last = this.#last;
    if (last?.key.every((one, index) => one === key[index]) === true) return last.value;
    const value = make();
    this.#last = { key, value };
    return value;
  }
}
