/** This thread's own time, ms: what others take from the processor, or a machine that stands still, is not in it. */
export function threadMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1e3;
}

/**
 * What `work` took in all and in its longest block, ms: for so long nothing else in the process had its turn. Of this thread's own time: when
 * others have the processor, that is no block of ours.
 */
export async function measureBlocks(work: () => Promise<void>): Promise<{ took: number; longest: number }> {
  const start = performance.now();
  let most = 0;
  let last = threadMs();
  const look = (): void => {
    const now = threadMs();
    most = Math.max(most, now - last);
    last = now;
  };
  const timer = setInterval(look, 1);
  await work();
  look();
  clearInterval(timer);
  return { took: performance.now() - start, longest: most };
}
