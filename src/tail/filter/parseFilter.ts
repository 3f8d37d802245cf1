import { messageOf } from '../../shared/errors.ts';
import { t } from '../../shared/l10n.ts';
import type { KeptRecord } from '../keptRecord.ts';
import { readPath, type Operator } from './jsonPath.ts';
import { javaPartition, librdkafkaPartition } from './partitioners.ts';
import { all, not, type FilterContext, type Test } from './predicate.ts';
import { FilterProblem } from './problem.ts';
import * as terms from './terms.ts';
import { Needle } from './textSearch.ts';
import { parseTime } from './times.ts';

/** A filter that was understood. */
export interface Filter {
  /** As typed. */
  readonly text: string;
  /** Whether it leaves everything as it is. */
  readonly isEmpty: boolean;
  readonly test: (context: FilterContext) => Test;
  /** Texts of which each that is left holds all, where the bytes of a batch can tell at a glance that none of it does. */
  readonly needles: readonly Needle[];
}

/** `cost`: cheap ones are asked first. */
interface Term {
  readonly cost: 0 | 1 | 2;
  readonly make: (context: FilterContext) => Test;
  readonly needle?: Needle | undefined;
}

const field = /(key|value|header|partition|offset|size|time|keypartition-crc32|keypartition|tx|is)(>=|<=|!=|:|=|>|<)/y;
const pathOperator = /\s*(==|!=|<=|>=|=~|=|<|>)\s*/y;

/**
 * Reads a filter. Its terms are separated by blanks, and all must hold; `-` before a term turns it round; quotes keep blanks.
 *
 *     text "two words"         key, value, a header's name or value hold it, in any case
 *     /regex/i                 key, value or a header match
 *     key:abc value:abc        only there; key="abc" and key=abc are all of it, != none of it; key:/re/ matches
 *     header:name header:n=v   has such a header; with this value
 *     $.order.total > 100      JSON path of the value; ==, !=, <, <=, >, >=, =~ /re/; without an operator: it is there
 *     partition:0,2-4          offset:100..200 offset>=100 size>10kb time:12:00..12:30 time:"10 minutes ago".. (ends included)
 *     keypartition:"order 7"   in the partition that Java's default partitioner gives this key; keypartition-crc32: librdkafka's
 *     tx:aborted               committed, aborted, open, unknown, none
 *     is:tombstone             tombstone, nokey, control, damaged, undecodable, notice
 *
 * @throws {FilterProblem}
 */
export function parseFilter(text: string): Filter {
  const found: Term[] = [];
  const reader = new Reader(text);
  for (reader.blanks(); !reader.isAtEnd; reader.blanks()) {
    const isTurned = reader.text[reader.at] === '-' && /\S/.test(reader.text[reader.at + 1] ?? ' ');
    if (isTurned) reader.at++;
    const term = reader.term();
    if (term === undefined) continue;
    found.push(isTurned ? { cost: term.cost, make: (context) => not(term.make(context)) } : term);
  }
  found.sort((a, b) => a.cost - b.cost);
  return {
    text,
    isEmpty: found.length === 0,
    test: (context) => all(found.map(({ make }) => make(context))),
    needles: found.map(({ needle }) => needle).filter((needle) => needle !== undefined),
  };
}

class Reader {
  readonly text: string;
  at = 0;

  constructor(text: string) {
    this.text = text;
  }

  get isAtEnd(): boolean {
    return this.at >= this.text.length;
  }

  blanks(): void {
    while (/\s/.test(this.text[this.at] ?? 'x')) this.at++;
  }

