import type { Config } from '../../../changes/configs.ts';
import { resourceText } from '../../../changes/configs.ts';
import type { ConfigExecution } from '../../../changes/configsExecute.ts';
import type { ConfigChange, ConfigPlan } from '../../../changes/configsPlan.ts';
import type { undoConfigs } from '../../../changes/configsUndo.ts';
import type { Fact } from '../../../kafka/facts.ts';
import { KafkaError } from '../../../kafka/errors.ts';
import { failureOf } from '../../../kafka/failures.ts';
import { HumanError, isCancelled, messageOf } from '../../../shared/errors.ts';
import type { Disposable } from '../../../shared/event.ts';
import { t } from '../../../shared/l10n.ts';
import type { Frame, Problem } from '../protocol.ts';
import { configRows, planOf } from './configRows.ts';
import type { ConfigRow, ConfigTarget, ConfigsModel, OnBroker, StagedChange, ToConfigsPage } from './protocol.ts';

/** A connected cluster, as the configurations page uses it; each throws as src/changes/configs*.ts says. */
export interface ConfigsAccess {
  describe(signal: AbortSignal): Promise<Config[]>;
  onBrokers(name: string, signal: AbortSignal): Promise<ReadonlyMap<number, Fact<Config | undefined>>>;
  plan(changes: readonly ConfigChange[], signal: AbortSignal): Promise<ConfigPlan>;
  /** 'cancelled': the person would rather not. */
  execute(plan: ConfigPlan, undoes: string | undefined): Promise<ConfigExecution | 'cancelled'>;
  /** The way back from an entry of the journal. */
  wayBack(id: string, signal: AbortSignal): ReturnType<typeof undoConfigs>;
}

export interface ConfigsFeedOptions {
  readonly target: ConfigTarget;
  /** undefined where the cluster is not connected. @throws {HumanError} it cannot be reached. */
  readonly open: () => Promise<ConfigsAccess | undefined>;
  /** As the settings are now. */
  readonly profile: () => { readonly production: boolean; readonly readOnly: boolean };
  /** Asks whether to make the plan true. */
  readonly confirm: (sentences: readonly string[]) => Promise<boolean>;
  readonly send: (message: ToConfigsPage) => void;
  readonly onError: (error: unknown) => void;
  readonly now?: () => number;
}

/** Configurations change when somebody changes them: nothing is asked for again by itself. */
const staleAfter = 10 * 60_000;

/** What one configurations page is told, and what it does. Asks the cluster only when the page appears or somebody asks. */
export class ConfigsFeed implements Disposable {
  readonly #options: ConfigsFeedOptions;
  #isShown = false;
  #rows: readonly ConfigRow[] | undefined;
  #readAt: number | undefined;
  #failure: Problem | undefined;
  #reading: AbortController | undefined;
  #planning: AbortController | undefined;
  #applying = false;
  #outcome: ConfigsModel['outcome'];
  #last: string | undefined;
  /** The way back that was staged, to be written down as that where it is what is applied. */
  #undoing: { readonly id: string; readonly staged: readonly StagedChange[] } | undefined;
  #staged: readonly StagedChange[] = [];
  /** To be staged as the page is ready. */
  #waiting: readonly StagedChange[] | undefined;

  constructor(options: ConfigsFeedOptions) {
    this.#options = options;
  }

