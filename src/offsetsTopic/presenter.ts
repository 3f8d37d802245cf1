import { parseExact, prettyJson } from '../formats/jsonText.ts';
import { cut, oneLine } from '../formats/textLine.ts';
import type { Plain } from '../formats/plain.ts';
import { t } from '../shared/l10n.ts';
import { controlWords } from '../tail/controlWords.ts';
import type { KeptRecord } from '../tail/keptRecord.ts';
import type { Cells, Column, Document, Fact, Part, RecordPresenter, Section } from '../tail/presenter.ts';
import type { Slice } from '../records/events.ts';
import { decodeRecord, type CoordinatorRecord } from './decode/decodeRecord.ts';
import { deletionOf, type Deletion } from './decode/deletion.ts';
import { recordJson } from './decode/recordJson.ts';
import { kafkaFormatter, type CoordinatorTopic } from './decode/recordTypes.ts';
import type { TopicNames } from './decode/topicNames.ts';
import { Earlier } from './earlier.ts';
import { summaryOf, type Before, type Summary } from './summary.ts';

/** Characters of a cell. */
const cellChars = 300;

export interface OffsetsPresenterOptions {
  readonly topic: CoordinatorTopic;
  readonly names: TopicNames;
  /** Whether a topic exists now; undefined where not known. */
  readonly topicExists: (topic: string) => boolean | undefined;
  /** `offsets.retention.minutes`, ms; undefined where (or as long as) it is not known. */
  readonly retention: () => number | undefined;
}

/** The records of the topics that Kafka's coordinators write: what each says, in a sentence and as Kafka's formatters print it. */
export class OffsetsPresenter implements RecordPresenter {
  readonly columns: readonly Column[];
  readonly labels: { readonly key: string; readonly value: string };
  /** What people look for is in no record as such. */
  readonly hidesText = true;
  readonly #options: OffsetsPresenterOptions;
  readonly #earlier: Earlier;

  constructor(options: OffsetsPresenterOptions) {
    this.#options = options;
    this.#earlier = new Earlier(options.names);
    const isTransactions = options.topic === '__transaction_state';
    this.columns = [
      { id: 'type', label: t('Type'), align: 'start' },
      ...(isTransactions ? [] : [{ id: 'group', label: t('Group'), align: 'start' } as const]),
    ];
    this.labels = {
      key: isTransactions ? t('Transactional id') : t('Partition or member'),
      value: t('Summary'),
    };
  }

