import type { Steps } from '../shared/steps.ts';

/** One piece after the other, a piece a step. */
export function* joinParts(parts: readonly Buffer[]): Steps<Buffer> {
  if (parts.length === 1) return parts[0]!;
  const whole = Buffer.allocUnsafe(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    at += part.copy(whole, at);
    yield;
  }
  return whole;
}
