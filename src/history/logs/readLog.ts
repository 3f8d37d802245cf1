import { throwIfCancelled } from '../../shared/errors.ts';
import { attributeEvents } from './attribute.ts';
import { maxText, type LogEvent } from './logEvent.ts';
import { lineTime, type LogZone } from './lineTime.ts';
import { recognise } from './recognise.ts';
import { Days } from './undated.ts';

export interface ReadLogOptions {
  /** Path of the file, as its events are to name it. */
  readonly file: string;
  readonly zone: LogZone;
  /** When the file was last written, milliseconds since 1970: tells the day of lines that have only a time. */
  readonly written: number;
  readonly signal?: AbortSignal | undefined;
  /** Bytes looked at so far, of what compressed files unpack to. */
  readonly progress?: ((bytes: number) => void) | undefined;
  /** Events that are kept, 100,000 where left out; of those before the last ones only the number is. */
  readonly maxEvents?: number;
}

export interface LogReading {
  /** In order of lines. */
  readonly events: readonly LogEvent[];
  readonly lines: number;
  readonly bytes: number;
  /** Recognised lines before the first of `events`, beyond `maxEvents`. */
  readonly dropped: number;
  /** Recognised lines that have no time, and none before them. */
  readonly withoutTime: number;
}

/** A line that is longer is looked at no further than this. */
const maxLine = 1 << 20;
const newline = 10;
/** Lines without one of these say nothing of a group: finding them in a whole piece at once is what makes large files quick. */
const hints = /GroupCoordinator|groupId=|\[Consumer(?:Group)?\] |\[Runner\] |\[thrd:|%[0-7]\|\d/g;

/** Finds what a log says of groups. Reads it once, in pieces, and holds a piece, a line and the events. @throws {CancelledError} */
export async function readLog(pieces: AsyncIterable<Uint8Array>, options: ReadLogOptions): Promise<LogReading> {
  const scanner = new Scanner(options);
  for await (const piece of pieces) {
    throwIfCancelled(options.signal);
    scanner.add(piece);
    options.progress?.(scanner.bytes);
  }
  throwIfCancelled(options.signal);
  return scanner.end();
}

class Scanner {
  bytes = 0;
  readonly #options: ReadLogOptions;
  readonly #maxEvents: number;
  readonly #events: { event: LogEvent; day: number | undefined }[] = [];
  readonly #days = new Days();
  #rest = Buffer.alloc(0);
  /** The rest of a line that is too long is passed over. */
  #isSkipping = false;
  #lines = 0;
  /** Offset of the first byte that `#take` gets. */
  #offset = 0;
  /** The line before what `#take` gets, or its beginning. */
  #before = '';
  #dropped = 0;
  #withoutTime = 0;
  #lastTime: { at: number; day: number | undefined; isZoneAssumed: boolean } | undefined;

  constructor(options: ReadLogOptions) {
    this.#options = options;
    this.#maxEvents = options.maxEvents ?? 100_000;
  }

  add(piece: Uint8Array): void {
    this.bytes += piece.length;
    let bytes = Buffer.from(piece.buffer, piece.byteOffset, piece.length);
    if (this.#isSkipping) {
      const end = bytes.indexOf(newline);
      if (end < 0) {
        this.#offset += bytes.length;
        return;
      }
      this.#isSkipping = false;
      this.#lines += 1;
      this.#offset += end + 1;
      bytes = bytes.subarray(end + 1);
    }
    if (this.#rest.length > 0) bytes = Buffer.concat([this.#rest, bytes]);
    const end = bytes.lastIndexOf(newline) + 1;
    this.#take(bytes.subarray(0, end));
    const rest = bytes.subarray(end);
    if (rest.length > maxLine) {
      this.#one(rest.toString('utf8', 0, maxText * 4), this.#lines + 1, this.#offset);
      this.#offset += rest.length;
      this.#rest = Buffer.alloc(0);
      this.#isSkipping = true;
    } else {
      // A copy: the piece's memory may be used again.
      this.#rest = Buffer.from(rest);
    }
  }

  end(): LogReading {
    if (this.#isSkipping) this.#lines += 1;
    if (this.#rest.length > 0) {
      this.#take(Buffer.concat([this.#rest, Buffer.of(newline)]));
      this.#rest = Buffer.alloc(0);
    }
    this.#dropOldest();
    const { written, zone } = this.#options;
    const events = this.#events.map(({ event, day }) =>
      day === undefined ? event : { ...event, at: event.at + this.#days.midnight(day, written, zone) },
    );
    return {
      events: attributeEvents(events),
      lines: this.#lines,
      bytes: this.bytes,
      dropped: this.#dropped,
      withoutTime: this.#withoutTime,
    };
  }

  /** Whole lines. */
  #take(bytes: Buffer): void {
    // One byte, one character: places in the text are places in the bytes.
    const text = bytes.toString('latin1');
    hints.lastIndex = 0;
    let counted = 0;
    for (let hint = hints.exec(text); hint !== null; hint = hints.exec(text)) {
      const start = hint.index === 0 ? 0 : bytes.lastIndexOf(newline, hint.index) + 1;
      const end = bytes.indexOf(newline, hint.index);
      this.#countLines(bytes, counted, start);
      counted = start;
      const line = bytes.toString('utf8', start, Math.min(end, start + maxLine));
      this.#one(line, this.#lines + 1, this.#offset + start, () => this.#lineBefore(bytes, start));
      hints.lastIndex = end + 1;
    }
    this.#countLines(bytes, counted, bytes.length);
    this.#offset += bytes.length;
    if (bytes.length > 0) this.#before = this.#lineBefore(bytes, bytes.length);
  }

  /** The beginning of the line that ends where another one starts. */
  #lineBefore(bytes: Buffer, start: number): string {
    if (start === 0) return this.#before;
    const from = start < 2 ? 0 : bytes.lastIndexOf(newline, start - 2) + 1;
    return bytes.toString('utf8', from, Math.min(start - 1, from + maxText));
  }

  #countLines(bytes: Buffer, from: number, to: number): void {
    for (let at = bytes.indexOf(newline, from); at >= 0 && at < to; at = bytes.indexOf(newline, at + 1))
      this.#lines += 1;
  }

  #one(text: string, line: number, byteOffset: number, before = (): string => ''): void {
    const recognised = recognise(text, this.#options);
    if (recognised === undefined) return;
    const { time: own, message, ...facts } = recognised;
    // java.util.logging writes time and logger into a line of their own.
    const time = own ?? lineTime(before(), this.#options);
    if (time !== undefined) {
      const day = time.hasDay ? undefined : this.#days.next(time.at);
      this.#lastTime = { at: time.at, day, isZoneAssumed: time.isZoneAssumed };
    }
    if (this.#lastTime === undefined) {
      this.#withoutTime += 1;
      return;
    }
    const { at, day, isZoneAssumed } = this.#lastTime;
    const kept = text.trimEnd().slice(0, maxText);
    this.#events.push({
      event: {
        ...facts,
        at,
        isZoneAssumed,
        file: this.#options.file,
        line,
        byteOffset,
        text: kept,
        message: message.slice(0, maxText),
      },
      day,
    });
    // Not one by one: what moves up is the whole array.
    if (this.#events.length >= this.#maxEvents * 2) this.#dropOldest();
  }

  #dropOldest(): void {
    const over = this.#events.length - this.#maxEvents;
    if (over <= 0) return;
    this.#events.splice(0, over);
    this.#dropped += over;
  }
}