  /** The page is there. `staged`: what it has kept. */
  async start(staged: readonly StagedChange[]): Promise<void> {
    this.#isShown = true;
    this.#sendFull(this.#waiting);
    this.#staged = this.#waiting ?? staged;
    this.#waiting = undefined;
    await this.refresh();
    await this.stage(this.#staged);
  }

  /** The page is gone or hidden; a change that is under way goes on. */
  stop(): void {
    this.#isShown = false;
    this.#reading?.abort();
    this.#planning?.abort();
    this.#rows = undefined;
    this.#readAt = undefined;
  }

  async refresh(): Promise<void> {
    if (!this.#isShown) return;
    this.#reading?.abort();
    const reading = new AbortController();
    this.#reading = reading;
    this.#sendModel();
    try {
      const access = await this.#options.open();
      const configs = await access?.describe(reading.signal);
      if (reading.signal.aborted) return;
      this.#rows = configs && configRows(this.#options.target, configs);
      this.#readAt = configs && (this.#options.now ?? Date.now)();
      this.#failure = access === undefined ? this.#notConnected() : undefined;
    } catch (error) {
      if (reading.signal.aborted || isCancelled(error)) return;
      this.#failure = this.#problemOf(error);
    }
    this.#reading = undefined;
    this.#sendFull();
  }

  /** Says what the changes would do; nothing is changed. */
  async stage(staged: readonly StagedChange[]): Promise<ConfigPlan | undefined> {
    this.#staged = staged;
    this.#planning?.abort();
    const planning = new AbortController();
    this.#planning = planning;
    if (staged.length === 0) {
      this.#tell({ type: 'plan', plan: undefined });
      return undefined;
    }
    try {
      const access = await this.#access();
      const plan = await access.plan(changesOf(staged), planning.signal);
      if (planning.signal.aborted) return undefined;
      const { readOnly } = this.#options.profile();
      const told = planOf(plan);
      this.#tell({ type: 'plan', plan: { ...told, canApply: told.canApply && !readOnly } });
      return plan;
    } catch (error) {
      if (planning.signal.aborted || isCancelled(error)) return undefined;
      this.#tell({ type: 'plan', plan: undefined, failure: this.#told(error) });
      return undefined;
    }
  }

  /** Makes the changes, as they are planned now and after asking. */
  async apply(staged: readonly StagedChange[]): Promise<void> {
    if (this.#applying || this.#options.profile().readOnly) return;
    this.#applying = true;
    try {
      const plan = await this.stage(staged);
      if (plan === undefined || !planOf(plan).canApply) return;
      if (!(await this.#options.confirm(sentencesOf(plan)))) return;
      this.#outcome = undefined;
      this.#sendModel();
      const undoing = this.#undoing;
      const isUndo = undoing !== undefined && JSON.stringify(undoing.staged) === JSON.stringify(staged);
      const execution = await (await this.#access()).execute(plan, isUndo ? undoing.id : undefined);
      if (execution === 'cancelled') return;
      this.#undoing = undefined;
      this.#last = execution.id;
      this.#outcome = outcomeOf(execution);
      const left = staged.filter(({ name }) =>
        execution.results.some((result) => result.name === name && result.outcome !== 'done'),
      );
      await this.refresh();
      this.#sendFull(left);
      await this.stage(left);
    } catch (error) {
      if (isCancelled(error)) return;
      this.#outcome = { good: false, text: this.#told(error), canUndo: false };
    } finally {
      this.#applying = false;
      this.#sendModel();
    }
  }

  /**
   * Stages the way back from a change of the journal: a plan like any other.
   *
   * @param id default: what was applied here last.
   */
  async undo(id = this.#last): Promise<void> {
    if (id === undefined) return;
    try {
      const { plan, lost, movedSince } = await (await this.#access()).wayBack(id, AbortSignal.timeout(30_000));
      const staged = plan.rows
        .filter(({ isThere }) => !isThere)
        .map(({ name, after }) => (after === undefined ? { name } : { name, value: after }));
      const notes = [
        ...(staged.length === 0 ? [t('All is as it was before the change.')] : []),
        ...(lost.length === 0 ? [] : [t('Secret before, and not known: {0}.', lost.join(', '))]),
        ...(movedSince.length === 0 ? [] : [t('Changed by somebody since: {0}.', movedSince.join(', '))]),
      ];
      const isGood = lost.length === 0 && movedSince.length === 0;
      this.#outcome = notes.length === 0 ? undefined : { good: isGood, text: notes.join(' '), canUndo: false };
      this.#undoing = { id, staged };
      if (!this.#isShown) {
        this.#waiting = staged;
        return;
      }
      this.#sendFull(staged);
      await this.stage(staged);
    } catch (error) {
      this.#outcome = { good: false, text: this.#told(error), canUndo: false };
      this.#sendModel();
    }
  }

  async brokers(name: string): Promise<void> {
    try {
      const found = await (await this.#access()).onBrokers(name, AbortSignal.timeout(15_000));
      this.#tell({ type: 'brokers', name, found: [...found].map(([broker, fact]) => onBroker(broker, fact)) });
    } catch (error) {
      this.#tell({ type: 'brokers', name, found: [{ broker: -1, isSensitive: false, why: this.#told(error) }] });
    }
  }

  /** Those of the page, for an export. */
  rows(names: readonly string[]): readonly ConfigRow[] {
    const byName = new Map(this.#rows?.map((row) => [row.name, row]));
    return names.flatMap((name) => byName.get(name) ?? []);
  }

  /** The settings or the connection changed. */
  changed(): void {
    if (this.#isShown) void this.refresh();
  }

  dispose(): void {
    this.stop();
  }

  async #access(): Promise<ConfigsAccess> {
    const access = await this.#options.open();
    if (access !== undefined) return access;
    throw new HumanError(t('{0} is not connected.', this.#options.target.cluster), t('Connect it in the tree.'));
  }

  #told(error: unknown): string {
    if (!(error instanceof HumanError)) this.#options.onError(error);
    return messageOf(error);
  }

  #notConnected(): Problem {
    const { cluster } = this.#options.target;
    return { kind: 'empty', title: t('{0} is not connected', cluster), advice: t('Connect it in the tree.') };
  }

  #problemOf(error: unknown): Problem {
    if (!(error instanceof HumanError)) this.#options.onError(error);
    const { kind, message } = failureOf(error);
    if (kind === 'denied' && error instanceof KafkaError) {
      const advice = t('{0} It takes the ACL operation DescribeConfigs on it.', message);
      return { kind: 'failed', title: t('Access denied'), advice };
    }
    if (kind === 'unsupported') {
      return {
        kind: 'failed',
        title: t('This Kafka has no such configurations'),
        advice: t('{0} Those of groups came with Kafka 3.9.', message),
      };
    }
    return { kind: 'failed', title: t('The configurations could not be read'), advice: message };
  }

  #sendFull(staged?: readonly StagedChange[]): void {
    this.#tell({ type: 'full', model: this.#model(), rows: this.#rows ?? [], staged });
  }

  #sendModel(): void {
    this.#tell({ type: 'model', model: this.#model() });
  }

  /** A hidden page holds nothing. */
  #tell(message: ToConfigsPage): void {
    if (this.#isShown) this.#options.send(message);
  }

  #model(): ConfigsModel {
    const { target, profile, now } = this.#options;
    const { production, readOnly } = profile();
    return {
      frame: this.#frame((now ?? Date.now)(), production, readOnly),
      kind: target.kind,
      production,
      readOnly,
      isBusy: this.#reading !== undefined || this.#applying,
      outcome: this.#outcome,
    };
  }

  #frame(now: number, production: boolean, readOnly: boolean): Frame {
    const { cluster } = this.#options.target;
    const isEmpty = this.#rows === undefined || this.#rows.length === 0;
    const verdict = [
      ...(readOnly ? [t('The cluster is read only by its settings.')] : []),
      ...(production && !readOnly
        ? [t('Marked as production: its name has to be typed before anything is changed.')]
        : []),
    ];
    const failing = this.#failure !== undefined && !isEmpty;
    return {
      crumbs: [cluster, resourceText(this.#options.target), t('Configurations')],
      health: 'unknown',
      verdict,
      takenAt: this.#readAt,
      sentAt: now,
      staleAfter,
      polling: failing ? { kind: 'failing', message: this.#failure!.advice } : { kind: 'ok' },
      problem: isEmpty ? (this.#failure ?? this.#nothingYet()) : undefined,
      partial: [],
    };
  }

  #nothingYet(): Problem {
    if (this.#rows === undefined) {
      return { kind: 'loading', title: t('Reading configurations'), advice: t('The broker is being asked.') };
    }
    return {
      kind: 'empty',
      title: t('No configurations'),
      advice: t('This Kafka has none for it. Those of groups came with Kafka 3.9.'),
    };
  }
}

function changesOf(staged: readonly StagedChange[]): ConfigChange[] {
  return staged.map(({ name, value, operation }) => ({ name, value, operation }));
}

function onBroker(broker: number, fact: Fact<Config | undefined>): OnBroker {
  if ('failure' in fact) return { broker, isSensitive: false, why: fact.failure.message };
  const config = fact.value;
  if (config === undefined) return { broker, isSensitive: false, why: t('It does not know this one.') };
  return { broker, value: config.value, source: config.source, isSensitive: config.isSensitive };
}

/** What the plan does, for the question before it. */
function sentencesOf(plan: ConfigPlan): string[] {
  const rows = plan.rows.filter(({ isThere }) => !isThere);
  return rows.flatMap(({ name, before, after, inherits, isSensitive, warning }) => {
    const to = after === undefined ? t('what it inherits ({0})', inherits ?? t('not known')) : after;
    const step = isSensitive
      ? t('{0}: a secret is changed.', name)
      : t('{0}: {1} becomes {2}.', name, before === undefined || before === '' ? t('empty') : before, to);
    return [step, ...(warning === undefined ? [] : [warning])];
  });
}

function outcomeOf({ results, unrecorded, id }: ConfigExecution): NonNullable<ConfigsModel['outcome']> {
  const bad = results.find(({ outcome }) => outcome !== 'done');
  const canUndo = id !== undefined && results.some(({ outcome }) => outcome === 'done' || outcome === 'unknown');
  const said =
    bad === undefined
      ? results.length === 1
        ? t('{0} is changed, as read back from the broker.', results[0]!.name)
        : t('{0} configurations are changed, as read back from the broker.', results.length)
      : t('{0}: {1}', bad.name, bad.message ?? bad.outcome);
  const text = unrecorded === undefined ? said : t('{0} The result could not be written down: {1}', said, unrecorded);
  return { good: bad === undefined, text, canUndo };
}
