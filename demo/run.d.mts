export interface Demo {
  /** Fulfilled when the broker shows every case; rejected when the demo fails or is stopped before. */
  readonly ready: Promise<void>;
  /** Ends all processes of the demo. */
  stop(): Promise<void>;
}

export interface DemoOptions {
  /** host:port, several separated by commas. */
  readonly bootstrap: string;
  /** Names of cases (demo/README.md); all where left out. */
  readonly only?: readonly string[];
  /** Is called with each line worth knowing. */
  readonly log?: (line: string) => void;
}

export function startDemo(options: DemoOptions): Promise<Demo>;
