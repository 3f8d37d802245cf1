import { delimiter, join } from 'node:path';
import { registryHome, registryJavaCommand } from '../../tools/registry.ts';
import { runProcess } from '../../tools/processes.ts';

export interface AvroCase {
  readonly kind: 'avro';
  /** In Avro's JSON encoding: unions as `{"branch": value}`, bytes as ISO-8859-1. */
  readonly json: string;
  /** Each may use those before it; the last is the datum's. */
  readonly schemas: readonly string[];
}

export interface ProtobufCase {
  readonly kind: 'protobuf';
  readonly json: string;
  /** Names from the top message inwards. */
  readonly message: readonly string[];
  /** FileDescriptorProtos in text format, the main one last. */
  readonly files: readonly string[];
}

/** What Avro's and Protobuf's own Java libraries write for each. */
export async function encodeAll(cases: readonly (AvroCase | ProtobufCase)[]): Promise<Buffer[]> {
  const words = cases.map((each) =>
    each.kind === 'avro'
      ? [each.kind, each.json, ...each.schemas]
      : [each.kind, each.json, each.message.join('/'), ...each.files],
  );
  const input = words.map((line) => line.map((word) => Buffer.from(word).toString('base64')).join(' ')).join('\n');
  const home = await registryHome();
  const classPath = [join(home, 'lib', 'main', '*')].join(delimiter);
  const program = join(import.meta.dirname, 'SchemaEncoder.java');
  const output = await runProcess((await registryJavaCommand()) ?? 'java', ['-cp', classPath, program], { input });
  if (output.code !== 0) throw new Error(output.stderr);
  return output.stdout
    .trim()
    .split(/\r?\n/)
    .map((line) => Buffer.from(line, 'hex'));
}
