import type { MemberLife, Statement } from '../../groups/assignmentHistory.ts';
import type { Departure } from './departure.ts';
import type { Stage } from './stages.ts';

type Changing = { -readonly [Name in keyof MemberLife]: MemberLife[Name] };

/** Who was a member from when to when, in order of first appearance. */
export class Lives {
  readonly #all: Changing[] = [];
  readonly #open = new Map<string, Changing>();

  add(stage: Stage, departures: ReadonlyMap<string, Departure>): void {
    for (const { id, instanceId, clientId, host } of stage.members.values()) {
      const life = this.#open.get(id);
      if (life === undefined) {
        const fresh: Changing = { id, instanceId, clientId, host, from: stage.at, to: undefined, left: undefined };
        this.#open.set(id, fresh);
        this.#all.push(fresh);
      } else if (life.clientId === '' && clientId !== '') {
        Object.assign(life, { instanceId, clientId, host });
      }
    }
    for (const [id, life] of this.#open) {
      if (stage.members.has(id)) continue;
      this.#open.delete(id);
      life.to = stage.joinedAt ?? stage.at;
      life.left = leftBy(departures.get(id), stage);
    }
  }

  get all(): readonly MemberLife[] {
    return this.#all;
  }
}

function leftBy(departure: Departure | undefined, { source }: Stage): Statement | undefined {
  if (departure === undefined) return undefined;
  return { text: departure.text, certainty: 'inference', source, evidence: departure.evidence };
}
