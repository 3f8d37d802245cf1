import { intersect, type Field, type Struct, type Type } from './schema.ts';
import { condition, differsFromDefault, isNullable, type Names } from './expressions.ts';

/**
 * The function that prints a structure as Kafka's JsonConverter classes do: fields of the version in the order of the
 * definition, tagged ones only where they differ from their default.
 */
export function jsonFunction(struct: Struct, names: Names): string {
  const top = struct === names.message;
  const type = top ? struct.name : names.typeName(struct.name);
  const within = intersect(struct.versions, names.message.versions);
  let text = "  let json = '';\n";
  for (const field of struct.fields) {
    const present = condition(field.versions, within);
    const conditions = [
      ...(present === 'true' ? [] : [present]),
      ...(field.tag === undefined ? [] : [differsFromDefault(field, false, names)]),
    ];
    const when = conditions.length === 0 ? '' : `if (${conditions.join(' && ')}) `;
    text += `  ${when}json += \`,"${field.name}":${fieldJson(field, names)}\`;\n`;
  }
  text += '  return `{${json.slice(1)}}`;\n';
  const head = `${top ? 'export ' : ''}function json${type}`;
  return `${head}(m: ${type}, ${/\bv\b/.test(text) ? 'v' : '_v'}: number): string {\n${text}}`;
}

/** What stands behind the colon in the template that prints the field. */
function fieldJson(field: Field, names: Names): string {
  const value = `m.${field.name}`;
  if (field.type.kind === 'scalar' && field.type.scalar === 'uuid') return `"\${${value}}"`;
  const json = typeJson(field.type, value, names);
  return `\${${isNullable(field) && json !== value ? `${value} === null ? 'null' : ${json}` : json}}`;
}

function typeJson(type: Type, value: string, names: Names): string {
  if (type.kind === 'struct') return `json${names.typeName(type.struct.name)}(${value}, v)`;
  if (type.kind === 'array') {
    const element = type.of.kind === 'struct' ? `json${names.typeName(type.of.struct.name)}` : scalarJson(type.of);
    return `jsonArray(${value}, ${element}, v)`;
  }
  if (type.scalar === 'records') throw new Error(`${names.message.name} has records, whose JSON Kafka does not print`);
  if (type.scalar === 'string') return `jsonString(${value})`;
  return type.scalar === 'bytes' ? `jsonBytes(${value})` : value;
}

function scalarJson(type: Type): string {
  return type.kind === 'scalar' && type.scalar === 'string' ? 'jsonString' : 'String';
}
