import { optionText } from '../groups/plan/command.ts';
import type { ConfigResource } from './configs.ts';
import type { ConfigChange } from './configsPlan.ts';
import { propertyLine } from './propertyLine.ts';

const entityTypes = { topic: 'topics', group: 'groups', broker: 'brokers' } as const;

/** The commands of kafka-configs that show a resource, or make the changes. It takes what is added and what is deleted in one. */
export function configsCommand(
  bootstrap: string,
  resource: ConfigResource,
  changes: readonly (ConfigChange & { readonly isSensitive?: boolean })[],
): string {
  const { kind, name } = resource;
  const start = [
    'kafka-configs',
    optionText('--bootstrap-server', bootstrap),
    optionText('--entity-type', entityTypes[kind]),
    kind === 'broker' && name === '' ? '--entity-default' : optionText('--entity-name', name),
  ];
  if (changes.length === 0) return [...start, '--describe', '--all'].join(' ');
  const added = changes.flatMap(({ name: key, value, isSensitive }) =>
    value === undefined ? [] : [{ key, value: isSensitive === true ? '...' : value }],
  );
  const deleted = changes.filter(({ value }) => value === undefined).map(({ name: key }) => key);
  const isFile = added.some(({ value }) => !isPlain(value));
  const file = isFile
    ? `cat > configs.properties <<'EOF'\n${added.map(({ key, value }) => propertyLine(key, value)).join('')}EOF\n`
    : '';
  const add = isFile
    ? optionText('--add-config-file', 'configs.properties')
    : optionText('--add-config', added.map(({ key, value }) => `${key}=${grouped(value)}`).join(','));
  return `${file}${[
    ...start,
    '--alter',
    ...(added.length === 0 ? [] : [add]),
    ...(deleted.length === 0 ? [] : [optionText('--delete-config', deleted.join(','))]),
  ].join(' ')}`;
}

/** The tool divides at commas but within square brackets. */
function grouped(value: string): string {
  return value.includes(',') ? `[${value}]` : value;
}

/** What --add-config leaves as it is (ConfigCommand.parseConfigsToBeAdded): no second equals sign, no brackets, no blanks around. */
function isPlain(value: string): boolean {
  return !/[=[\]\r\n]/.test(value) && value.trim() === value;
}
