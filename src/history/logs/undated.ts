import type { LogZone } from './lineTime.ts';

const dayMs = 24 * 60 * 60 * 1000;
/** A file's time may be a little older than its last line. */
const slackMs = 60 * 60 * 1000;

/**
 * Gives times of day their day: the last one was before the file was last written, and where they fall back by more than
 * half a day, midnight has passed.
 */
export class Days {
  #day = 0;
  #last = 0;

  /** Which day a time belongs to, counted from the first. */
  next(ofDay: number): number {
    if (ofDay < this.#last - dayMs / 2) this.#day += 1;
    this.#last = ofDay;
    return this.#day;
  }

  /** Midnight, in milliseconds since 1970, of the day that `next` counted. `written`: when the file was last written. */
  midnight(day: number, written: number, zone: LogZone): number {
    const lastMidnight = midnightBefore(written, 0, zone);
    const isLate = lastMidnight + this.#last > written + slackMs;
    return midnightBefore(written, this.#day - day + (isLate ? 1 : 0), zone);
  }
}

function midnightBefore(at: number, days: number, zone: LogZone): number {
  if (zone === 'local') {
    const date = new Date(at);
    return new Date(date.getFullYear(), date.getMonth(), date.getDate() - days).getTime();
  }
  const east = zone === 'utc' ? 0 : zone * 60_000;
  return Math.floor((at + east) / dayMs) * dayMs - east - days * dayMs;
}
