import { withPieces } from './openLogFile.ts';

export interface Lines {
  /** Number of the first line, from 1. */
  readonly from: number;
  readonly text: string;
}

/** A line that is longer is cut here. */
const maxLine = 1 << 16;

/**
 * The lines of a log file around one of them, unpacked. What is before and after is read over and not held.
 *
 * @param around so many lines before and behind it, where there are as many.
 * @throws {HumanError} where the file cannot be read.
 */
export function linesAround(file: string, line: number, around: number): Promise<Lines> {
  const from = Math.max(1, line - around);
  return withPieces(file, async (pieces) => {
    const kept: string[] = [];
    let rest = '';
    let number = 1;
    const take = (text: string): void => {
      if (number >= from) kept.push(text.slice(0, maxLine).replace(/\r$/, ''));
      number++;
    };
    const decoder = new TextDecoder();
    for await (const piece of pieces) {
      const lines = (rest + decoder.decode(piece, { stream: true })).split('\n');
      rest = (lines.pop() ?? '').slice(0, maxLine);
      for (const each of lines) {
        if (number > line + around) break;
        take(each);
      }
      if (number > line + around) return { from, text: kept.join('\n') };
    }
    if (rest !== '') take(rest);
    return { from, text: kept.join('\n') };
  });
}
