import type { LagPageState, LagRow } from '../../src/ui/panels/protocol.ts';
import type { Grouping } from '../shared/tableModel.ts';
import { groupingOf } from './grouping.ts';
import type { LagData } from './lagData.ts';

/** The grouping of the table: the same object as long as nothing changes, since the table lays out anew for another one. */
export class TableGrouping {
  readonly #data: LagData;
  #grouped: { readonly by: string; readonly of: unknown; readonly grouping: Grouping<LagRow> | undefined } | undefined;

  constructor(data: LagData) {
    this.#data = data;
  }

  of({ groupBy: by = 'none' }: LagPageState): Grouping<LagRow> | undefined {
    const { members } = this.#data;
    if (this.#grouped?.by !== by || this.#grouped.of !== members) {
      this.#grouped = { by, of: members, grouping: groupingOf(by, members) };
    }
    return this.#grouped.grouping;
  }
}
