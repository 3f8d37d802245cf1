import assert from 'node:assert/strict';
import type { GroupNow } from '../../src/changes/groupNow.ts';
import type { Execution } from '../../src/changes/execute.ts';
import { GroupInUseError } from '../../src/changes/preconditions.ts';
import type { RowResult } from '../../src/changes/results.ts';
import type { OffsetPlan } from '../../src/groups/plan/plan.ts';
import { planReset } from '../../src/groups/plan/planReset.ts';
import { planUndo } from '../../src/groups/plan/undo.ts';
import type { GroupType } from '../../src/groups/snapshot.ts';
import type { Planned, PlanTask } from '../../src/ui/panels/reset/planTask.ts';
import { ResetFeed } from '../../src/ui/panels/reset/resetFeed.ts';
import type { ExecuteAs, ResetTarget } from '../../src/ui/panels/reset/resetFeedOptions.ts';
import type { FromResetPage } from '../../src/ui/panels/reset/protocol.ts';
import { aGroup, aMember, aPartition, aSnapshot, aTopic, committed, offsetsOf } from '../support/snapshots.ts';
import { until } from '../support/until.ts';
import { factsOf } from '../unit/resetFixtures.ts';
import { ScriptedWatch, scriptedClusters } from '../unit/panelsFixtures.ts';
import type { OpenOptions, OpenPage, PageHarness } from './harness.ts';

/** The group billing on the topic orders, as a test wants it; what is executed is there afterwards. */
export class ScriptedGroup implements ResetTarget {
  commits: (bigint | undefined)[];
  readonly logs: (readonly [bigint, bigint])[];
  type: GroupType = 'classic';
  members: readonly string[] = [];
  /** What becomes of the partitions of the next change; done where it says nothing. */
  outcomes = new Map<number, Pick<RowResult, 'outcome' | 'message'>>();
  readonly executed: { readonly plan: OffsetPlan; readonly kind: string; readonly undoes: string | undefined }[] = [];
  readonly asked: string[] = [];
  #last: { readonly id: string; readonly plan: OffsetPlan } | undefined;

  constructor(commits: readonly (bigint | undefined)[] = [18_204n, 5_000n, undefined, 100n]) {
    this.commits = [...commits];
    this.logs = commits.map((_, partition) => [partition === 3 ? 400n : 0n, 30_321n]);
  }

