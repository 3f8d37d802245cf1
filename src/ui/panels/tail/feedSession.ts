import { TailSession, type SessionOptions } from '../../../tail/tailSession.ts';
import type { FromTailPage, TailTarget } from './protocol.ts';
import { startOf, stopOf } from './specs.ts';

type Hooks = Pick<SessionOptions, 'limits' | 'cluster' | 'onSlice' | 'onChange'>;

/** Reads what the target says. */
export function sessionOf({ topic, partitions, start, stop, isolation }: TailTarget, hooks: Hooks): TailSession {
  const now = Date.now();
  return new TailSession({
    topic,
    partitions,
    start: startOf(start, now),
    stop: stopOf(stop ?? { at: 'never' }, now),
    isolation: isolation ?? 'both',
    ...hooks,
  });
}

/** Other partitions, another isolation or stop, from where reading is; the target that says so. */
export function readOtherwise(
  session: TailSession,
  target: TailTarget,
  { partitions, isolation, stop }: Extract<FromTailPage, { type: 'read' }>,
): TailTarget {
  const chosen = partitions === 'all' ? undefined : (partitions ?? target.partitions);
  session.read({
    partitions: chosen,
    ...(isolation === undefined ? {} : { isolation }),
    ...(stop === undefined ? {} : { stop: stopOf(stop, Date.now()) }),
  });
  return {
    ...target,
    partitions: chosen,
    ...(isolation === undefined ? {} : { isolation }),
    ...(stop === undefined ? {} : { stop }),
  };
}