  term(): Term | undefined {
    const { text, at } = this;
    if (text[at] === '$' && /^\$(\.|\[)/.test(text.slice(at, at + 2))) return this.path();
    const regex = this.regex();
    if (regex !== undefined) return { cost: 2, make: (context) => terms.anywhereMatches(regex, context) };
    field.lastIndex = at;
    const named = field.exec(text);
    if (named !== null) {
      this.at += named[0].length;
      return this.field(named[1]!, named[2]!, at);
    }
    const word = this.word();
    if (word.text === '') return undefined;
    const needle = new Needle(word.text);
    return { cost: 1, needle, make: (context) => terms.anywhereHolds(needle, context) };
  }

  /** `/.../` with its flags; undefined where it is none, such as a path of a URL. @throws {FilterProblem} */
  regex(): RegExp | undefined {
    const found = /\/((?:[^/\\]|\\.)+)\/([dgimsuvy]*)(?=\s|$)/y;
    found.lastIndex = this.at;
    const match = found.exec(this.text);
    if (match === null) return undefined;
    const [whole, body, flags] = match;
    try {
      // Not g, not y: those would make it remember where it was.
      const regex = new RegExp(body!, flags!.replace(/[gy]/g, ''));
      this.at += whole.length;
      return regex;
    } catch (error) {
      const why = messageOf(error).replace(/^Invalid regular expression: /, '');
      throw new FilterProblem(t('The regular expression is not valid: {0}', why), this.at, this.at + whole.length);
    }
  }

  /** A text in quotes, or all up to the next blank. */
  word(): { readonly text: string; readonly isQuoted: boolean } {
    if (this.text[this.at] === '"') {
      const quoted = /"((?:[^"\\]|\\.)*)("|$)/y;
      quoted.lastIndex = this.at;
      const [whole, inner] = quoted.exec(this.text)!;
      this.at += whole.length;
      return { text: inner!.replace(/\\(.)/g, '$1'), isQuoted: true };
    }
    const from = this.at;
    while (!this.isAtEnd && !/\s/.test(this.text[this.at]!)) this.at++;
    return { text: this.text.slice(from, this.at), isQuoted: false };
  }

  path(): Term {
    const start = this.at;
    const { steps, end } = readPath(this.text, start);
    this.at = end;
    pathOperator.lastIndex = end;
    const found = pathOperator.exec(this.text);
    if (found === null) {
      if (!this.isAtEnd && !/\s/.test(this.text[end]!)) {
        throw new FilterProblem(t('This is not part of a path.'), end, end + 1);
      }
      return { cost: 2, make: (context) => terms.pathHolds(steps, context, () => true) };
    }
    this.at += found[0].length;
    if (found[1] === '=~') {
      const regex = this.regex();
      if (regex === undefined) throw new FilterProblem(t('=~ wants a regular expression: /.../'), start, this.at);
      return { cost: 2, make: (context) => terms.pathMatches(steps, regex, context) };
    }
    if (this.isAtEnd) throw new FilterProblem(t('A value to compare with is missing.'), start, this.at);
    const literal = this.word();
    const operator = (found[1] === '=' ? '==' : found[1]) as Operator;
    return { cost: 2, make: (context) => terms.pathCompares(steps, operator, literal, context) };
  }

  /** @throws {FilterProblem} */
  field(name: string, operator: string, start: number): Term {
    switch (name) {
      case 'key':
      case 'value':
        return this.partTerm(name, operator, start);
      case 'header':
        return this.header(operator, start);
      case 'tx':
      case 'is':
        this.only(operator, [':', '='], name, start);
        return name === 'tx' ? this.transaction(start) : this.isTerm(start);
      case 'partition':
        this.only(operator, [':', '='], name, start);
        return this.partitions(start);
      case 'keypartition':
      case 'keypartition-crc32':
        this.only(operator, [':', '='], name, start);
        return this.keyPartition(name === 'keypartition' ? javaPartition : librdkafkaPartition, start);
      case 'offset': {
        const range = this.range(operator, start, (text) => (/^\d{1,19}$/.test(text) ? BigInt(text) : undefined));
        return record(({ offset }) => offset >= 0n && terms.within(range, offset));
      }
      case 'size': {
        const range = this.range(operator, start, bytesOf);
        return record(({ size }) => terms.within(range, size));
      }
      default:
        return this.time(operator, start);
    }
  }

  partTerm(part: 'key' | 'value', operator: string, start: number): Term {
    this.only(operator, [':', '=', '!='], part, start);
    const regex = operator === ':' ? this.regex() : undefined;
    if (regex !== undefined) return { cost: 2, make: (context) => terms.partMatches(part, regex, context) };
    const word = this.operand(start);
    if (operator === ':') {
      const needle = new Needle(word);
      return { cost: 1, needle, make: (context) => terms.partHolds(part, needle, context) };
    }
    const make = (context: FilterContext): Test => terms.partEquals(part, word, context);
    return { cost: 1, make: operator === '=' ? make : (context) => not(make(context)) };
  }

  header(operator: string, start: number): Term {
    this.only(operator, [':', '='], 'header', start);
    const name = /"((?:[^"\\]|\\.)*)"|[^\s="]+/y;
    name.lastIndex = this.at;
    const found = name.exec(this.text);
    if (found === null) throw new FilterProblem(t('The name of a header is missing.'), start, this.at);
    this.at += found[0].length;
    let value: string | undefined;
    if (this.text[this.at] === '=') {
      this.at++;
      value = this.word().text;
    }
    const test = terms.hasHeader(found[1] ?? found[0], value);
    return { cost: 1, make: () => test };
  }

  transaction(start: number): Term {
    const word = this.oneOf(['committed', 'aborted', 'open', 'unknown', 'none'], start);
    return record((each) => (each.transaction?.outcome ?? 'none') === word && each.kind === 'record');
  }

  isTerm(start: number): Term {
    const word = this.oneOf(['tombstone', 'control', 'damaged', 'notice', 'nokey', 'undecodable'], start);
    switch (word) {
      case 'tombstone':
        return record((each) => each.kind === 'record' && !each.isControl && each.valueLength < 0 && !each.isDamaged);
      case 'control':
        return record((each) => each.isControl);
      case 'damaged':
        return record((each) => each.kind === 'damaged' || each.isDamaged);
      case 'nokey':
        return record((each) => each.kind === 'record' && !each.isControl && each.key === null);
      case 'undecodable':
        return {
          cost: 2,
          make: ({ plain }) => {
            return (each) => {
              if (each.kind !== 'record' || each.isControl || each.valueLength < 0) return false;
              const found = plain(each);
              return found instanceof Promise ? found.then((data) => data === undefined) : found === undefined;
            };
          },
        };
      case 'notice':
        return record((each) => each.kind === 'notice');
    }
  }

  partitions(start: number): Term {
    const word = this.operand(start);
    const ranges = word.split(',').map((part) => {
      const [, from, to = from] = /^(\d{1,9})(?:(?:-|\.\.)(\d{1,9}))?$/.exec(part) ?? [];
      if (from === undefined) throw new FilterProblem(t('Partitions are numbers such as 0,2-4.'), start, this.at);
      return { from: Number(from), to: Number(to) };
    });
    return record(({ partition }) => ranges.some((range) => terms.within(range, partition)));
  }

  keyPartition(partitioner: (key: Buffer, partitions: number) => number, start: number): Term {
    const key = Buffer.from(this.operand(start));
    return {
      cost: 0,
      make: ({ partitions }) => {
        return ({ partition }) => partitions() > 0 && partition === partitioner(key, partitions());
      },
    };
  }

  time(operator: string, start: number): Term {
    const from = this.at;
    const now = Date.now();
    const range = this.range(
      operator,
      start,
      (text) => parseTime(text, now),
      t('a time such as 12:30, 2026-03-01T12:30 or "10 minutes ago"'),
    );
    if (range.from === undefined && range.to === undefined) {
      throw new FilterProblem(t('A time is missing.'), from, this.at);
    }
    return record(({ timestamp }) => timestamp >= 0n && terms.within(range, Number(timestamp)));
  }

  /** `a..b`, `a..`, `..b` or `a` behind a colon; one bound behind the other operators. Quotes hold blanks. */
  range<T extends number | bigint>(
    operator: string,
    start: number,
    read: (text: string) => T | undefined,
    wanted = t('a number'),
  ): terms.Range<T> {
    const one = (text: string): T => {
      const value = read(text);
      if (value === undefined) throw new FilterProblem(t('This should be {0}.', wanted), start, this.at);
      return value;
    };
    const bound = (): string => {
      if (this.text[this.at] === '"') return this.word().text;
      const from = this.at;
      while (!this.isAtEnd && !/\s/.test(this.text[this.at]!) && !this.text.startsWith('..', this.at)) this.at++;
      return this.text.slice(from, this.at);
    };
    const first = bound();
    if (operator === ':' || operator === '=') {
      if (!this.text.startsWith('..', this.at)) {
        const value = one(first);
        return { from: value, to: value };
      }
      this.at += 2;
      const last = bound();
      return { from: first === '' ? undefined : one(first), to: last === '' ? undefined : one(last) };
    }
    const value = one(first);
    switch (operator) {
      case '>=':
        return { from: value };
      case '<=':
        return { to: value };
      case '>':
        return { from: value, isOpen: true };
      case '<':
        return { to: value, isOpen: true };
      default:
        throw new FilterProblem(t('{0} cannot be used here.', operator), start, this.at);
    }
  }

  operand(start: number): string {
    const { text, isQuoted } = this.word();
    if (text === '' && !isQuoted) throw new FilterProblem(t('A value is missing.'), start, this.at);
    return text;
  }

  oneOf<Word extends string>(words: readonly Word[], start: number): Word {
    const { text } = this.word();
    const found = words.find((word) => word === text.toLowerCase());
    if (found === undefined) throw new FilterProblem(t('This should be one of {0}.', words.join(', ')), start, this.at);
    return found;
  }

  only(operator: string, allowed: readonly string[], name: string, start: number): void {
    if (!allowed.includes(operator)) {
      throw new FilterProblem(t('{0} wants {1}.', name, allowed.join(' ')), start, this.at);
    }
  }
}

function record(test: (record: KeptRecord) => boolean): Term {
  return { cost: 0, make: () => test };
}

function bytesOf(text: string): number | undefined {
  const [, number, unit = ''] = /^(\d+(?:\.\d+)?)(b|kb|k|mb|m)?$/i.exec(text) ?? [];
  if (number === undefined) return undefined;
  return Math.round(Number(number) * ({ k: 1024, m: 1 << 20 }[unit[0]?.toLowerCase() ?? ''] ?? 1));
}
