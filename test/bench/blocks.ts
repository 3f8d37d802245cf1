/**
 * What `work` took in all and in its longest block, ms: for so long nothing else in the process had its turn. Of this thread's own time: when
 * others have the processor, that is no block of ours.
 */
export async function measureBlocks(work: () => Promise<void>): Promise<{ took: number; longest: number }> {
  const start = performance.now();
  let most = 0;
  let last = process.threadCpuUsage();
  const timer = setInterval(() => {
    const now = process.threadCpuUsage();
    most = Math.max(most, now.user + now.system - last.user - last.system);
    last = now;
  }, 1);
  await work();
  clearInterval(timer);
  return { took: performance.now() - start, longest: most / 1e3 };
}
