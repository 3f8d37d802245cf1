/**
 * `npm run bench [-- NAME...]`: takes the measurements (all where none is named), prints one line for each,
 * `name  ours  peer  ratio  goal  ok|short`, and exits with 1 where one is short.
 */
import { readdir } from 'node:fs/promises';
import { messageOf } from '../../src/shared/errors.ts';
import type { Line, Measurements } from './measurement.ts';

export async function bench(wanted: readonly string[]): Promise<boolean> {
  const modules = await findMeasurements();
  const all = modules.flatMap((each) => each.names);
  const unknown = wanted.filter((name) => !all.includes(name));
  if (unknown.length > 0) {
    console.error(`Unknown measurement: ${unknown.join(', ')}. Measurements: ${all.join(', ')}.`);
    return false;
  }
  const names = new Set(wanted.length > 0 ? wanted : all);
  let ok = true;
  console.log(row('name', 'ours', 'peer', 'ratio', 'goal', ''));
  // One after the other: each is to have the machine to itself.
  for (const each of modules) {
    const own = new Set(each.names.filter((name) => names.has(name)));
    if (own.size === 0) continue;
    for (const line of (await take(each, own)).filter(({ name }) => own.has(name))) {
      ok &&= line.ok;
      const ratio = line.ratio === undefined ? '-' : `${line.ratio.toFixed(1)}x`;
      console.log(row(line.name, line.ours, line.peer ?? '-', ratio, line.goal, line.ok ? 'ok' : 'short'));
    }
  }
  return ok;
}

async function findMeasurements(): Promise<Measurements[]> {
  const files = (await readdir(import.meta.dirname)).filter((file) => file.endsWith('.ts')).sort();
  const found: Measurements[] = [];
  for (const file of files) {
    found.push(...(await load(file)));
  }
  return found;
}

/** A module that cannot be loaded is a measurement of its file's name, which fails. */
async function load(file: string): Promise<Measurements[]> {
  try {
    const module = (await import(`./${file}`)) as Partial<Measurements>;
    return module.names === undefined || module.run === undefined ? [] : [module as Measurements];
  } catch (error) {
    const cause = new Error(`${file} cannot be loaded.`, { cause: error });
    return [{ names: [file.replace(/\.ts$/, '')], run: () => Promise.reject(cause) }];
  }
}

/** A measurement that fails is short, with its reason, and does not keep the others from running. */
async function take(measurements: Measurements, wanted: ReadonlySet<string>): Promise<readonly Line[]> {
  try {
    const lines = await measurements.run(wanted);
    const missing = [...wanted].filter((name) => !lines.some((line) => line.name === name));
    return [...lines, ...missing.map((name) => failed(name))];
  } catch (error) {
    console.error(error instanceof Error ? (error.stack ?? messageOf(error)) : messageOf(error));
    return [...wanted].map((name) => failed(name));
  }
}

function failed(name: string): Line {
  return { name, ours: 'failed', goal: 'to be measured', ok: false };
}

function row(...cells: readonly string[]): string {
  const widths = [18, 12, 12, 9, 16, 0];
  return cells
    .map((cell, index) => cell.padEnd(widths[index] ?? 0))
    .join('  ')
    .trimEnd();
}
