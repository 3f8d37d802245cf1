import { Validator, type OutputUnit, type Schema, type SchemaDraft } from '@cfworker/json-schema';
import { t } from '../../shared/l10n.ts';
import type { ParsedSchema } from '../registry/parsedSchema.ts';
import { pathText, UnencodableError, type Path } from './problem.ts';

export type JsonSchema = ParsedSchema & { readonly type: 'json' };

/**
 * Whether a value fits a JSON Schema (drafts 4 to 2020-12; 7 where it does not say, as Confluent's serializer takes it). Numbers are looked at as
 * doubles. No code is made of the schema, which comes from elsewhere. @throws {UnencodableError}
 */
export function checkJson(value: unknown, schema: JsonSchema): void {
  const parsed = parsedJson(schema.text, '');
  const references = schema.references.map(({ name, schema: text }) => ({ name, parsed: parsedJson(text, name) }));
  let errors: readonly OutputUnit[];
  try {
    const validator = new Validator(parsed as Schema | boolean, draftOf(parsed), false);
    for (const each of references) validator.addSchema(each.parsed as Schema, each.name);
    const result = validator.validate(value);
    if (result.valid) return;
    errors = result.errors;
  } catch (error) {
    // A reference to what nobody gave or to itself, a pattern that is none.
    throw new UnencodableError(
      t('The schema cannot be used: {0}', error instanceof Error ? error.message : String(error)),
      {
        cause: error,
      },
    );
  }
  // Those of the parts stand behind those of the whole: the deepest tells what is wrong.
  const deepest = errors.reduce<OutputUnit | undefined>(
    (best, each) => (best === undefined || depthOf(each) > depthOf(best) ? each : best),
    undefined,
  );
  throw new UnencodableError(`${pathText(pathOf(deepest?.instanceLocation ?? '#'))}: ${deepest?.error ?? ''}`);
}

export function parsedJson(text: string, name: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const what = name === '' ? t('The schema is no JSON.') : t('The schema {0}, to which it refers, is no JSON.', name);
    throw new UnencodableError(what, { cause: error });
  }
}

function draftOf(schema: unknown): SchemaDraft {
  const named = typeof schema === 'object' && schema !== null ? (schema as { $schema?: unknown }).$schema : undefined;
  const [, draft] = /json-schema\.org\/(?:draft\/(2019-09|2020-12)\/|draft-0(4)\/)/.exec(String(named)) ?? [];
  if (draft === '2019-09' || draft === '2020-12') return draft;
  return /draft-04/.test(String(named)) ? '4' : '7';
}

function depthOf({ instanceLocation, keywordLocation }: OutputUnit): number {
  return instanceLocation.split('/').length * 1000 + keywordLocation.split('/').length;
}

/** Of a JSON pointer behind `#`. */
function pathOf(pointer: string): Path | undefined {
  let path: Path | undefined;
  for (const word of pointer.split('/').slice(1)) {
    const step = decodeURIComponent(word).replaceAll('~1', '/').replaceAll('~0', '~');
    path = { parent: path, step: /^\d+$/.test(step) ? Number(step) : step };
  }
  return path;
}
