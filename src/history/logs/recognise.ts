import { brokerFacts, brokerMessageAt } from './brokerLines.ts';
import { javaFacts, javaHead } from './javaClientLines.ts';
import { kafkajsFacts } from './kafkajsLines.ts';
import { librdkafkaFacts, librdkafkaHead } from './librdkafkaLines.ts';
import { fieldTime, lineTime, type LineTime, type LogClock } from './lineTime.ts';
import type { LogFacts, LogSource } from './logEvent.ts';

/** A line that says something of a group. */
export interface Recognised extends LogFacts {
  readonly source: LogSource;
  /** undefined where the line has no time of its own. */
  readonly time: LineTime | undefined;
  /** The program's own words, without what its layout puts around them. */
  readonly message: string;
}

type Fields = Readonly<Record<string, unknown>>;

/** Further into a line nothing is looked for. */
const maxMessage = 4_000;
/** The logger's name that Kafka's own layout puts behind a message. */
const trailingLogger = / \((?:org\.apache\.kafka|kafka)\.[\w.$]{1,200}\)\s*$/;
/** kafkajs handed to a logger that prints the fields behind the message. */
const kafkajsText = /\[(?:ConsumerGroup|Consumer|Runner)\] [A-Z]/;

/** What a line of any of the known programs says, in any of the usual layouts; undefined for all other lines. */
export function recognise(line: string, clock: LogClock): Recognised | undefined {
  const brace = line.indexOf('{');
  // A container runtime may have written its own time and stream before the object.
  if (brace >= 0 && brace < 80 && !line.slice(0, brace).includes('[')) {
    const fields = parseObject(line.slice(brace).trimEnd());
    if (fields !== undefined) return ofFields(fields, clock, 0) ?? undefined;
  }
  const found = ofText(line);
  return found && { ...found.facts, ...rest(found), time: found.time ?? lineTime(line, clock) };
}

interface Found {
  readonly facts: LogFacts;
  readonly source: LogSource;
  readonly message: string;
  readonly time?: LineTime | undefined;
}

function rest({ source, message }: Found): Pick<Found, 'source' | 'message'> {
  return { source, message };
}

function ofText(whole: string): Found | undefined {
  const line = whole.slice(0, maxMessage);
  const broker = brokerMessageAt(line);
  if (broker >= 0) {
    const message = messageOf(line, broker);
    return found('broker', message, brokerFacts(message));
  }
  const java = javaHead(line);
  if (java !== undefined) {
    const message = messageOf(line, java.end);
    const facts = javaFacts(message);
    return found(
      'java',
      message,
      facts && { ...facts, group: java.group, clientId: java.clientId, instanceId: java.instanceId },
    );
  }
  const rdkafka = librdkafkaHead(line);
  if (rdkafka !== undefined) {
    const { at, clientId } = rdkafka;
    const message = messageOf(line, rdkafka.end);
    const facts = librdkafkaFacts(message);
    const time = at === undefined ? undefined : { at, isZoneAssumed: false, hasDay: true };
    return found('librdkafka', message, facts && { ...facts, clientId }, time);
  }
  const js = kafkajsText.exec(line);
  if (js === null) return undefined;
  const brace = whole.indexOf('{', js.index);
  const fields = brace < 0 ? {} : (parseObject(whole.slice(brace).trimEnd()) ?? {});
  const message = line.slice(js.index);
  return found('kafkajs', message, kafkajsFacts(message, fields));
}

function messageOf(line: string, from: number): string {
  return line.slice(from).replace(trailingLogger, '').trimEnd();
}

function found(source: LogSource, message: string, facts: LogFacts | undefined, time?: LineTime): Found | undefined {
  return facts && { facts, source, message, time };
}

function ofFields(fields: Fields, clock: LogClock, depth: number): Recognised | undefined {
  const message = fields['message'] ?? fields['msg'] ?? fields['log'] ?? fields['short_message'];
  const own = timeOf(fields, clock);
  if (typeof message === 'string') {
    const js = kafkajsText.exec(message.slice(0, 200));
    if (js !== null) {
      const words = message.slice(js.index);
      const facts = kafkajsFacts(words, fields);
      return facts && { ...facts, source: 'kafkajs', message: words, time: own };
    }
    // A line in an object: what a container runtime keeps, or a structured log of one program.
    const inner = depth < 2 && message.trimStart().startsWith('{') ? parseObject(message.trim()) : undefined;
    if (inner !== undefined) {
      const result = ofFields(inner, clock, depth + 1);
      return result && { ...result, time: result.time ?? own };
    }
    const result = ofText(message);
    return result && { ...result.facts, ...rest(result), time: result.time ?? own ?? lineTime(message, clock) };
  }
  // Elastic's and others': the message is an object that holds the text.
  return isRecord(message) && depth < 2 ? ofFields(message, clock, depth + 1) : undefined;
}

const timeFields = ['@timestamp', 'timestamp', 'time', 'ts', 'timeMillis', 'datetime', 'asctime'] as const;

function timeOf(fields: Fields, clock: LogClock): LineTime | undefined {
  for (const name of timeFields) {
    const time = fieldTime(fields[name], clock);
    if (time !== undefined) return time;
  }
  // Log4j's JsonLayout.
  const instant = fields['instant'];
  if (!isRecord(instant)) return undefined;
  const { epochSecond, nanoOfSecond } = instant;
  if (typeof epochSecond !== 'number') return undefined;
  const at = epochSecond * 1000 + (typeof nanoOfSecond === 'number' ? Math.floor(nanoOfSecond / 1e6) : 0);
  return { at, isZoneAssumed: false, hasDay: true };
}

function parseObject(text: string): Fields | undefined {
  if (!text.startsWith('{') || !text.endsWith('}')) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
