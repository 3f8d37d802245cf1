import { join } from 'node:path';
import { endProcess } from '../../tools/processes.ts';
import { spawnTool } from '../../tools/kafka.ts';

/** Kafka's own codecs, in a Java process that answers questions (Oracle.java says which) until it is closed. */
export interface Oracle {
  /** @throws {Error} with Kafka's own words where it refuses. */
  ask(question: string): Promise<string>;
  close(): Promise<void>;
}

export async function startOracle(): Promise<Oracle> {
  const java = await spawnTool(join(import.meta.dirname, 'Oracle.java'), [], { stdio: ['pipe', 'pipe', 'pipe'] });
  const { stdin, stdout, stderr } = java;
  if (!stdin || !stdout || !stderr) throw new Error('The oracle has no pipes');
  let problems = '';
  stderr.setEncoding('utf8').on('data', (text: string) => (problems += text));
  const waiting: { resolve: (answer: string) => void; reject: (error: Error) => void }[] = [];
  let ended: Error | undefined;
  const answered = (line: string): void => {
    const asked = waiting.shift();
    if (line.startsWith('ok ')) asked?.resolve(line.slice('ok '.length));
    else asked?.reject(new Error(line.replace(/^error /, '')));
  };
  // Not by readline, which takes U+2028 within an answer for its end, too.
  let rest = '';
  stdout.setEncoding('utf8').on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop()!;
    for (const line of lines) answered(line.replace(/\r$/, ''));
  });
  java.once('exit', () => {
    ended = new Error(`The oracle ended: ${problems}`);
    for (const { reject } of waiting) reject(ended);
  });
  // The end of the process says more than that its pipe is broken.
  stdin.on('error', () => undefined);
  return {
    ask: (question) =>
      new Promise((resolve, reject) => {
        if (ended) {
          reject(ended);
          return;
        }
        waiting.push({ resolve, reject });
        stdin.write(`${question}\n`);
      }),
    close: () => endProcess(java),
  };
}
