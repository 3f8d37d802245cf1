import { configRecordOf } from '../../../changes/configsUndo.ts';
import type { Json, JournalEntry } from '../../../changes/journal/entry.ts';
import { pastOf } from '../../../changes/undo.ts';
import { commandOf, optionText } from '../../../groups/plan/command.ts';
import { totalsOf, type PlanRow } from '../../../groups/plan/plan.ts';
import { t } from '../../../shared/l10n.ts';
import { visibleText } from '../../../shared/visibleText.ts';
import { itemResult } from '../../changes/offsetPlans.ts';
import { itemKey } from '../../changes/planned.ts';
import type { ChangeItem } from '../change/protocol.ts';
import type { JournalDetails } from './protocol.ts';

/** More would make the page slow; exports have all. */
const mostItems = 20_000;
const mostFacts = 200;

/** All that a page shows of an entry, but for what the broker says of it. */
export function detailsOf(entry: JournalEntry, bootstrap: string): Omit<JournalDetails, 'examined'> {
  return {
    id: entry.id,
    items: itemsOf(entry).slice(0, mostItems),
    count: entry.positions.length,
    facts: factsOf(entry).slice(0, mostFacts),
    undo: undoOf(entry),
    command: commandFor(entry, bootstrap),
  };
}

export function itemsOf({ subject, positions, results }: JournalEntry): ChangeItem[] {
  const byPlace = new Map(results.map((result) => [`${result.partition} ${result.topic}`, result]));
  return positions.map(({ topic, partition, before, after }) => {
    const result = byPlace.get(`${partition} ${topic}`);
    return {
      key: itemKey(topic, partition),
      group: subject,
      topic,
      partition,
      before: before === undefined ? null : String(before.offset),
      after: after === undefined ? undefined : after.kind === 'delete' ? null : String(after.offset),
      ...(result === undefined ? {} : itemResult(result)),
    };
  });
}

/** Whether there is a way back, and why not. */
function undoOf(entry: JournalEntry): JournalDetails['undo'] {
  const no = (why: string): JournalDetails['undo'] => ({ can: false, why });
  if (entry.state === 'executing') return no(t('It is still being made.'));
  switch (entry.kind) {
    case 'snapshot':
      return no(t('It has changed nothing. Its offsets can be restored.'));
    case 'remove-members':
      return no(t('Removed members cannot be brought back; those that still run have joined again by themselves.'));
    case 'alter-configs':
      return configRecordOf(entry) === undefined ? no(t('What was there before is not known.')) : { can: true };
    case 'create-topic':
      return no(t('There is no undo for it: delete the topic instead.'));
    case 'delete-topic':
    case 'delete-records':
      return no(t('Kafka has no way back: the records are gone.'));
    case 'add-partitions':
      return no(t('Kafka has no way back: partitions cannot be taken from a topic.'));
    case 'reset':
    case 'seek':
    case 'skip':
    case 'copy':
    case 'undo':
    case 'restore':
    case 'delete-offsets':
    case 'delete-group':
      return pastOf(entry).length > 0
        ? { can: true }
        : no(t('It has moved no offsets: there is nothing to take back.'));
  }
}

/** The same change with Kafka's own tools. */
function commandFor(entry: JournalEntry, bootstrap: string): string | undefined {
  const { kind, subject, groupType, positions } = entry;
  if (bootstrap === '') return undefined;
  if (kind === 'delete-group') {
    const tool =
      groupType === 'share'
        ? 'kafka-share-groups'
        : groupType === 'streams'
          ? 'kafka-streams-groups'
          : 'kafka-consumer-groups';
    return [tool, optionText('--bootstrap-server', bootstrap), '--delete', optionText('--group', subject)].join(' ');
  }
  if (positions.length === 0) return undefined;
  const unknown = { clamped: undefined, start: undefined, end: undefined, skipped: undefined, again: undefined };
  const rows = positions.map(({ topic, partition, before, after }): PlanRow => {
    // What a snapshot's command does is to bring its offsets back.
    const goal = kind === 'snapshot' && before !== undefined ? ({ kind: 'commit', ...before } as const) : after;
    return {
      topic,
      partition,
      before: { value: before },
      after: goal,
      ...unknown,
      warning: undefined,
      error: undefined,
    };
  });
  return commandOf(
    {
      group: subject,
      type: groupType,
      scope: { kind: 'given' },
      strategy: { kind: 'positions', positions: new Map(), exact: true },
      rows,
      totals: totalsOf(rows),
      refusal: undefined,
    },
    { bootstrap, execute: true },
  );
}

/** What an entry says beyond partitions, in lines. */
function factsOf(entry: JournalEntry): string[] {
  const { kind, details } = entry;
  if (details === undefined) return [];
  const record = configRecordOf(entry);
  if (record !== undefined) {
    return record.configs.map(({ name, before, after, wasOwn, isOwn, isSensitive }) => {
      const value = (text: string | null, own: boolean): string =>
        !own ? t('inherited') : isSensitive ? t('secret') : (text ?? '');
      return visibleText(t('{0}: {1} -> {2}', name, value(before, wasOwn), value(after, isOwn)));
    });
  }
  if (kind === 'remove-members' && isRecord(details)) {
    const { reason, members } = details;
    const named = (Array.isArray(members) ? members : []).flatMap((each: Json) =>
      isRecord(each) ? [each['instanceId'], each['id']].filter((name) => typeof name === 'string').slice(0, 1) : [],
    );
    return [
      ...named.map((name) => t('Member {0}', visibleText(name))),
      ...(typeof reason === 'string' && reason !== '' ? [t('Reason: {0}', visibleText(reason))] : []),
    ];
  }
  return JSON.stringify(details, null, 1).split('\n').map(visibleText);
}

function isRecord(value: Json | undefined): value is { readonly [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
