/** What is wrong with a filter, and which characters of it: those from `from` up to, not including, `to`. */
export class FilterProblem extends Error {
  readonly from: number;
  readonly to: number;

  constructor(message: string, from: number, to: number) {
    super(message);
    this.from = from;
    this.to = to;
  }
}
