import { readdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';
import { repositoryRoot } from './installOnce.ts';

/** Bundles the tests that run in the extension host, each file into one of its own; returns the path of the one that VS Code requires. */
export async function bundleInsideTests(): Promise<string> {
  const source = join(repositoryRoot, 'test', 'host', 'inside');
  const outdir = join(repositoryRoot, 'out', 'inside');
  await rm(outdir, { recursive: true, force: true });
  await build({
    entryPoints: readdirSync(source).flatMap((name) =>
      name.endsWith('.test.ts') || name === 'run.ts' || name === 'last.ts' ? [join(source, name)] : [],
    ),
    outdir,
    outExtension: { '.js': '.cjs' },
    bundle: true,
    platform: 'node',
    format: 'cjs',
    sourcemap: 'inline',
    external: ['vscode'],
    logLevel: 'warning',
  });
  return join(outdir, 'run.cjs');
}
