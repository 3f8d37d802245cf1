import { intersect, type Field, type Struct, type Versions } from './schema.ts';
import {
  condition,
  declareFlexible,
  defaultValue,
  differsFromDefault,
  elementFunction,
  flexibility,
  isNullable,
  isOptional,
  nullableArgument,
  nullableStruct,
  structFlexibility,
  type Names,
} from './expressions.ts';

/** The function that writes a structure. */
export function writeFunction(struct: Struct, names: Names): string {
  const top = struct === names.message;
  const within = intersect(struct.versions, names.message.versions);
  const type = top ? struct.name : names.typeName(struct.name);
  let text = '';
  for (const field of struct.fields) {
    const optional = isOptional(field, within, names);
    const present = condition(field.versions, within);
    const lost = `if (${differsFromDefault(field, optional, names)}) unsupported('${type}', '${field.name}', v);\n`;
    if (field.tag !== undefined) {
      if (!field.ignorable && present !== 'true') text += `  if (!(${present})) {\n    ${lost}  }\n`;
    } else if (present === 'true') text += `  ${writeStatement(field, within, optional, names)}\n`;
    else if (present === 'false') text += field.ignorable ? '' : `  ${lost}`;
    else {
      text += `  if (${present}) ${writeStatement(field, intersect(field.versions, within), optional, names)}\n`;
      if (!field.ignorable) text += `  else ${lost}`;
    }
  }
  text += writeTags(struct, within, names);
  const { low, high } = names.message.versions;
  const check = top ? `  checkVersion('${struct.name}', v, ${low}, ${high});\n` : '';
  const body = check + declareFlexible(text, within, names) + text;
  const parameters = `w: Writer, m: ${type}, ${/\bv\b/.test(body) ? 'v' : '_v'}: number`;
  return `${top ? `export function encode${type}` : `function write${type}`}(${parameters}): void {\n${body}}`;
}

function writeTags(struct: Struct, within: Versions, names: Names): string {
  const flexible = structFlexibility(within, names);
  const tagged = struct.fields.filter((field) => field.tag !== undefined).sort((a, b) => (a.tag ?? 0) - (b.tag ?? 0));
  if (tagged.length === 0 || flexible === 'false') return `  w.tags(${flexible}, m.unknownTags);\n`;
  const flexibleVersions = intersect(within, names.message.flexible);
  let text = '    const t = new TagWriter(w, m.unknownTags);\n';
  for (const field of tagged) {
    const present = condition(field.versions, flexibleVersions);
    const set = differsFromDefault(field, isOptional(field, within, names), names);
    const versions = intersect(field.versions, flexibleVersions);
    text += `    if (${present === 'true' ? '' : `${present} && `}${set}) {\n`;
    // Set, so neither left out nor the default.
    text += `      t.begin(${field.tag});\n      ${writeStatement(field, versions, false, names)}\n      t.end();\n    }\n`;
  }
  text += '    t.finish();\n';
  if (flexible === 'true') return `  {\n${text}  }\n`;
  return `  if (f) {\n${text}  } else w.tags(false, m.unknownTags);\n`;
}

function writeStatement(field: Field, within: Versions, optional: boolean, names: Names): string {
  const flexible = flexibility(field, within, names);
  const nullable = isNullable(field);
  const mayBeNull = nullable ? nullableArgument(field, within) : '';
  const standard = defaultValue(field);
  const own = `m.${field.name}`;
  const value = !optional
    ? own
    : nullable && standard !== 'null'
      ? `${own} === undefined ? ${standard} : ${own}`
      : `${own} ?? ${standard}`;
  const { type } = field;
  if (type.kind === 'struct') {
    const write = `write${names.typeName(type.struct.name)}`;
    return nullable ? `w.${nullableStruct(field)}(${value}, ${write}, v${mayBeNull});` : `${write}(w, ${value}, v);`;
  }
  if (type.kind === 'array') {
    const write = elementFunction('write', type.of, flexible, names);
    return `w.${nullable ? 'nullableArray' : 'array'}(${flexible}, ${value}, ${write}, v${mayBeNull});`;
  }
  const { scalar } = type;
  if (scalar === 'string') return `w.${nullable ? 'nullableString' : 'string'}(${flexible}, ${value}${mayBeNull});`;
  if (scalar === 'bytes' || scalar === 'records') {
    return `w.${nullable ? 'nullableBytes' : 'bytes'}(${flexible}, ${value}${mayBeNull});`;
  }
  return `w.${scalar}(${value});`;
}

/** The function that tells whether a structure holds nothing but defaults, as Kafka asks of tagged ones. */
export function isDefaultFunction(struct: Struct, names: Names): string {
  const type = names.typeName(struct.name);
  const within = intersect(struct.versions, names.message.versions);
  const differences = struct.fields.map((field) => {
    const differs = differsFromDefault(field, isOptional(field, within, names), names);
    return differs.includes('&&') ? `(${differs})` : differs;
  });
  const unknown = '(m.unknownTags !== undefined && m.unknownTags.length > 0)';
  return `function isDefault${type}(m: ${type}): boolean {\n  return !(${[...differences, unknown].join(' || ')});\n}`;
}
