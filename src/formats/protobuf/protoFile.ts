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
  /** The same, with undefined for what a `map<...>` is made of, in the order of the file: some clients count those too. */
  readonly counted: (ProtoMessage | undefined)[];
  /** What a map is made of, written out: `option map_entry = true`. */
  isMapEntry: boolean;
  readonly file: ProtoFileFacts;
}

/** What a file says of how its fields are written. */
export interface ProtoFileFacts {
  /** Fields without a label are not written where they are zero: proto3. */
  implicit: boolean;
  /** Repeated numbers are written as one field: all but proto2. */
  packed: boolean;
  /** Messages are written as groups: editions, by `features.message_encoding`. */
  delimited: boolean;
}

export interface ProtoEnum {
  readonly kind: 'enum';
  readonly names: Map<number, string>;
  /** With aliases, in the order of the file. */
  readonly numbers: Map<string, number>;
}

export interface ProtoField {
  readonly name: string;
  readonly id: number;
  /** A scalar's name, or the name of a message or enum as the file has it. */
  readonly type: string;
  readonly repeated: boolean;
  /** Of maps. */
  readonly keyType: string | undefined;
  /** proto2. */
  readonly required: boolean;
  /** Written where it is zero as well: what is written tells whether it was set. */
  readonly explicit: boolean;
  /** The oneof that it is of. */
  readonly oneof: string | undefined;
  readonly isGroup: boolean;
  /** In brackets behind it, by name, strings with their quotes. */
  readonly options: ReadonlyMap<string, string>;
  /** The full name of the message that it is declared in: where the search for its type begins. */
  readonly scope: string;
}

/** All that files declare, by full name. */
export type ProtoNames = Map<string, ProtoMessage | ProtoEnum>;

/**
 * Reads a `.proto` file (protobuf.dev/reference/protobuf: proto2, proto3 and editions) for what reading and writing need: messages, fields, enums.
 * Options that change no byte, services and extensions are skipped. What it declares is added to `names`; returned are the messages at its top, in their order.
 * @throws {UndecodableError}
 */
