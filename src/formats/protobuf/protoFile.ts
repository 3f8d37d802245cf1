import { t } from '../../shared/l10n.ts';
import { maxDepth } from '../sink.ts';
import { ProtoTokens } from './protoTokens.ts';

export interface ProtoMessage {
  readonly kind: 'message';
  /** With its package, without a leading dot. */
  readonly fullName: string;
  readonly fields: Map<number, ProtoField>;
  /** Declared in it, in their order. */
  readonly messages: ProtoMessage[];
}

export interface ProtoEnum {
  readonly kind: 'enum';
  readonly names: Map<number, string>;
}

export interface ProtoField {
  readonly name: string;
  readonly id: number;
  /** A scalar's name, or the name of a message or enum as the file has it. */
  readonly type: string;
  readonly repeated: boolean;
  /** Of maps. */
  readonly keyType: string | undefined;
  /** The full name of the message that it is declared in: where the search for its type begins. */
  readonly scope: string;
}

/** All that files declare, by full name. */
export type ProtoNames = Map<string, ProtoMessage | ProtoEnum>;

/**
 * Reads a `.proto` file (protobuf.dev/reference/protobuf: proto2, proto3 and editions) for what decoding needs: messages, fields, enums.
 * Options, services and extensions are skipped. What it declares is added to `names`; returned are the messages at its top, in their order.
 * @throws {UndecodableError}
 */
export function parseProtoFile(text: string, names: ProtoNames): ProtoMessage[] {
  const tokens = new ProtoTokens(text);
  const top: ProtoMessage[] = [];
  let inPackage = '';
  while (tokens.peek() !== '') {
    if (tokens.take(';')) continue;
    const word = tokens.next();
    switch (word) {
      case 'package':
        inPackage = tokens.name();
        tokens.expect(';');
        break;
      case 'message':
        top.push(message(tokens, inPackage, names, 0));
        break;
      case 'enum':
        enumeration(tokens, inPackage, names);
        break;
      case 'syntax':
      case 'edition':
      case 'import':
      case 'option':
      case 'service':
      case 'extend':
      case 'export':
      case 'local':
        // Editions may say of a declaration whether others see it.
        if ((word === 'export' || word === 'local') && /^(message|enum)$/.test(tokens.peek())) break;
        tokens.skipStatement();
        break;
      default:
        throw tokens.error(t('{0} is not expected', word));
    }
  }
  return top;
}

function message(tokens: ProtoTokens, scope: string, names: ProtoNames, depth: number): ProtoMessage {
  const read: ProtoMessage = {
    kind: 'message',
    fullName: inScope(scope, tokens.name()),
    fields: new Map(),
    messages: [],
  };
  names.set(read.fullName, read);
  body(tokens, read, names, depth);
  return read;
}

function body(tokens: ProtoTokens, into: ProtoMessage, names: ProtoNames, depth: number): void {
  if (depth > maxDepth) throw tokens.error(t('it is nested too deep'));
  tokens.expect('{');
  while (!tokens.take('}')) {
    if (tokens.take(';')) continue;
    const word = tokens.name();
    switch (word) {
      case 'message':
        into.messages.push(message(tokens, into.fullName, names, depth + 1));
        break;
      case 'enum':
        enumeration(tokens, into.fullName, names);
        break;
      case 'oneof':
        // Its fields are the message's.
        tokens.name();
        body(tokens, into, names, depth + 1);
        break;
      case 'option':
      case 'reserved':
      case 'extensions':
      case 'extend':
        tokens.skipStatement();
        break;
      case 'export':
      case 'local':
        break;
      default:
        field(tokens, word, into, names, depth);
    }
  }
}

function field(tokens: ProtoTokens, first: string, into: ProtoMessage, names: ProtoNames, depth: number): void {
  const hasLabel = first === 'optional' || first === 'required' || first === 'repeated';
  let type = hasLabel ? tokens.name() : first;
  let keyType: string | undefined;
  if (type === 'map' && tokens.take('<')) {
    keyType = tokens.name();
    tokens.expect(',');
    type = tokens.name();
    tokens.expect('>');
  }
  const name = tokens.name();
  tokens.expect('=');
  const id = tokens.integer();
  const isGroup = type === 'group';
  const shown = isGroup ? name.toLowerCase() : name;
  const repeated = first === 'repeated' && keyType === undefined;
  into.fields.set(id, { name: shown, id, type: isGroup ? name : type, repeated, keyType, scope: into.fullName });
  if (tokens.take('[')) skipOptions(tokens);
  if (!isGroup) return tokens.expect(';');
  const group: ProtoMessage = {
    kind: 'message',
    fullName: inScope(into.fullName, name),
    fields: new Map(),
    messages: [],
  };
  names.set(group.fullName, group);
  into.messages.push(group);
  body(tokens, group, names, depth + 1);
}

/** To behind the bracket that closes the one that was taken. */
function skipOptions(tokens: ProtoTokens): void {
  for (let depth = 1; depth > 0;) {
    const found = tokens.next();
    if (found === '[') depth++;
    else if (found === ']') depth--;
  }
}

function enumeration(tokens: ProtoTokens, scope: string, names: ProtoNames): void {
  const read: ProtoEnum = { kind: 'enum', names: new Map() };
  names.set(inScope(scope, tokens.name()), read);
  tokens.expect('{');
  while (!tokens.take('}')) {
    if (tokens.take(';')) continue;
    const word = tokens.name();
    if ((word === 'option' || word === 'reserved') && tokens.peek() !== '=') {
      tokens.skipStatement();
      continue;
    }
    tokens.expect('=');
    const number = tokens.integer();
    // Of aliases the first counts.
    if (!read.names.has(number)) read.names.set(number, word);
    if (tokens.take('[')) skipOptions(tokens);
    tokens.expect(';');
  }
}

function inScope(scope: string, name: string): string {
  return scope === '' ? name : `${scope}.${name}`;
}

/** What a field's type names: searched from where the field is declared outwards, as C++ does. Undefined where nobody declares it. */
export function resolveType({ type, scope }: ProtoField, names: ProtoNames): ProtoMessage | ProtoEnum | undefined {
  if (type.startsWith('.')) return names.get(type.slice(1));
  for (let from = scope; from !== ''; from = from.slice(0, Math.max(0, from.lastIndexOf('.')))) {
    const found = names.get(`${from}.${type}`);
    if (found !== undefined) return found;
  }
  return names.get(type);
}
