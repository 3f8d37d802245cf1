import type { FromTailPage, TailModel, TailPageState, TailRow } from '../../src/ui/panels/tail/protocol.ts';
import type { WindowTable } from '../shared/windowTable.ts';

export type StateChange = Partial<{ [Name in keyof TailPageState]: TailPageState[Name] | undefined }>;

/** The page, as its parts see it. */
export interface Page {
  /** How it is looked at. */
  readonly view: TailPageState;
  /** undefined before its host has spoken. */
  readonly model: TailModel | undefined;
  readonly table: WindowTable<TailRow> | null;
  readonly updateComplete: Promise<boolean>;
  post(message: FromTailPage): void;
  /** For the next time too. */
  keep(change: StateChange): void;
  /** To those who listen to the page. */
  say(text: string): void;
  requestUpdate(): void;
  querySelector<Found extends Element>(selector: string): Found | null;
}