  #facts(): ReturnType<typeof factsOf> {
    return factsOf({
      topics: [aTopic('orders', this.commits.length)],
      commits: { orders: this.commits },
      logs: { orders: this.logs },
      atTime: { orders: this.commits.map((_, partition) => (partition === 1 ? undefined : 12_000n)) },
      other: { orders: [7n, 8n] },
      overrides: { type: this.type },
    });
  }

  group(): GroupNow {
    const members = this.members.map((id, index) =>
      aMember(id, { clientId: id, host: '/10.0.0.7', assignment: { value: [{ topic: 'orders', partition: index }] } }),
    );
    return { type: this.type, state: members.length > 0 ? 'Stable' : 'Empty', members };
  }

  async plan(what: Parameters<ResetTarget['plan']>[0], signal: AbortSignal): Promise<Planned> {
    if ('plan' in what) return what.plan(undefined as never, signal);
    this.asked.push(what.strategy.kind);
    return { plan: planReset(what, this.#facts()), group: { value: this.group() } };
  }

  undo(id: string): PlanTask {
    assert.equal(id, this.#last?.id);
    const past = this.#last!.plan.rows.flatMap(({ topic, partition, before, after }) =>
      'value' in before && after !== undefined
        ? [{ topic, partition, before: before.value, after: after.kind === 'delete' ? undefined : after }]
        : [],
    );
    return {
      cluster: 'local',
      group: 'billing',
      title: 'Undo',
      description: 'Brings the offsets of billing back to what they were before the change of 9:14.',
      kind: 'undo',
      undoes: id,
      plan: async () => ({ plan: planUndo('billing', past, this.#facts()), group: { value: this.group() } }),
    };
  }

  async commitsAt(_: string, at: number): ReturnType<ResetTarget['commitsAt']> {
    this.asked.push(`commits at ${at}`);
    return {
      offsets: new Map([
        [
          'orders',
          new Map([
            [0, 9_000n],
            [1, 4_000n],
            [2, undefined],
          ]),
        ],
      ]),
      why: new Map([
        [
          'orders',
          new Map([
            [2, 'It had no commit then.'],
            [3, 'Where it was then is not known.'],
          ]),
        ],
      ]),
      notes: ['Read from __consumer_offsets-12, whose oldest record is of yesterday.'],
    };
  }

  async groupNow(): ReturnType<ResetTarget['groupNow']> {
    return { value: this.group() };
  }

  async execute(plan: OffsetPlan, { kind, undoes }: ExecuteAs): Promise<Execution> {
    if (this.members.length > 0) throw new GroupInUseError('billing', this.group());
    this.executed.push({ plan, kind, undoes });
    const id = `change-${this.executed.length}`;
    this.#last = { id, plan };
    const results = plan.rows.flatMap(({ topic, partition, after }): RowResult[] => {
      if (after === undefined) return [];
      const found = after.kind === 'commit' ? after.offset : undefined;
      const other = this.outcomes.get(partition);
      if (other === undefined) this.commits[partition] = found;
      return [
        { topic, partition, outcome: 'done', message: undefined, code: undefined, isRead: true, found, ...other },
      ];
    });
    return { id, results, unrecorded: undefined };
  }

  async peek(row: Parameters<ResetTarget['peek']>[0]): ReturnType<ResetTarget['peek']> {
    const record = {
      offset: '18204',
      timestamp: 1_700_000_000_000,
      key: 'order-7',
      value: '{"id": 7}',
      format: 'JSON',
    };
    return {
      before: { kind: 'record', record },
      after:
        row.partition === 0
          ? { kind: 'record', record: { ...record, offset: '0', value: '{"id": 1}' } }
          : { kind: 'none', why: 'Not in the log any more.' },
    };
  }

  /** As a poll of the cluster sees it. */
  snapshot(takenAt: number): ReturnType<typeof aSnapshot> {
    const { type, state, members } = this.group();
    return aSnapshot({
      takenAt,
      topics: [aTopic('orders', this.commits.length), aTopic('payments', 2)],
      offsets: { orders: this.logs.map(([start, end]) => offsetsOf(start, end)) },
      groups: [
        aGroup('billing', {
          type: type ?? 'classic',
          state,
          members,
          partitions: this.commits.map((commit, partition) =>
            aPartition('orders', partition, commit === undefined ? {} : { commit: committed(commit) }),
          ),
        }),
        aGroup('shipping'),
      ],
    });
  }
}

export interface ResetScreen extends OpenPage {
  readonly feed: ResetFeed;
  readonly group: ScriptedGroup;
  readonly watch: ScriptedWatch;
  readonly said: FromResetPage[];
  readonly confirmed: (readonly string[])[];
}

export interface ResetSetting {
  readonly group?: ScriptedGroup;
  readonly profile?: { readonly production?: boolean; readonly readOnly?: boolean };
  /** Called as somebody is asked; what the person answers. */
  readonly confirms?: () => boolean;
  /** What the host waits for before it takes what was typed. */
  readonly beforeForm?: () => Promise<void>;
  readonly task?: PlanTask;
  readonly connected?: boolean;
}

/** The page with the feed that VS Code would give it, over a group that a test scripts. */
export async function openReset(
  harness: PageHarness,
  options: Partial<OpenOptions<FromResetPage>> = {},
  setting: ResetSetting = {},
): Promise<ResetScreen> {
  const said: FromResetPage[] = [];
  const confirmed: (readonly string[])[] = [];
  const group = setting.group ?? new ScriptedGroup();
  const watch = new ScriptedWatch();
  watch.poll(group.snapshot(Date.now()));
  const opened = Promise.withResolvers<OpenPage>();
  let last: Promise<unknown> = opened.promise;
  const feed = new ResetFeed({
    cluster: 'local',
    group: 'billing',
    task: setting.task,
    services: scriptedClusters(setting.connected === false ? {} : { local: watch }),
    open: async () => group,
    profile: () => ({ production: false, readOnly: false, bootstrapServers: ['localhost:9092'], ...setting.profile }),
    confirm: async (sentences) => {
      confirmed.push(sentences);
      return setting.confirms?.() ?? true;
    },
    journal: async () => undefined,
    undoOf: async (id) => group.undo(id),
    onWritten: () => {},
    send: (message) => {
      last = last.then(async () => (await opened.promise).send(message)).catch(() => {});
    },
    onError: (error) => assert.fail(error as Error),
  });
  const form = async (message: FromResetPage & { readonly type: 'form' }): Promise<void> => {
    await setting.beforeForm?.();
    await feed.form(message.form, message.edit);
  };
  const page = await harness.open<FromResetPage>({
    page: 'reset',
    target: { cluster: 'local', group: 'billing' },
    ...options,
    receive: (message) => {
      said.push(message);
      if (message.type === 'ready') feed.start(message.form);
      else if (message.type === 'form') void form(message);
      else if (message.type === 'retry') void feed.retry();
      else if (message.type === 'peek') void feed.peek(message.key);
      else if (message.type === 'execute') void feed.execute(false);
      else if (message.type === 'wait') void feed.execute(true);
      else if (message.type === 'cancel') feed.cancel();
      else if (message.type === 'undo') void feed.undo();
      else if (message.type === 'form again') void feed.formAgain();
      else if (message.type === 'language') feed.language(message.language);
    },
  });
  opened.resolve(page);
  await page.page.locator('.page-header').waitFor();
  return { ...page, feed, group, watch, said, confirmed };
}

/** Waits until what is above the table says so. */
export async function says({ page }: OpenPage, pattern: RegExp): Promise<void> {
  let seen = '';
  await until(`the plan says ${pattern}`, async () => {
    seen = (await page.locator('.plan-pane .action').first().innerText()).replace(/\s+/g, ' ');
    return pattern.test(seen);
  }).catch((error: unknown) => {
    throw new Error(`It said: ${seen}`, { cause: error });
  });
}

/** A partition's cells, by the columns' titles; none of them where it is not shown. All at once: a table may be drawn anew at any time. */
export async function row({ page }: OpenPage, partition: number): Promise<Record<string, string>> {
  const cells = await page.evaluate((nth) => {
    const titles = [...document.querySelectorAll<HTMLElement>('.line.head .title')];
    const line = document.querySelectorAll('.lines > .line')[nth];
    const shown = [...(line?.querySelectorAll<HTMLElement>('.cell') ?? [])];
    return shown.map((cell, index) => [titles[index]?.innerText ?? '', cell.innerText.trim()] as const);
  }, partition);
  return Object.fromEntries(cells);
}
