import { bench } from '../test/bench/run.ts';

process.exitCode = (await bench(process.argv.slice(2))) ? 0 : 1;
