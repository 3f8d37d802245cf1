import { intersect, minSize, type Field, type Struct, type Versions } from './schema.ts';
import {
  condition,
  declareFlexible,
  defaultValue,
  elementFunction,
  flexibility,
  isNullable,
  nullableArgument,
  nullableStruct,
  structFlexibility,
  type Names,
} from './expressions.ts';

/** The function that reads a structure, and the one for its tagged fields where it has some. */
export function readFunctions(struct: Struct, names: Names): string[] {
  const top = struct === names.message;
  const within = intersect(struct.versions, names.message.versions);
  const type = top ? struct.name : names.typeName(struct.name);
  const tagged = struct.fields.filter((field) => field.tag !== undefined);
  const properties = struct.fields.map((field) => {
    if (field.tag !== undefined) return `    ${field.name}: ${defaultValue(field)},\n`;
    const present = condition(field.versions, within);
    const read = readExpression(field, intersect(field.versions, within), names);
    const value =
      present === 'true'
        ? read
        : present === 'false'
          ? defaultValue(field)
          : `${present} ? ${read} : ${defaultValue(field)}`;
    return `    ${field.name}: ${value},\n`;
  });
  const flexible = structFlexibility(within, names);
  let text = `  const m: ${type} = {\n${properties.join('')}  };\n`;
  if (properties.length === 0) text = `  const m: ${type} = {};\n`;
  const tags = tagged.length === 0 ? 'r.tags(m);' : `r.tags(m, v, read${type}Tag);`;
  if (flexible === 'true') text += `  ${tags}\n`;
  else if (flexible === 'f') text += `  if (f) ${tags}\n`;
  text += '  return m;\n';
  const { low, high } = names.message.versions;
  const begin = top ? `  r.begin('${struct.name}', v, ${low}, ${high});\n` : '';
  const body = begin + declareFlexible(text, within, names) + text;
  const parameters = `r: Reader, ${/\bv\b/.test(body) ? 'v' : '_v'}: number`;
  const head = top ? `export function decode${type}` : `function read${type}`;
  const functions = [`${head}(${parameters}): ${type} {\n${body}}`];
  if (tagged.length > 0) functions.push(readTagFunction(type, tagged, within, names));
  return functions;
}

function readTagFunction(type: string, fields: readonly Field[], within: Versions, names: Names): string {
  const flexibleVersions = intersect(within, names.message.flexible);
  const cases = fields.map((field) => {
    const versions = intersect(field.versions, flexibleVersions);
    const present = condition(versions, flexibleVersions);
    // As Kafka does: a tag's number is never given to another field.
    const check =
      present === 'true' ? '' : `      if (!(${present})) r.fail('tag ${field.tag} has no place in this version');\n`;
    return `    case ${field.tag}:\n${check}      m.${field.name} = ${readExpression(field, versions, names)};\n      return true;\n`;
  });
  const text = `  switch (tag) {\n${cases.join('')}    default:\n      return false;\n  }\n`;
  const version = /\bv\b/.test(text) ? 'v' : '_v';
  return `function read${type}Tag(r: Reader, ${version}: number, m: ${type}, tag: number): boolean {\n${text}}`;
}

function readExpression(field: Field, within: Versions, names: Names): string {
  const flexible = flexibility(field, within, names);
  const nullable = isNullable(field);
  const mayBeNull = nullable ? nullableArgument(field, within) : '';
  const { type } = field;
  if (type.kind === 'struct') {
    const read = `read${names.typeName(type.struct.name)}`;
    return nullable ? `r.${nullableStruct(field)}(${read}, v${mayBeNull})` : `${read}(r, v)`;
  }
  if (type.kind === 'array') {
    const least = minSize(type.of, names.message.flexible, within);
    const read = elementFunction('read', type.of, flexible, names);
    return `r.${nullable ? 'nullableArray' : 'array'}(${flexible}, ${least}, ${read}, v${mayBeNull})`;
  }
  const { scalar } = type;
  if (scalar === 'string') return `r.${nullable ? 'nullableString' : 'string'}(${flexible}${mayBeNull})`;
  if (scalar === 'bytes' || scalar === 'records')
    return `r.${nullable ? 'nullableBytes' : 'bytes'}(${flexible}${mayBeNull})`;
  return `r.${scalar}()`;
}
