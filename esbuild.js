/**
 * Builds what runs: `dist/extension.mjs` with its `dist/parts` (the extension, for Node) and `dist/webview/<page>.js` with its `.css` for every
 * `webview/<page>/main.ts`. `--production` minifies and leaves out source maps; `--watch` builds again on every change;
 * `--outdir=<folder>` builds elsewhere than into `dist`.
 */
import { cpSync, existsSync, readdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as esbuild from 'esbuild';

const root = dirname(fileURLToPath(import.meta.url));

/** The names of all pages: the folders of `webview/` that hold a `main.ts`. */
function pageNames() {
  return readdirSync(join(root, 'webview')).filter((name) => existsSync(join(root, 'webview', name, 'main.ts')));
}

/**
 * The options for the extension and for its pages.
 * @param {{ production?: boolean, outdir?: string }} options
 * @returns {import('esbuild').BuildOptions[]}
 */
function buildOptions({ production = false, outdir = join(root, 'dist') } = {}) {
  /** @type {import('esbuild').BuildOptions} */
  const common = {
    absWorkingDir: root,
    bundle: true,
    minify: production,
    sourcemap: production ? false : 'linked',
    legalComments: 'none',
    logLevel: 'warning',
    define: { 'process.env.NODE_ENV': production ? '"production"' : '"development"' },
  };
  return [
    {
      ...common,
      entryPoints: { extension: 'src/extension.ts' },
      outdir,
      outExtension: { '.js': '.mjs' },
      platform: 'node',
      // What `import()` names becomes a file of its own, loaded when it is needed; VS Code takes ES modules since 1.100.
      format: 'esm',
      splitting: true,
      chunkNames: 'parts/[name]-[hash]',
      // The Node of the oldest VS Code in `engines`.
      target: 'node22.15',
      external: ['vscode'],
    },
    {
      ...common,
      entryPoints: pageNames().map((name) => ({ in: `webview/${name}/main.ts`, out: name })),
      outdir: join(outdir, 'webview'),
      platform: 'browser',
      format: 'esm',
      target: 'es2022',
      // A page may use the editor's icons: codicon.css names its font beside it.
      external: ['*.ttf'],
    },
  ];
}

/** Copies what pages load as it is: the editor's icon font. */
function copyAssets(outdir = join(root, 'dist')) {
  for (const file of ['codicon.css', 'codicon.ttf']) {
    cpSync(join(root, 'node_modules', '@vscode', 'codicons', 'dist', file), join(outdir, 'webview', file));
  }
}

/** @param {string[]} args */
async function main(args) {
  const outdir = args.find((arg) => arg.startsWith('--outdir='))?.slice('--outdir='.length) ?? join(root, 'dist');
  const production = args.includes('--production');
  const unknown = args.filter((arg) => !['--production', '--watch'].includes(arg) && !arg.startsWith('--outdir='));
  if (unknown.length > 0) {
    console.error(`Unknown option ${unknown.join(' ')}. Options: --production, --watch, --outdir=<folder>.`);
    process.exit(2);
  }
  rmSync(outdir, { recursive: true, force: true });
  const options = buildOptions({ production, outdir });
  if (args.includes('--watch')) {
    // The two lines that the problem matcher of .vscode/tasks.json waits for.
    const announce = {
      name: 'announce',
      /** @param {import('esbuild').PluginBuild} build */
      setup(build) {
        build.onStart(() => console.log('[watch] build started'));
        build.onEnd((result) => {
          copyAssets(outdir);
          for (const { text, location } of result.errors) {
            console.error(`> ${location?.file}:${location?.line}:${location?.column}: error: ${text}`);
          }
          console.log('[watch] build finished');
        });
      },
    };
    const contexts = await Promise.all(
      options.map((each) => esbuild.context({ ...each, logLevel: 'silent', plugins: [announce] })),
    );
    await Promise.all(contexts.map((context) => context.watch()));
    return;
  }
  await Promise.all(options.map((each) => esbuild.build(each)));
  copyAssets(outdir);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  main(process.argv.slice(2)).catch(() => {
    // esbuild has printed what is wrong.
    process.exitCode = 1;
  });
}
