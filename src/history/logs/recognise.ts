import { brokerFacts, brokerMessageAt } from './brokerLines.ts';
import { javaFacts, javaHead } from './javaClientLines.ts';
import { kafkajsFacts } from './kafkajsLines.ts';
import { librdkafkaFacts, librdkafkaHead } from './librdkafkaLines.ts';
import { fieldTime, lineTime, type LineTime, type LogZone } from './lineTime.ts';
import type { LogFacts, LogSource } from './logEvent.ts';

/** A line that says something of a group. */
export interface Recognised extends LogFacts {
  readonly source: LogSource;
  /** undefined where the line has no time of its own. */
  readonly time: LineTime | undefined;
}

type Fields = Readonly<Record<string, unknown>>;

/** Further into a line nothing is looked for. */
const maxMessage = 4_000;
/** The logger's name that Kafka's own layout puts behind a message. */
const trailingLogger = / \((?:org\.apache\.kafka|kafka)\.[\w.$]{1,200}\)\s*$/;
/** kafkajs handed to a logger that prints the fields behind the message. */
const kafkajsText = /\[(?:ConsumerGroup|Consumer|Runner)\] [A-Z]/;

/** What a line of any of the known programs says, in any of the usual layouts; undefined for all other lines. */
export function recognise(line: string, zone: LogZone): Recognised | undefined {
  const brace = line.indexOf('{');
  // A container runtime may have written its own time and stream before the object.
  if (brace >= 0 && brace < 80 && !line.slice(0, brace).includes('[')) {
    const fields = parseObject(line.slice(brace).trimEnd());
    if (fields !== undefined) return ofFields(fields, zone, 0) ?? undefined;
  }
  const found = ofText(line);
  return found && { ...found.facts, source: found.source, time: found.time ?? lineTime(line, zone) };
}

interface Found {
  readonly facts: LogFacts;
  readonly source: LogSource;
  readonly time?: LineTime | undefined;
}

function ofText(whole: string): Found | undefined {
  const line = whole.slice(0, maxMessage);
  const broker = brokerMessageAt(line);
  if (broker >= 0) return found('broker', brokerFacts(messageOf(line, broker)));
  const java = javaHead(line);
  if (java !== undefined) {
    const facts = javaFacts(messageOf(line, java.end));
    return found(
      'java',
      facts && { ...facts, group: java.group, clientId: java.clientId, instanceId: java.instanceId },
    );
  }
  const rdkafka = librdkafkaHead(line);
  if (rdkafka !== undefined) {
    const { at, clientId } = rdkafka;
    const facts = librdkafkaFacts(messageOf(line, rdkafka.end));
    const time = at === undefined ? undefined : { at, isZoneAssumed: false, hasDay: true };
    return found('librdkafka', facts && { ...facts, clientId }, time);
  }
  const js = kafkajsText.exec(line);
  if (js === null) return undefined;
  const brace = whole.indexOf('{', js.index);
  const fields = brace < 0 ? {} : (parseObject(whole.slice(brace).trimEnd()) ?? {});
  return found('kafkajs', kafkajsFacts(line.slice(js.index), fields));
}

function messageOf(line: string, from: number): string {
  return line.slice(from).replace(trailingLogger, '').trimEnd();
}

function found(source: LogSource, facts: LogFacts | undefined, time?: LineTime): Found | undefined {
  return facts && { facts, source, time };
}

function ofFields(fields: Fields, zone: LogZone, depth: number): Recognised | undefined {
  const message = fields['message'] ?? fields['msg'] ?? fields['log'] ?? fields['short_message'];
  const own = timeOf(fields, zone);
  if (typeof message === 'string') {
    const js = kafkajsText.exec(message.slice(0, 200));
    if (js !== null) {
      const facts = kafkajsFacts(message.slice(js.index), fields);
      return facts && { ...facts, source: 'kafkajs', time: own };
    }
    // A line in an object: what a container runtime keeps, or a structured log of one program.
    const inner = depth < 2 && message.trimStart().startsWith('{') ? parseObject(message.trim()) : undefined;
    if (inner !== undefined) {
      const result = ofFields(inner, zone, depth + 1);
      return result && { ...result, time: result.time ?? own };
    }
    const result = ofText(message);
    return result && { ...result.facts, source: result.source, time: result.time ?? own ?? lineTime(message, zone) };
  }
  // Elastic's and others': the message is an object that holds the text.
  return isRecord(message) && depth < 2 ? ofFields(message, zone, depth + 1) : undefined;
}

const timeFields = ['@timestamp', 'timestamp', 'time', 'ts', 'timeMillis', 'datetime', 'asctime'] as const;

function timeOf(fields: Fields, zone: LogZone): LineTime | undefined {
  for (const name of timeFields) {
    const time = fieldTime(fields[name], zone);
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
