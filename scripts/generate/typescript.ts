import type { Message, Struct } from './schema.ts';
import { intersect } from './schema.ts';
import { fieldType, isOptional, lowerFirst, type Names } from './expressions.ts';
import { isDefaultFunction, writeFunction } from './writing.ts';
import { readFunctions } from './reading.ts';
import { jsonFunction } from './json.ts';

/** The TypeScript file of one request with its response. */
export function apiFile(request: Message, response: Message, header: string): string {
  const name = request.name.replace(/Request$/, '');
  const taken = new Set(request.structs.map((struct) => struct.name));
  const shared = new Set(response.structs.map((struct) => struct.name).filter((struct) => taken.has(struct)));
  const { low, high } = request.versions;
  if (low !== response.versions.low || high !== response.versions.high) {
    throw new Error(`${name}: request and response have different versions`);
  }
  const api = [
    `export const ${lowerFirst(name)}: Api<${request.name}, ${response.name}> = {`,
    `  name: '${name}',`,
    `  key: ${request.apiKey},`,
    `  minVersion: ${low},`,
    `  maxVersion: ${request.latestVersionUnstable ? high - 1 : high},`,
    `  flexibleFrom: ${request.flexible.low},`,
    `  encodeRequest: encode${request.name},`,
    `  decodeResponse: decode${response.name},`,
    '};',
  ].join('\n');
  const body = [
    api,
    ...messageParts(request, (struct) => (shared.has(struct) ? `Request${struct}` : struct)),
    ...messageParts(response, (struct) => (shared.has(struct) ? `Response${struct}` : struct)),
  ];
  return file(header, body);
}

/** The TypeScript file of a message that is no request or response. */
export function dataFile(message: Message, header: string): string {
  const versions = `/** The highest version known. */\nexport const ${lowerFirst(message.name)}MaxVersion = ${message.versions.high};`;
  return file(header, [versions, ...messageParts(message, (struct) => struct)]);
}

/**
 * The TypeScript file of one type of a coordinator's records: its key and its value. Keys have one version, and stand in the
 * bytes behind the type; values stand behind their version.
 */
export function recordFile(key: Message, value: Message, header: string): string {
  const name = lowerFirst(key.name.replace(/Key$/, ''));
  if (key.versions.low !== 0 || key.versions.high !== 0) throw new Error(`${key.name} has more than one version`);
  const shared = value.structs.find((struct) => key.structs.some((other) => other.name === struct.name));
  if (shared !== undefined) throw new Error(`${key.name} and its value both have a struct ${shared.name}`);
  const codec = [
    `export const ${name}Record: RecordCodec<${key.name}, ${value.name}> = {`,
    `  name: '${key.name.replace(/Key$/, '')}',`,
    `  type: ${key.apiKey},`,
    `  maxVersion: ${value.versions.high},`,
    `  decodeKey: (r) => decode${key.name}(r, 0),`,
    `  decodeValue: decode${value.name},`,
    `  keyJson: (m) => json${key.name}(m, 0),`,
    `  valueJson: json${value.name},`,
    '};',
  ].join('\n');
  const parts = [key, value].flatMap((message) => {
    const names: Names = { message, typeName: (struct) => struct };
    return [
      ...messageParts(message, names.typeName),
      ...[message, ...message.structs].map((s) => jsonFunction(s, names)),
    ];
  });
  return file(header, [codec, ...parts]);
}

function messageParts(message: Message, typeName: (struct: string) => string): string[] {
  const names: Names = { message, typeName };
  const all: Struct[] = [message, ...message.structs];
  return [
    ...all.map((struct) => typeDeclaration(struct, names)),
    ...all.map((struct) => writeFunction(struct, names)),
    ...message.structs.map((struct) => isDefaultFunction(struct, names)),
    ...all.flatMap((struct) => readFunctions(struct, names)),
  ].filter((part) => part !== '');
}

function typeDeclaration(struct: Struct, names: Names): string {
  const within = intersect(struct.versions, names.message.versions);
  const fields = struct.fields.map((field) => {
    const optional = isOptional(field, within, names) ? '?' : '';
    return `  ${field.name}${optional}: ${fieldType(field, names)};\n`;
  });
  const name = struct === names.message ? struct.name : names.typeName(struct.name);
  if (fields.length === 0) return `export type ${name} = Tagged;`;
  return `export interface ${name} extends Tagged {\n${fields.join('')}}`;
}

/** Puts what the body uses of the hand-written files in front of it. */
function file(header: string, body: readonly string[]): string {
  const text = withoutUnused(body).join('\n\n');
  const used = (names: readonly string[]) => names.filter((name) => new RegExp(`\\b${name}\\b`).test(text));
  const importLine = (names: readonly string[], from: string, type: string) =>
    names.length === 0 ? '' : `import ${type}{ ${names.join(', ')} } from '../${from}.ts';\n`;
  const elements = ['Int16', 'Int32', 'Int64', 'String', 'CompactString'];
  const imports = [
    importLine(used(['Api', 'RecordCodec']), 'api', 'type '),
    importLine(used(['jsonArray', 'jsonBytes', 'jsonString']), 'json', ''),
    importLine(used(['Reader', 'Tagged']), 'reader', 'type '),
    importLine(used(elements.map((name) => `read${name}`)), 'reader', ''),
    importLine(used(['Writer']), 'writer', 'type '),
    importLine(
      used(['TagWriter', 'checkVersion', 'unsupported', ...elements.map((name) => `write${name}`)]),
      'writer',
      '',
    ),
  ].join('');
  return `${header}${imports}\n${text}\n`;
}

/** isDefault functions are made for all structures; this keeps those in use, which may use each other. */
function withoutUnused(parts: readonly string[]): readonly string[] {
  const kept = parts.filter((part) => {
    const name = /^function (isDefault\w+)/.exec(part)?.[1];
    return name === undefined || parts.some((other) => other !== part && other.includes(`${name}(`));
  });
  return kept.length === parts.length ? kept : withoutUnused(kept);
}
