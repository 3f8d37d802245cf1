import type { ChildProcess, SpawnOptions } from 'node:child_process';
import { delimiter, join } from 'node:path';
import { javaCommand } from './java.ts';
import { kafkaHome, loggingOptions, quickStartOptions } from './kafkaHome.ts';
import { runProcess, startProcess, type Output } from './processes.ts';

export interface ToolOptions {
  /** Of Kafka; the newest we know where it is left out. */
  readonly version?: string;
  /** Options for Java itself, before the class. */
  readonly jvm?: readonly string[];
  /** More folders or jars, before Kafka's. */
  readonly classPath?: readonly string[];
}

async function javaArgs(mainClass: string, args: readonly string[], options: ToolOptions): Promise<string[]> {
  const home = await kafkaHome(options.version);
  return [
    ...(options.jvm ?? ['-Xmx512m']),
    ...quickStartOptions(home),
    ...loggingOptions('tool'),
    '-cp',
    [...(options.classPath ?? []), join(home, 'libs', '*')].join(delimiter),
    mainClass,
    ...args,
  ];
}

/**
 * Runs one of Kafka's own command-line tools to its end. `mainClass` is its full class name, or the path of a
 * one-file Java program, which needs no build. Its log (warnings) goes to stderr.
 */
export async function runTool(
  mainClass: string,
  args: readonly string[],
  options: ToolOptions & { readonly input?: string; readonly timeoutMs?: number } = {},
): Promise<Output> {
  const { version: _version, jvm: _jvm, classPath: _classPath, ...runOptions } = options;
  return runProcess(await javaCommand(), await javaArgs(mainClass, args, options), runOptions);
}

/** Starts one of Kafka's tools and leaves it running; end it with `endProcess` of tools/processes.ts. */
export async function spawnTool(
  mainClass: string,
  args: readonly string[],
  options: ToolOptions & SpawnOptions = {},
): Promise<ChildProcess> {
  const { version: _version, jvm: _jvm, classPath: _classPath, ...spawnOptions } = options;
  return startProcess(await javaCommand(), await javaArgs(mainClass, args, options), spawnOptions);
}
