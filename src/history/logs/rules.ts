import type { LogEventKind, LogFacts } from './logEvent.ts';

type Captured = Exclude<keyof LogFacts, 'kind'>;

/**
 * One form of a message. The named groups of `form` are the facts. It stands at the beginning of the message, and parts of any text
 * within it are bounded, so that a hostile line cannot keep it searching.
 */
export interface Rule {
  readonly kind: LogEventKind;
  readonly form: RegExp;
}

export function rule(kind: LogEventKind, form: RegExp): Rule {
  return { kind, form };
}

const maxFact = 500;

/** The first rule that fits; undefined where none does. */
export function firstFit(rules: readonly Rule[], message: string): LogFacts | undefined {
  for (const { kind, form } of rules) {
    const found = form.exec(message);
    if (found !== null) return factsOf(kind, found.groups ?? {});
  }
  return undefined;
}

function factsOf(kind: LogEventKind, groups: Readonly<Record<string, string | undefined>>): LogFacts {
  const facts: Partial<Record<Captured, string | number>> = {};
  for (const [name, value] of Object.entries(groups)) {
    if (value === undefined || value === '' || value === 'null') continue;
    const number = name === 'generation' || name === 'members';
    facts[name as Captured] = number ? Number(value) : value.slice(0, maxFact);
  }
  return { kind, ...(facts as Omit<LogFacts, 'kind'>) };
}
