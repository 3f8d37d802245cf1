/** Times are milliseconds since 1970; whoever reads them lives by this machine's zone. */

/** `16:30:53`, and `2026-11-27 16:30:53` where that was not today: for sentences. */
export function timeWords(at: number): string {
  const date = new Date(at);
  if (Number.isNaN(date.getTime())) return String(at);
  const time = [date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(':');
  if (date.toDateString() === new Date().toDateString()) return time;
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${time}`;
}

/** `2026-11-28T16:30:53.342+01:00`: to the millisecond, and the same moment to whoever is shown it. `123 ms` where no calendar has it. */
export function localTime(at: number): string {
  if (!isMoment(at)) return `${at} ms`;
  const offset = -new Date(at).getTimezoneOffset();
  const local = new Date(at + offset * 60_000).toISOString().slice(0, -1);
  return `${local}${offset < 0 ? '-' : '+'}${two(Math.floor(Math.abs(offset) / 60))}:${two(Math.abs(offset) % 60)}`;
}

/** A calendar has it in every zone. */
export function isMoment(at: number): boolean {
  return Math.abs(at) < 8.64e15 - 86_400_000;
}

function two(part: number): string {
  return String(part).padStart(2, '0');
}
