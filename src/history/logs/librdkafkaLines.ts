import type { LogFacts } from './logEvent.ts';
import { firstFit, rule } from './rules.ts';

/** `%7|1700000000.123|FACILITY|client.id#consumer-1| [thrd:main]: message`, as librdkafka writes to stderr. */
const own = /%(?<level>\d)\|(?<time>\d{1,12}\.\d{1,9})\|(?<facility>\w+)\|(?<instance>[^|]*)\| (?:\[thrd:[^\]]*\]: )?/;
/** `FACILITY [client.id#consumer-1] [thrd:main]: message`, as bindings hand it to a logger. */
const handed = /\b(?<facility>[A-Z]{3,}) \[(?<instance>[^\]]*#consumer-\d+)\] \[thrd:[^\]]*\]: /;

export interface LibrdkafkaHead {
  readonly facility: string;
  readonly clientId: string;
  /** Milliseconds since 1970; undefined where the binding's logger wrote the time. */
  readonly at: number | undefined;
  /** Where the message begins. */
  readonly end: number;
}

/** Undefined where the line is none of librdkafka's. */
export function librdkafkaHead(line: string): LibrdkafkaHead | undefined {
  const found = own.exec(line) ?? handed.exec(line);
  if (found?.groups === undefined) return undefined;
  const { time, facility, instance } = found.groups;
  return {
    facility: facility!,
    clientId: instance!.replace(/#(?:consumer|producer)-\d+$/, ''),
    at: time === undefined ? undefined : Math.round(Number(time) * 1000),
    end: found.index + found[0].length,
  };
}

const rules = [
  rule('poll-timeout', /^(?<reason>Application maximum poll interval .*)$/),
  rule('session-timeout', /^(?<reason>Consumer group session timed out .*)$/),
  rule('joining', /^(?:\S+: )?Joining group "(?<group>.{0,300}?)" with (?<reason>.*)$/),
  rule(
    'joined',
    /^JoinGroup response: GenerationId (?<generation>\d+), Protocol .*?, my MemberId (?<member>.{0,300}?), member metadata count/,
  ),
  rule(
    'join-requested',
    /^(?:\S+: )?Group "(?<group>.{0,300}?)" (?:is rebalancing|initiating rebalance) \(\w+\) in state .*? with \d+ assigned partition\(s\)[^:]*: (?<reason>.*)$/,
  ),
  rule(
    'assigned',
    /^(?:\S+: )?Group "(?<group>.{0,300}?)": delegating (?:incremental )?assign of (?<partitions>\d+ partition\(s\)) to application/,
  ),
  rule(
    'revoked',
    /^(?:\S+: )?Group "(?<group>.{0,300}?)": delegating (?:incremental )?revoke of (?<partitions>\d+ partition\(s\)) to application.*?: (?<reason>.*)$/,
  ),
  rule(
    'lost',
    /^(?:\S+: )?Group "(?<group>.{0,300}?)": current assignment of (?<partitions>\d+ partition\(s\)) lost: (?<reason>.*)$/,
  ),
  rule('leave-sent', /^(?:\S+: )?Group "(?<group>.{0,300}?)": leave \((?<reason>in state [^)]*)\)$/),
  rule('leave-sent', /^(?:\S+: )?(?<reason>Leaving group)\b/),
  rule(
    'rebalance-failed',
    /^(?:\S+: )?Group "(?<group>.{0,300}?)": synchronization failed: (?<reason>.{0,300}?): rejoining/,
  ),
  rule('rebalance-failed', /^(?:\S+: )?(?<reason>JoinGroup (?:failed|error): .*)$/),
  rule(
    'coordinator-unavailable',
    /^(?:\S+: )?Group "(?<group>.{0,300}?)": marking the coordinator \(-?\d+\) dead: (?<reason>.*)$/,
  ),
  rule(
    'coordinator-unavailable',
    /^(?:\S+: )?Group "(?<group>.{0,300}?)" FindCoordinator response error: (?<reason>.*)$/,
  ),
  rule('coordinator-unavailable', /^(?:\S+: )?(?<reason>Heartbeat failed due to coordinator .*)$/),
  rule('coordinator-found', /^(?:\S+: )?Group "(?<group>.{0,300}?)" coordinator set to broker (?<reason>.*)$/),
  rule(
    'fenced',
    /^(?:\S+: )?Group "(?<group>.{0,300}?)" heartbeat error response in state .*?: (?<reason>.*fenced.*)$/i,
  ),
  rule('fenced', /^Fatal error: (?<reason>Broker: Static consumer fenced .*)$/),
  rule('rebalance-failed', /^Fatal error: (?<reason>.{0,300}?instance ID is still used by another member.*)$/),
  rule(
    'member-changed',
    /^(?:\S+: )?Group "(?<group>.{0,300}?)": updating member id "[^"]*" -> "(?<member>[^("][^"]*)"/,
  ),
  rule('out-of-range', /^(?<reason>(?:\S+: )?.*?Broker: Offset out of range.*)$/),
  rule('offset-reset', /^(?<partitions>\S+ \[\d+\]): offset reset \((?<reason>.*)$/),
  rule('commit-failed', /^(?:\S+: )?Group "(?<group>.{0,300}?)": unable to OffsetCommit in state (?<reason>.*)$/),
];

/** Facts of a message of librdkafka (1.0 to 2.x), without its head; `debug=cgrp` tells most. */
export function librdkafkaFacts(message: string): LogFacts | undefined {
  return firstFit(rules, message);
}
