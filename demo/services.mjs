/**
 * Runs several programs in one process, to save memory: `node services.mjs consumers/healthy.mjs producers/shop.mjs`. Each of them
 * also runs alone.
 */
import { log, main } from './lib/program.mjs';

async function start() {
  const ends = await Promise.all(
    process.argv.slice(2).map(async (file) => {
      const program = await import(new URL(file, import.meta.url));
      try {
        return await program.start();
      } catch (error) {
        log(file, `did not start: ${error.message}`);
        throw error;
      }
    }),
  );
  return () => Promise.all(ends.map((end) => end()));
}

await main(import.meta, start);
