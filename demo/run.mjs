/**
 * Starts consumers in trouble on a Kafka: `node demo/run.mjs --bootstrap localhost:9092 [--only too-slow,crashed]`. Prints `demo ready`
 * when the broker shows every case, and runs until SIGINT or SIGTERM.
 */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { cases } from './cases.mjs';

/**
 * @param options `bootstrap`: host:port, several separated by commas; `only`: names of cases, all when absent; `log`: is called
 * with each line.
 * @returns `ready`, fulfilled when the broker shows each case, rejected when the demo is stopped before; `stop`, which ends all
 * processes.
 */
export async function startDemo({ bootstrap, only, log = () => {} }) {
  const unknown = (only ?? []).filter((name) => !cases.some((one) => one.name === name));
  if (unknown.length > 0)
    throw new Error(`There is no case ${unknown.join(', ')}. There are: ${cases.map(({ name }) => name).join(', ')}.`);
  const chosen = cases.filter(({ name }) => only === undefined || only.includes(name));

  const state = { stopping: false, children: new Set(), timers: new Set(), bootstrap, log };
  const { shown, look } = await prepare(state, chosen);
  const shared = chosen.flatMap(({ programs = [] }) => programs);
  launch(state, { program: 'services.mjs', args: [...shared, 'producers/shop.mjs'], restart: true });
  for (const one of chosen.flatMap(({ own = [] }) => own)) launch(state, one);
  look();
  return { ready: shown, stop: () => stop(state) };
}

/** Runs a program as a process of its own, and again when it ends, unless it is to be left dead. */
function launch(state, one) {
  const { program, args = [], env = {}, restart = false, killEvery, backAfter = 2_000, onExit } = one;
  const child = spawn(
    process.execPath,
    ['--max-old-space-size=96', '--max-semi-space-size=1', fileURLToPath(new URL(program, import.meta.url)), ...args],
    {
      env: { ...process.env, ...env, KAFKA_BOOTSTRAP: state.bootstrap },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    },
  );
  state.children.add(child);
  const who = env.INSTANCE_ID ?? program;
  createInterface({ input: child.stdout }).on('line', state.log);
  // Of an error that ends a program, its message; not its stack, nor the source around.
  createInterface({ input: child.stderr }).on('line', (line) => {
    if (/^\w*(Error|Warning|Exceeded)\b/.test(line)) state.log(`${who}: ${line}`);
  });

  let killed = false;
  const killing =
    killEvery === undefined
      ? undefined
      : later(state, killEvery, () => {
          state.log(`${who}: killed, back in ${backAfter / 1_000} s`);
          killed = child.kill('SIGKILL');
        });
  child.once('exit', (code, signal) => {
    state.children.delete(child);
    clearTimeout(killing);
    if (onExit) return onExit(code);
    if (state.stopping) return;
    if (!killed) state.log(`${who}: ended by itself with ${signal ?? `exit code ${code}`}`);
    if (restart) later(state, backAfter, () => launch(state, one));
  });
  return child;
}

function later(state, ms, action) {
  const timer = setTimeout(() => {
    state.timers.delete(timer);
    action();
  }, ms);
  state.timers.add(timer);
  return timer;
}

/** Runs prepare.mjs, which creates the topics and then, when told so, looks until every case shows. It ends with that. */
async function prepare(state, chosen) {
  const prepared = Promise.withResolvers();
  const shown = Promise.withResolvers();
  // Nobody may be waiting for the second when the first fails.
  shown.promise.catch(() => {});
  let failure = 'it was ended';
  const child = launch(state, {
    program: 'prepare.mjs',
    args: chosen.map(({ name }) => name),
    onExit: (code) => {
      if (code === 0) return shown.resolve();
      const error = new Error(`The demo could not be set up on ${state.bootstrap}: ${failure}`);
      prepared.reject(error);
      shown.reject(error);
    },
  });
  child.once('message', (message) => {
    if (message.failure === undefined) prepared.resolve();
    else failure = message.failure;
  });
  await prepared.promise;
  return { shown: shown.promise, look: () => child.send('look') };
}

async function stop(state) {
  state.stopping = true;
  for (const timer of state.timers) clearTimeout(timer);
  await Promise.all(
    [...state.children].map(async (child) => {
      const gone = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGTERM');
      const hard = setTimeout(() => child.kill('SIGKILL'), 5_000);
      await gone;
      clearTimeout(hard);
    }),
  );
}

async function main() {
  const { values } = parseArgs({
    options: {
      bootstrap: { type: 'string', default: 'localhost:9092' },
      only: { type: 'string' },
      help: { type: 'boolean' },
    },
  });
  if (values.help) {
    console.log(
      `node demo/run.mjs --bootstrap host:port [--only case,case]\n\nCases: ${cases.map(({ name }) => name).join(', ')}`,
    );
    return;
  }
  let demo;
  let stopping = false;
  const end = async (code) => {
    stopping = true;
    await demo?.stop();
    process.exit(code);
  };
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => end(0));
  try {
    demo = await startDemo({
      bootstrap: values.bootstrap,
      only: values.only?.split(','),
      log: (line) => console.log(line),
    });
    await demo.ready;
    console.log('demo ready');
  } catch (error) {
    if (stopping) return;
    console.error(error.message);
    await end(1);
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main();
