import type { LogLine } from '../../groups/assignmentHistory.ts';
import { t } from '../../shared/l10n.ts';
import type { LogEvent } from './logEvent.ts';

/** What a page needs to show a line and to open it. */
export function lineOf({ file, line, text }: LogEvent): LogLine {
  return { file, line, text };
}

/** The line as a sentence of evidence. */
export function evidenceOf({ file, line, text }: LogEvent): string {
  return t('{0}, line {1}: {2}', fileName(file), line, text);
}

/** The last part of a path, of any system. */
export function fileName(path: string): string {
  return path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
}
