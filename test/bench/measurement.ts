/**
 * A module of this folder that measures. `run.ts` finds it by its exports `names` and `run`; one module may take several
 * measurements where they share a set-up.
 */
export interface Measurements {
  /** What is measured, as people name it: `npm run bench -- <name>`. */
  readonly names: readonly string[];
  /** Takes those of its measurements that are wanted; a line for each. */
  run(wanted: ReadonlySet<string>): Promise<readonly Line[]>;
}

/** One measurement: what we took, what the peer took, and whether that is good enough. */
export interface Line {
  readonly name: string;
  /** With its unit, such as `41 ms` or `312 KB`. */
  readonly ours: string;
  /** The same figure of the tool that we compare with. */
  readonly peer?: string;
  /** How many times better than the peer. */
  readonly ratio?: number;
  /** What is to be reached, such as `>= 40x` or `< 500 KB`. */
  readonly goal: string;
  readonly ok: boolean;
}