export function parseProtoFile(text: string, names: ProtoNames): ProtoMessage[] {
  const tokens = new ProtoTokens(text);
  const top: ProtoMessage[] = [];
  let inPackage = '';
  const into: Declared = { names, file: { implicit: false, packed: false, delimited: false } };
  while (tokens.peek() !== '') {
    if (tokens.take(';')) continue;
    const word = tokens.next();
    switch (word) {
      case 'package':
        inPackage = tokens.name();
        tokens.expect(';');
        break;
      case 'message':
        top.push(message(tokens, inPackage, into, 0));
        break;
      case 'enum':
        enumeration(tokens, inPackage, names);
        break;
      case 'syntax':
      case 'edition':
        tokens.expect('=');
        into.file.implicit = /proto3/.test(tokens.peek());
        into.file.packed = word === 'edition' || into.file.implicit;
        tokens.skipStatement();
        break;
      case 'option':
        fileOption(tokens, into.file);
        break;
      case 'import':
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

/** Where what a file declares goes. */
interface Declared {
  readonly names: ProtoNames;
  readonly file: ProtoFileFacts;
}

/** `option features.field_presence = IMPLICIT;` and the like. */
function fileOption(tokens: ProtoTokens, file: ProtoFileFacts): void {
  const name = tokens.peek();
  if (!name.startsWith('features.')) return tokens.skipStatement();
  tokens.next();
  tokens.expect('=');
  const value = tokens.peek();
  if (name === 'features.field_presence') file.implicit = value === 'IMPLICIT';
  if (name === 'features.repeated_field_encoding') file.packed = value === 'PACKED';
  if (name === 'features.message_encoding') file.delimited = value === 'DELIMITED';
  tokens.skipStatement();
}

function message(tokens: ProtoTokens, scope: string, declared: Declared, depth: number): ProtoMessage {
  const read = newMessage(inScope(scope, tokens.name()), declared);
  body(tokens, read, declared, depth, undefined);
  return read;
}

function newMessage(fullName: string, { names, file }: Declared): ProtoMessage {
  const made: ProtoMessage = {
    kind: 'message',
    fullName,
    fields: new Map(),
    messages: [],
    counted: [],
    isMapEntry: false,
    file,
  };
  names.set(fullName, made);
  return made;
}

function nest(inner: ProtoMessage, into: ProtoMessage): void {
  into.messages.push(inner);
  into.counted.push(inner);
}

function body(
  tokens: ProtoTokens,
  into: ProtoMessage,
  declared: Declared,
  depth: number,
  oneof: string | undefined,
): void {
  if (depth > maxDepth) throw tokens.error(t('it is nested too deep'));
  tokens.expect('{');
  while (!tokens.take('}')) {
    if (tokens.take(';')) continue;
    const word = tokens.name();
    switch (word) {
      case 'message':
        nest(message(tokens, into.fullName, declared, depth + 1), into);
        break;
      case 'enum':
        enumeration(tokens, into.fullName, declared.names);
        break;
      case 'oneof':
        // Its fields are the message's.
        body(tokens, into, declared, depth + 1, tokens.name());
        break;
      case 'option':
        if (tokens.peek() === 'map_entry') into.isMapEntry = true;
        tokens.skipStatement();
        break;
      case 'reserved':
      case 'extensions':
      case 'extend':
        tokens.skipStatement();
        break;
      case 'export':
      case 'local':
        break;
      default:
        field(tokens, word, into, declared, depth, oneof);
    }
  }
}

function field(
  tokens: ProtoTokens,
  first: string,
  into: ProtoMessage,
  declared: Declared,
  depth: number,
  oneof: string | undefined,
): void {
  const hasLabel = first === 'optional' || first === 'required' || first === 'repeated';
  let type = hasLabel ? tokens.name() : first;
  let keyType: string | undefined;
  if (type === 'map' && tokens.take('<')) {
    keyType = tokens.name();
    tokens.expect(',');
    type = tokens.name();
    tokens.expect('>');
    into.counted.push(undefined);
  }
  const name = tokens.name();
  tokens.expect('=');
  const id = tokens.integer();
  const isGroup = type === 'group';
  const options = tokens.take('[') ? readOptions(tokens) : new Map<string, string>();
  into.fields.set(id, {
    name: isGroup ? name.toLowerCase() : name,
    id,
    type: isGroup ? name : type,
    repeated: first === 'repeated' && keyType === undefined,
    keyType,
    required: first === 'required' || options.get('features.field_presence') === 'LEGACY_REQUIRED',
    explicit: first === 'optional' || oneof !== undefined || options.get('features.field_presence') === 'EXPLICIT',
    oneof,
    isGroup,
    options,
    scope: into.fullName,
  });
  if (!isGroup) return tokens.expect(';');
  const group = newMessage(inScope(into.fullName, name), declared);
  nest(group, into);
  body(tokens, group, declared, depth + 1, undefined);
}

/** To behind the bracket that closes the one that was taken. Of a value of several words the first. */
function readOptions(tokens: ProtoTokens): Map<string, string> {
  const options = new Map<string, string>();
  let name = '';
  let value: string | undefined;
  for (let depth = 1; depth > 0;) {
    const found = tokens.next();
    if (depth === 1 && (found === ',' || found === ']')) {
      if (value !== undefined) options.set(name, value);
      name = '';
      value = undefined;
    } else if (depth === 1 && found === '=' && value === undefined) value = '';
    else if (value === undefined) name += found;
    else if (value === '') value = found;
    if (found === '[' || found === '{') depth++;
    else if (found === ']' || found === '}') depth--;
  }
  return options;
}

function enumeration(tokens: ProtoTokens, scope: string, names: ProtoNames): void {
  const read: ProtoEnum = { kind: 'enum', names: new Map(), numbers: new Map() };
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
    read.numbers.set(word, number);
    if (tokens.take('[')) readOptions(tokens);
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