  /** What comes, in the order of the topic: summaries say what changed. */
  take(slice: Slice): void {
    if (this.#options.topic === '__consumer_offsets') this.#earlier.take(slice);
  }

  cells(record: KeptRecord): Cells {
    if (record.isControl) {
      return { key: { kind: 'null', text: '' }, value: { kind: 'text', text: controlWords(record).text }, more: [] };
    }
    const decoded = this.#decode(record);
    const { type, group, about, text } = this.#summary(record, decoded);
    const line = (of: string): string => cut(oneLine(of), cellChars);
    const why = decoded.kind === 'malformed' ? { kind: 'failed', why: decoded.reason } : { kind: 'text' };
    return {
      key: { kind: 'text', text: line(about) },
      value: { ...(why as { kind: 'text' }), text: line(text) },
      more: this.#options.topic === '__transaction_state' ? [line(type)] : [line(type), line(group)],
    };
  }

  /** `type`, `group`, `topic`, `partition`, `member` where it has them, and `key` and `value` as Kafka's formatters print them. */
  plain(record: KeptRecord): Plain | undefined {
    if (record.isControl) return undefined;
    const decoded = this.#decode(record);
    const { type, group } = this.#summary(record, decoded);
    const whole = parseExact(this.#json(record)) as { [key: string]: Plain };
    return { type, group, ...placeOf(decoded, this.#options.names), ...whole };
  }

  shownText(record: KeptRecord, part: Part): string | undefined {
    if (record.isControl) return undefined;
    const { type, group, about, text } = this.#summary(record, this.#decode(record));
    return part === 'key' ? [type, group, about].join(' ') : `${text}\n${this.#json(record)}`;
  }

  document(record: KeptRecord, part: Part): Document {
    const json = this.#json(record);
    // Within a text the quotes would be escaped: the first one is that of the record itself.
    const text = part === 'key' ? json.slice('{"key":'.length, json.indexOf(',"value":')) : json;
    const decoded = this.#decode(record);
    const label = 'name' in decoded && decoded.name !== undefined ? decoded.name : 'JSON';
    const version = 'version' in decoded && decoded.version !== undefined ? ` v${decoded.version}` : '';
    return {
      kind: 'text',
      text: prettyJson(text),
      language: 'json',
      format: 'json',
      formatLabel: part === 'key' ? label : `${label}${version}`,
      ...(decoded.kind === 'malformed' ? { why: decoded.reason } : {}),
    };
  }

  sections(record: KeptRecord): readonly Section[] {
    if (record.isControl) return [];
    const decoded = this.#decode(record);
    const { type, group, about, text } = this.#summary(record, decoded);
    const deletion = this.#deletion(record, decoded);
    const number = decoded.type;
    const formatter = number === undefined ? undefined : kafkaFormatter(this.#options.topic, number);
    const facts: Fact[] = [
      { label: t('Summary'), value: text },
      { label: t('Type'), value: number === undefined ? type : `${type} (${number})` },
      ...(group === '' ? [] : [{ label: t('Group'), value: group }]),
      ...(about === '' ? [] : [{ label: this.labels.key, value: about }]),
      ...(deletion === undefined
        ? []
        : [
            {
              label: t('Why'),
              value: deletion.because,
              hint: deletion.certainty === 'fact' ? t('fact') : t('inference'),
            },
          ]),
      ...('leftover' in decoded && decoded.leftover > 0
        ? [{ label: t('Bytes left over'), value: String(decoded.leftover), hint: t('No field accounts for them.') }]
        : []),
      {
        label: t('Printed by'),
        value: formatter ?? t("none of Kafka's formatters"),
        hint: t('Option --formatter of the console consumer, Kafka 4'),
      },
    ];
    return [{ title: this.#options.topic, facts }];
  }

  #decode(record: KeptRecord): CoordinatorRecord {
    const decoded = decodeRecord(record.key, record.value, this.#options.topic);
    this.#options.names.learn(decoded);
    return decoded;
  }

  #json(record: KeptRecord): string {
    return recordJson(record.key, record.value, this.#options.topic);
  }

  #summary(record: KeptRecord, decoded: CoordinatorRecord): Summary {
    return summaryOf(decoded, this.#before(record, decoded), this.#options.names);
  }

  #before(record: KeptRecord, decoded: CoordinatorRecord): Before {
    const { offset } = record;
    if (decoded.kind === 'offsetCommit') {
      const { group, topic, partition } = decoded;
      return { commit: this.#earlier.commitBefore(group, topic, partition, offset) };
    }
    if (decoded.kind === 'groupMetadata') return { group: this.#earlier.groupBefore(decoded.group, offset) };
    const { member } = placeOf(decoded, this.#options.names);
    return {
      deletion: this.#deletion(record, decoded),
      member: typeof member === 'string' ? this.#earlier.memberName(member) : undefined,
    };
  }

  #deletion({ offset, partition, timestamp }: KeptRecord, decoded: CoordinatorRecord): Deletion | undefined {
    if (decoded.kind !== 'tombstone' || (decoded.of !== 'offsetCommit' && decoded.of !== 'legacyOffsetCommit')) {
      return undefined;
    }
    const { group, key } = decoded;
    const batch = this.#earlier.deletionAt(partition, offset);
    if (batch === undefined) return undefined;
    const before = this.#earlier.groupBefore(group, offset);
    const isEmpty = before?.members.length === 0;
    return deletionOf({
      at: Number(timestamp),
      commitTimestamp: this.#earlier.commitBefore(group, key.topic, key.partition, offset)?.at,
      emptySince:
        isEmpty && before.currentStateTimestamp !== undefined ? Number(before.currentStateTimestamp) : undefined,
      retention: this.#options.retention(),
      ...batch,
      topicExists: this.#options.topicExists(key.topic),
    });
  }
}

/** What filters name. */
function placeOf(record: CoordinatorRecord, names: TopicNames): { [key: string]: Plain } {
  if (record.kind === 'offsetCommit') return { topic: record.topic, partition: record.partition };
  if (record.kind === 'groupMetadata' || !('key' in record)) return {};
  const { topic, topicId, partition, memberId, transactionalId } = (record.key ?? {}) as {
    readonly topic?: string;
    readonly topicId?: string;
    readonly partition?: number;
    readonly memberId?: string;
    readonly transactionalId?: string;
  };
  const name = topic ?? (topicId === undefined ? undefined : (names.nameOf(topicId) ?? topicId));
  return {
    ...(name === undefined ? {} : { topic: name }),
    ...(partition === undefined ? {} : { partition }),
    ...(memberId === undefined ? {} : { member: memberId }),
    ...(transactionalId === undefined ? {} : { transactionalId }),
  };
}
