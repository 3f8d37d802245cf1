import { HumanError } from '../src/shared/errors.ts';

const FRAMES = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];

/**
 * Shows what is being waited for: on a terminal one line that turns, with all steps under way; elsewhere a plain line
 * when a step begins and one when it ends. Steps may overlap.
 */
export class Progress {
  readonly #out = process.stdout;
  readonly #running = new Map<string, string>();
  #frame = 0;
  #closed = false;
  #timer: NodeJS.Timeout | undefined;

  /** Runs one step under its name; `report` tells how far it is. A step that fails is shown so, and its error passed on. */
  async step<T>(name: string, work: (report: (detail: string) => void) => Promise<T>): Promise<T> {
    const started = performance.now();
    this.#running.set(name, '');
    if (!this.#out.isTTY) this.#out.write(`${name}...\n`);
    this.#timer ??= this.#out.isTTY ? setInterval(() => this.#draw(), 100).unref() : undefined;
    try {
      const result = await work((detail) => void this.#running.set(name, detail));
      this.#end(name, `${this.#mark('✓', 32)} ${name} (${((performance.now() - started) / 1000).toFixed(1)} s)`);
      return result;
    } catch (error) {
      this.#end(name, `${this.#mark('✗', 31)} ${name} failed`);
      throw error;
    }
  }

  /** Shows nothing of the steps any more: that they fail because everything is ended is no news. */
  close(): void {
    this.#closed = true;
    clearInterval(this.#timer);
    this.#out.write(this.#clear());
  }

  /** A line between those of the steps. */
  print(line: string): void {
    this.#out.write(`${this.#clear()}${line}\n`);
  }

  #end(name: string, line: string): void {
    this.#running.delete(name);
    if (this.#closed) return;
    this.print(line);
    if (this.#running.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #draw(): void {
    this.#frame = (this.#frame + 1) % FRAMES.length;
    const steps = [...this.#running].map(([name, detail]) => (detail === '' ? name : `${name}: ${detail}`));
    const line = `${FRAMES[this.#frame]} ${steps.join(' | ')}`;
    this.#out.write(`${this.#clear()}${line.slice(0, (this.#out.columns || 80) - 1)}`);
  }

  #clear(): string {
    return this.#out.isTTY ? '\r\x1b[K' : '';
  }

  #mark(mark: string, color: number): string {
    return this.#out.isTTY ? `\x1b[${color}m${mark}\x1b[0m` : mark;
  }
}

/** Ends the program with what went wrong: in words where it is meant for people, else with all that helps to find the defect. */
export function reportAndExit(error: unknown): never {
  const humane = error instanceof HumanError ? error : fileError(error);
  console.error(humane === undefined ? error : `\n${humane.message}`);
  process.exit(1);
}

/** What keeps a file from being written and is no defect of ours. */
function fileError(error: unknown): HumanError | undefined {
  const { code, path } = error instanceof Error ? (error as NodeJS.ErrnoException) : {};
  if (path === undefined) return undefined;
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') {
    return new HumanError(
      `${path} cannot be written (${code}).`,
      'Everything is kept in the folder of the clone: make it yours.',
    );
  }
  if (code === 'ENOSPC') return new HumanError(`${path} cannot be written: the disk is full.`, 'About 1 GB is needed.');
  return undefined;
}
