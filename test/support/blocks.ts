/**
 * What `work` took in all and in its longest block, ms: for so long nothing else in the process had its turn. Of this thread's own time: when
 * others have the processor, that is no block of ours.
 */
export async function measureBlocks(work: () => Promise<void>): Promise<{ took: number; longest: number }> {
  const start = performance.now();
  let most = 0;
  let last = process.threadCpuUsage();
  const look = (): void => {
    const now = process.threadCpuUsage();
    most = Math.max(most, now.user + now.system - last.user - last.system);
    last = now;
  };
  const timer = setInterval(look, 1);
  await work();
  look();
  clearInterval(timer);
  return { took: performance.now() - start, longest: most / 1e3 };
}
