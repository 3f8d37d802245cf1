export type { DecodeContext, Decoded, DecodedValue, Decoder, FormatChoice, FormatId, Header, Part } from './decoder.ts';
export { createDecoder } from './createDecoder.ts';
export { formats, isFormatChoice, labelOf, type FormatInfo } from './formatList.ts';
export { hexDump, hexLine } from './hexDump.ts';
export { ExactNumber, type Plain, type PlainObject } from './plain.ts';
export { SchemaRegistry } from './registry/schemaRegistry.ts';
export { Subjects, type SubjectVersion } from './registry/subjects.ts';
export type { RegistryAccess, RegistryAuth } from './registry/registryCall.ts';
