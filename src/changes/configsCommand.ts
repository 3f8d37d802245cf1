import { shellQuoted } from '../groups/plan/command.ts';
import type { ConfigResource } from './configs.ts';
import type { ConfigChange } from './configsPlan.ts';

const entityTypes = { topic: 'topics', group: 'groups', broker: 'brokers' } as const;

/** The commands of kafka-configs that show a resource, or make the changes. It takes what is added and what is deleted in one. */
export function configsCommand(
  bootstrap: string,
  resource: ConfigResource,
  changes: readonly (ConfigChange & { readonly isSensitive?: boolean })[],
): string {
  const { kind, name } = resource;
  const entity = kind === 'broker' && name === '' ? ['--entity-default'] : ['--entity-name', shellQuoted(name)];
  const start = [
    'kafka-configs',
    '--bootstrap-server',
    shellQuoted(bootstrap),
    '--entity-type',
    entityTypes[kind],
    ...entity,
  ];
  if (changes.length === 0) return [...start, '--describe', '--all'].join(' ');
  const added = changes.flatMap(({ name: key, value, isSensitive }) =>
    value === undefined ? [] : [`${key}=${isSensitive === true ? '...' : grouped(value)}`],
  );
  const deleted = changes.filter(({ value }) => value === undefined).map(({ name: key }) => key);
  return [
    ...start,
    '--alter',
    ...(added.length === 0 ? [] : ['--add-config', shellQuoted(added.join(','))]),
    ...(deleted.length === 0 ? [] : ['--delete-config', shellQuoted(deleted.join(','))]),
  ].join(' ');
}

/** The tool divides at commas but within square brackets. */
function grouped(value: string): string {
  return value.includes(',') ? `[${value}]` : value;
}
