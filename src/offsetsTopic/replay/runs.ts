/** First and last index of each run of at least `count` times of which so many lie within `withinMs`. */
export function runs(
  times: readonly number[],
  { count, withinMs }: { readonly count: number; readonly withinMs: number },
): [number, number][] {
  const found: [number, number][] = [];
  for (let last = count - 1; last < times.length; last++) {
    const first = last - count + 1;
    if (times[last]! - times[first]! > withinMs) continue;
    const run = found.at(-1);
    if (run !== undefined && run[1] >= first) run[1] = last;
    else found.push([first, last]);
  }
  return found;
}
