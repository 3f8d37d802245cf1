import { ownSource, type Config, type ConfigResource } from '../../../changes/configs.ts';
import { propertyLine } from '../../../changes/propertyLine.ts';
import { readOnlyReason, type ConfigPlan, type ConfigPlanRow } from '../../../changes/configsPlan.ts';
import { meaningOf, rankOf, readableValue } from '../../../groups/configMeanings.ts';
import { csvCell } from '../exportRows.ts';
import type { ConfigRow, ConfigsPlan, PlanItem } from './protocol.ts';

/** The rows of the page: those that decide a consumer's life first, then the others by name. */
export function configRows(resource: ConfigResource, configs: readonly Config[]): ConfigRow[] {
  const values = new Map(configs.map(({ name, value }) => [name, value]));
  const rows = configs.map((config): ConfigRow => {
    const { name, value, source, type, isSensitive, isReadOnly, synonyms, documentation } = config;
    return {
      name,
      value,
      readable: readableValue(name, value),
      source,
      isOwn: source === ownSource(resource),
      type,
      isSensitive,
      fixed: isReadOnly ? readOnlyReason(resource) : undefined,
      rank: rankOf(resource.kind, name),
      meaning: meaningOf(resource.kind, name, value, (other) => values.get(other)),
      synonyms,
      documentation,
    };
  });
  return rows.sort((a, b) => (a.rank ?? Infinity) - (b.rank ?? Infinity) || (a.name < b.name ? -1 : 1));
}

export function planOf(plan: ConfigPlan): ConfigsPlan {
  const items = plan.rows.map(planItem);
  const toDo = plan.rows.filter(({ problem, isThere }) => problem === undefined && !isThere);
  // A change with a mistake in it is not made in part.
  const isSound = plan.rows.every(({ problem }) => problem === undefined);
  return { items, refusal: plan.refusal, canApply: plan.refusal === undefined && isSound && toDo.length > 0 };
}

function planItem(row: ConfigPlanRow): PlanItem {
  const { name, before, after, inherits, list, isSensitive, isThere, meaning, warning, problem } = row;
  const then = isSensitive ? undefined : (after ?? inherits);
  return {
    name,
    before,
    after: then,
    beforeReadable: readableValue(name, before),
    afterReadable: readableValue(name, then),
    inherits: after === undefined,
    list,
    isSensitive,
    isThere,
    meaning,
    warning,
    problem,
  };
}

/** The text of a file. Secrets are not in it, as the rows have none. */
export function exportConfigs(
  target: { readonly cluster: string; readonly kind: string; readonly name: string },
  rows: readonly ConfigRow[],
  format: 'csv' | 'json' | 'properties',
): string {
  switch (format) {
    case 'csv': {
      const lines = rows.map(({ name, value, source, type, fixed, isSensitive }) =>
        [name, value, source, type, fixed === undefined, isSensitive].map(csvCell).join(','),
      );
      return ['name,value,source,type,changeable,sensitive', ...lines].map((line) => `${line}\r\n`).join('');
    }
    case 'json': {
      const configs = rows.map(({ name, value, source, type, isSensitive }) => ({
        name,
        value: value ?? null,
        source,
        type,
        sensitive: isSensitive,
      }));
      return `${JSON.stringify({ ...target, configs }, null, 2)}\n`;
    }
    case 'properties':
      return rows
        .map(({ name, value, isSensitive }) =>
          isSensitive ? `# ${name} is secret\n` : propertyLine(name, value ?? ''),
        )
        .join('');
  }
}
