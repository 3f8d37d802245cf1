/**
 * In place of `@vscode/spdlog` 0.15, which takes a compiler: the log files of VS Code. Each message is written at once, so that a
 * crash loses none; a file that is full becomes `name.1.log` and so on, up to `maxFiles` of them.
 */
import { closeSync, fstatSync, mkdirSync, openSync, renameSync, writeSync } from 'node:fs';
import { dirname, extname } from 'node:path';

const levels = ['trace', 'debug', 'info', 'warning', 'error', 'critical', 'off'];

export const version = 10_000;

export class Logger {
  #file;
  #maxSize;
  #maxFiles;
  #level = levels.indexOf('info');
  #pattern = '[%Y-%m-%d %H:%M:%S.%e] [%l] %v';
  #end = '\n';
  /** @type {number | undefined} */
  #descriptor;
  #size = 0;

  /**
   * @param {string} _type
   * @param {string} _name
   * @param {string} file
   * @param {number} maxSize in bytes
   * @param {number} maxFiles beside the one that is written
   */
  constructor(_type, _name, file, maxSize, maxFiles) {
    this.#file = file;
    this.#maxSize = maxSize;
    this.#maxFiles = maxFiles;
    this.#open();
  }

  getLevel() {
    return this.#level;
  }

  /** @param {number} level of which only graver messages are written */
  setLevel(level) {
    this.#level = level;
  }

  /** @param {string} pattern with %Y %m %d %H %M %S %e (ms) %l (level) %v (message) */
  setPattern(pattern) {
    this.#pattern = pattern;
    this.#end = '\n';
  }

  /** From now on a message is written as it is, without an end of line. */
  clearFormatters() {
    this.#pattern = '%v';
    this.#end = '';
  }

  trace = (/** @type {string} */ message) => this.#log(0, message);
  debug = (/** @type {string} */ message) => this.#log(1, message);
  info = (/** @type {string} */ message) => this.#log(2, message);
  warn = (/** @type {string} */ message) => this.#log(3, message);
  error = (/** @type {string} */ message) => this.#log(4, message);
  critical = (/** @type {string} */ message) => this.#log(5, message);

  /** Nothing waits to be written. */
  flush() {}

  /** Closes the file; what is logged afterwards is lost, as it is with spdlog. */
  drop() {
    if (this.#descriptor !== undefined) closeSync(this.#descriptor);
    this.#descriptor = undefined;
  }

  #open() {
    mkdirSync(dirname(this.#file), { recursive: true });
    this.#descriptor = openSync(this.#file, 'a');
    this.#size = fstatSync(this.#descriptor).size;
  }

  /**
   * @param {number} level
   * @param {string} message
   */
  #log(level, message) {
    if (this.#descriptor === undefined || level < this.#level) return;
    const bytes = Buffer.from(format(this.#pattern, level, message) + this.#end);
    try {
      if (this.#size > 0 && this.#size + bytes.length > this.#maxSize) this.#rotate();
      this.#size += writeSync(this.#descriptor, bytes);
    } catch {
      // A full disk or a deleted folder must not end the one who logs.
    }
  }

  #rotate() {
    this.drop();
    for (let index = this.#maxFiles; index > 0; index -= 1) {
      try {
        renameSync(this.#numbered(index - 1), this.#numbered(index));
      } catch {
        // There are not as many yet.
      }
    }
    this.#open();
  }

  /** @param {number} index */
  #numbered(index) {
    if (index === 0) return this.#file;
    const extension = extname(this.#file);
    return `${this.#file.slice(0, this.#file.length - extension.length)}.${index}${extension}`;
  }
}

/**
 * @param {string} pattern
 * @param {number} level
 * @param {string} message
 */
function format(pattern, level, message) {
  const now = new Date();
  const two = (/** @type {number} */ value) => String(value).padStart(2, '0');
  /** @type {Record<string, () => string>} */
  const parts = {
    Y: () => String(now.getFullYear()),
    m: () => two(now.getMonth() + 1),
    d: () => two(now.getDate()),
    H: () => two(now.getHours()),
    M: () => two(now.getMinutes()),
    S: () => two(now.getSeconds()),
    e: () => String(now.getMilliseconds()).padStart(3, '0'),
    l: () => levels[level] ?? '',
    v: () => message,
  };
  return pattern.replace(/%([YmdHMSelv])/g, (_, part) => parts[part]?.() ?? '');
}

/** @param {ConstructorParameters<typeof Logger>} args without the type */
const create = async (...args) => new Logger(...args);

/** @type {(name: string, file: string, maxSize: number, maxFiles: number) => Promise<Logger>} */
export const createRotatingLogger = (...args) => create('rotating', ...args);

/** @type {(name: string, file: string, maxSize: number, maxFiles: number) => Promise<Logger>} */
export const createAsyncRotatingLogger = (...args) => create('rotating_async', ...args);

/** Of all loggers: each has a level of its own here. */
export function setLevel() {}

/** Every message is flushed. */
export function setFlushOn() {}
