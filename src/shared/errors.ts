/**
 * The errors that people see as they are. Whatever is not one of these is a defect or a surprise: it is logged whole,
 * with its cause, and shown generically.
 */
export class HumanError extends Error {
  /** What the person can do about it, one sentence; part of `message` too. */
  readonly advice: string | undefined;

  /** `message`: what happened and where, one sentence with its full stop. */
  constructor(message: string, advice?: string, options?: ErrorOptions) {
    super(advice === undefined ? message : `${message} ${advice}`, options);
    this.name = new.target.name;
    this.advice = advice;
  }
}

/** The person, or whoever asked, no longer wants the answer. Never shown. */
export class CancelledError extends Error {
  constructor(options?: ErrorOptions) {
    super('Cancelled', options);
    this.name = 'CancelledError';
  }
}

export function isCancelled(error: unknown): boolean {
  return error instanceof CancelledError || (error instanceof Error && error.name === 'AbortError');
}

/** Throws a `CancelledError` when the signal has fired. */
export function throwIfCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new CancelledError({ cause: signal.reason });
}

/** What to show of anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
