import type { Cluster } from '../kafka/cluster.ts';
import type { Failure } from '../kafka/facts.ts';
import { incrementalAlterConfigs } from '../kafka/protocol/generated/incrementalAlterConfigs.ts';
import { HumanError, isCancelled, messageOf, throwIfCancelled } from '../shared/errors.ts';
import { t } from '../shared/l10n.ts';
import { brokerFor, describeConfigs, ownSource, type Config, type ConfigResource } from './configs.ts';
import { itemsOf } from './configsList.ts';
import { alterRequest, refusalOf, type ConfigPlan, type ConfigPlanRow } from './configsPlan.ts';
import type { ConfigRecord } from './configsUndo.ts';
import { finish, type ExecuteOptions } from './execute.ts';
import { lookUntil } from './lookUntil.ts';
import type { Outcome } from './results.ts';
import { sendToBroker } from './sendToBroker.ts';

export interface ConfigResult {
  readonly name: string;
  readonly outcome: Outcome;
  /** What to say of it where it is not done. */
  readonly message: string | undefined;
  /** As read back; undefined where it has none, is secret, or could not be read. */
  readonly found: string | undefined;
}

export interface ConfigExecution {
  /** Id of its entry in the journal. */
  readonly id: string | undefined;
  readonly results: readonly ConfigResult[];
  /** Why the results could not be written down. */
  readonly unrecorded: string | undefined;
}

/**
 * Makes a plan true: looks once more, writes down what was there, sends all in one request, and reads back. Kafka takes all of a
 * resource's changes or none.
 *
 * @throws {HumanError} nothing was changed, and why. @throws {CancelledError} nothing was changed.
 */
export async function executeConfigs(
  cluster: Cluster,
  plan: ConfigPlan,
  options: Pick<ExecuteOptions, 'cluster' | 'journal' | 'signal' | 'undoes'>,
): Promise<ConfigExecution> {
  const { resource } = plan;
  if (plan.refusal !== undefined) throw new HumanError(plan.refusal);
  const rows = plan.rows.filter(({ problem, isThere }) => problem === undefined && !isThere);
  if (rows.length === 0) throw new HumanError(t('The plan changes nothing.'));
  const now = await present(cluster, resource, options.signal);
  const moved = rows.find((row) => !isAsPlanned(row, now.get(row.name), resource));
  if (moved !== undefined) {
    throw new HumanError(
      t('{0} was changed since the plan was made: nothing was changed.', moved.name),
      t('Plan again.'),
    );
  }
  throwIfCancelled(options.signal);
  const record: ConfigRecord = {
    resource: { kind: resource.kind, name: resource.name },
    configs: rows.map((row) => ({
      name: row.name,
      // What is secret is not written down either.
      before: row.isSensitive ? null : (row.before ?? null),
      wasOwn: row.isOwn,
      after: row.isSensitive ? null : (row.after ?? null),
      isOwn: row.after !== undefined,
      isSensitive: row.isSensitive,
    })),
  };
  const id = options.journal?.begin({
    cluster: options.cluster,
    clusterId: cluster.clusterId,
    kind: 'alter-configs',
    subject: resource.name,
    groupType: undefined,
    positions: [],
    details: record,
    ...(options.undoes === undefined ? {} : { undoes: options.undoes }),
  });
  const sent = await sendToBroker(cluster, brokerFor(resource), incrementalAlterConfigs, () => ({
    resources: [alterRequest(resource, rows)],
    validateOnly: false,
  }));
  const refused = sent.kind === 'answered' ? refusalOf(sent.value, resource) : sent.failure;
  const kind = sent.kind === 'answered' ? (refused === undefined ? 'accepted' : 'refused') : sent.kind;
  const results = await readBack(cluster, resource, rows, kind, refused);
  const isDone = results.every(({ outcome }) => outcome === 'done');
  return { id, results, unrecorded: finish(options.journal, id, [], isDone) };
}

async function present(
  cluster: Cluster,
  resource: ConfigResource,
  signal?: AbortSignal,
): Promise<ReadonlyMap<string, Config>> {
  try {
    return new Map((await describeConfigs(cluster, resource, { signal })).map((config) => [config.name, config]));
  } catch (error) {
    if (isCancelled(error)) throw error;
    throw new HumanError(messageOf(error), t('Without the present values there is no way back: nothing was changed.'), {
      cause: error,
    });
  }
}

function isAsPlanned(row: ConfigPlanRow, now: Config | undefined, resource: ConfigResource): boolean {
  const isOwn = now?.source === ownSource(resource);
  // What is inherited may differ from broker to broker, and any of them may have been asked.
  return isOwn === row.isOwn && (!isOwn || now?.value === row.before);
}

function isReached(row: ConfigPlanRow, now: Config | undefined, resource: ConfigResource): boolean {
  const isOwn = now?.source === ownSource(resource);
  if (row.after === undefined) return !isOwn;
  if (row.list !== undefined) {
    // What others add or take away at the same time is theirs.
    const { operation, items } = row.list;
    const there = itemsOf(now?.value);
    return isOwn && items.every((item) => there.includes(item) === (operation === 'append'));
  }
  return isOwn && (row.isSensitive || now?.value === row.after);
}

async function readBack(
  cluster: Cluster,
  resource: ConfigResource,
  rows: readonly ConfigPlanRow[],
  sent: 'accepted' | 'refused' | 'unsent' | 'unknown',
  failure: Failure | undefined,
): Promise<ConfigResult[]> {
  const outcomes = { accepted: 'overtaken', refused: 'refused', unsent: 'not-sent', unknown: 'unknown' } as const;
  let read: ReadonlyMap<string, Config> | undefined;
  let unread: string | undefined;
  const now = await lookUntil(
    async () => {
      try {
        read = await present(cluster, resource);
      } catch (error) {
        unread = messageOf(error);
      }
      return read;
    },
    (seen) =>
      sent === 'refused' ||
      sent === 'unsent' ||
      (seen !== undefined && rows.every((row) => isReached(row, seen.get(row.name), resource))),
  );
  return rows.map((row) => {
    const config = now?.get(row.name);
    const result = (outcome: Outcome, message?: string): ConfigResult => ({
      name: row.name,
      outcome,
      message,
      found: config?.value,
    });
    if (now !== undefined && sent !== 'refused' && sent !== 'unsent' && isReached(row, config, resource)) {
      return result('done');
    }
    if (sent !== 'accepted') return result(outcomes[sent], failure?.message);
    return now === undefined
      ? result('unknown', t('The broker accepted it, and it could not be read back: {0}', unread ?? ''))
      : result(
          'overtaken',
          t(
            'The broker accepted it, and it is something else again: somebody changed it, or the broker has not heard yet.',
          ),
        );
  });
}
