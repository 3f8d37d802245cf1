import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { memberColors } from '../../src/shared/colors.ts';
import { visibleText } from '../../src/shared/visibleText.ts';
import type { Selection } from '../../src/ui/selection.ts';
import { DockedFeed } from '../../src/ui/panels/dockedFeed.ts';
import { dockedModel, dockedPoints } from '../../src/ui/panels/dockedModel.ts';
import { contentSecurityPolicy, pageHtml } from '../../src/ui/panels/html.ts';
import type { LagRow, ToDockedPage } from '../../src/ui/panels/protocol.ts';
import { lagModel, lagRows, memberInfos } from '../../src/ui/panels/viewModel.ts';
import { SelectionModel } from '../../src/ui/selection.ts';
import { aGroup, aMember } from '../support/snapshots.ts';
import { billing, ScriptedWatch, scriptedClusters } from './panelsFixtures.ts';
import { until } from '../support/until.ts';

const start = 1_700_000_000_000;

function watched(polls = 3): ScriptedWatch {
  const watch = new ScriptedWatch();
  for (let poll = 0; poll < polls; poll++) watch.pollUnseen(billing(poll * 5, start + poll * 5_000));
  return watch;
}

function rowsOf(watch: ScriptedWatch): Map<string, LagRow> {
  const group = watch.snapshot!.groups.get('billing')!;
  return new Map(lagRows(group, watch.snapshot!, watch.history).map((row) => [`${row.topic}-${row.partition}`, row]));
}

describe('the rows of a group', () => {
  it('have each state with its figures, and none where none is known', () => {
    const rows = rowsOf(watched(1));
    const brief = (name: string): unknown[] => {
      const row = rows.get(name)!;
      return [row.state, row.lag, row.lost, row.committed, row.end];
    };
    assert.deepEqual(brief('orders-0'), ['ok', '12117', undefined, '18204', '30321']);
    assert.deepEqual(brief('payments-0'), ['below-start', '800', '300', '100', '900']);
    assert.deepEqual(brief('payments-1'), ['beyond-end', '-12', undefined, '62', '50']);
    assert.deepEqual(brief('payments-2'), ['no-commit', undefined, undefined, undefined, '700']);
    assert.deepEqual(brief('payments-4').slice(0, 2), ['no-leader', undefined]);
    assert.deepEqual(brief('payments-5').slice(0, 2), ['denied', undefined]);
    assert.deepEqual(brief('returns-0').slice(0, 2), ['topic-deleted', undefined]);
    assert.equal(rows.get('payments-3')?.stableLag, '0');
    assert.equal(rows.get('payments-5')?.why, 'Reading commits of billing on payments is denied.');
  });

  it('are exact above 2^53', () => {
    const row = rowsOf(watched(1)).get('orders-2');
    assert.equal(row?.committed, '9007199254740993');
    assert.equal(row.lag, '1007');
  });

  it('have rates, time to catch up and last commit once polls can be compared', () => {
    const first = rowsOf(watched(1)).get('orders-0');
    assert.deepEqual([first?.consume, first?.catchUp, first?.committedAt], [undefined, undefined, undefined]);
    const rows = rowsOf(watched(3));
    assert.deepEqual([rows.get('orders-0')?.produce, rows.get('orders-0')?.catchUp], [20, 'never']);
    assert.equal(rows.get('orders-1')?.committedAt, start + 10_000);
    // Beyond the end nothing is caught up.
    assert.equal(rows.get('payments-1')?.catchUp, undefined);
  });
});

describe('the model of a lag page', () => {
  const target = { cluster: 'local', group: 'billing' };

  it('sums the lags that are known and above 0', () => {
    const watch = watched(1);
    const model = lagModel(target, watch, [...rowsOf(watch).values()], start);
    assert.equal(model.total, String(12_117 + 88 + 1_007 + 800 + 500));
    assert.equal(model.frame.state, 'Stable');
    assert.equal(model.frame.health, 'behind');
    assert.ok(model.frame.verdict.length > 0);
  });

  it('tells apart not connected, loading, failed, no such group and no partitions', () => {
    const problem = (watch: ScriptedWatch | undefined, group = 'billing'): string | undefined =>
      lagModel({ cluster: 'local', group }, watch, [], start).frame.problem?.title;
    assert.equal(problem(undefined), 'local is not connected');
    const watch = new ScriptedWatch();
    assert.equal(problem(watch), 'Asking the cluster');
    watch.fail('Closed.', start);
    assert.equal(problem(watch), 'No figures from the cluster');
    watch.pollUnseen(billing(0, start));
    assert.equal(problem(watch, 'nightly'), 'There is no group nightly');
    assert.equal(problem(watch), 'No partitions');
  });

  it('names static members by their instance and colours all by their place', () => {
    const infos = memberInfos(billing(0, start).groups.get('billing')!);
    assert.deepEqual(
      infos.map(({ name, host, color }) => [name, host, color]),
      [
        ['billing-static-1', '127.0.0.1', 'blue'],
        ['billing-2', '127.0.0.1', 'green'],
        ['billing-3', '127.0.0.1', 'purple'],
      ],
    );
  });
});

describe('names of members', () => {
  it('are told apart by the end of the id where several have one client id, and are the id where there is none', () => {
    const group = aGroup('g', {
      members: [
        aMember('kafkajs-111111', { clientId: 'kafkajs' }),
        aMember('kafkajs-222222', { clientId: 'kafkajs' }),
        aMember('nameless', { clientId: '' }),
      ],
    });
    assert.deepEqual(
      memberInfos(group).map(({ name }) => name),
      ['kafkajs …111111', 'kafkajs …222222', 'nameless'],
    );
  });
});

describe('the docked view', () => {
  const model = (selection: Selection | undefined, watch: ScriptedWatch | undefined = watched()) =>
    dockedModel(selection, watch, start);

  it('says what to do where nothing is selected', () => {
    assert.equal(model(undefined).frame.problem?.title, 'Nothing is selected');
  });

  it('has the group with its worst partitions first and those without figures among them', () => {
    const { worst, more, lag } = model({ kind: 'group', cluster: 'local', group: 'billing' });
    assert.deepEqual(
      worst.map(({ label, lag: one }) => [label, one]),
      [
        ['orders-0', '12317'],
        ['orders-2', '1007'],
        ['payments-0', '800'],
        ['payments-3', '500'],
        ['orders-1', '88'],
        ['payments-1', '-12'],
        ['payments-4', undefined],
        ['payments-5', undefined],
      ],
    );
    assert.equal(more, 1);
    assert.equal(lag, String(12_317 + 1_007 + 800 + 500 + 88));
  });

  it('has a member with its own partitions, and a partition with its facts', () => {
    const member = model({ kind: 'member', cluster: 'local', group: 'billing', member: 'billing-2-b' });
    assert.deepEqual(member.frame.crumbs, ['local', 'billing', 'billing-2']);
    assert.equal(member.lag, '88');
    const partition = model({ kind: 'partition', cluster: 'local', group: 'billing', topic: 'orders', partition: 0 });
    assert.deepEqual(partition.frame.crumbs, ['local', 'billing', 'orders-0']);
    assert.equal(partition.facts.find(({ label }) => label === 'Committed')?.value, '18,204');
    assert.deepEqual(partition.frame.verdict, []);
  });

  it('has a topic over all groups, and a cluster with its groups', () => {
    const topic = model({ kind: 'topic', cluster: 'local', topic: 'orders' });
    assert.deepEqual(
      topic.worst.map(({ label, detail }) => [label, detail]),
      [
        ['billing', 'orders-0'],
        ['billing', 'orders-2'],
        ['billing', 'orders-1'],
      ],
    );
    assert.deepEqual(
      model({ kind: 'cluster', cluster: 'local' }).worst.map(({ label }) => label),
      ['billing'],
    );
  });

  it('adds up the lines of what is selected', () => {
    const watch = watched(2);
    const points = dockedPoints({ kind: 'topic', cluster: 'local', topic: 'orders' }, watch);
    assert.deepEqual(points, [
      { at: start, lag: String(12_117 + 88 + 1_007) },
      { at: start + 5_000, lag: String(12_217 + 88 + 1_007) },
    ]);
  });

  it('reads how old the next record of a selected partition is, that one alone, and tells it', async () => {
    const selection = new SelectionModel();
    const sent: ToDockedPage[] = [];
    const asked: string[][] = [];
    const feed = new DockedFeed({
      services: {
        ...scriptedClusters({ local: watched() }),
        selection,
        timeLagsOf: () => ({
          next: ({ partition }) =>
            partition === 0 && asked.length > 0
              ? { kind: 'written', offset: 18_204n, at: start - 250_000, clock: 'CreateTime' }
              : undefined,
          update: (waiting) => {
            asked.push(waiting.map(({ group, topic, partition }) => `${group} ${topic}-${partition}`));
            return Promise.resolve(true);
          },
        }),
      },
      send: (message) => sent.push(message),
      now: () => start,
    });
    selection.set({ kind: 'group', cluster: 'local', group: 'billing' });
    feed.start();
    assert.deepEqual(asked, []);
    selection.set({ kind: 'partition', cluster: 'local', group: 'billing', topic: 'orders', partition: 0 });
    const timeLag = (): string | undefined => sent.at(-1)!.model.facts.find(({ label }) => label === 'Time lag')?.value;
    assert.equal(timeLag(), '-');
    await until('it is known', () => timeLag() === '4 min 10 s');
    assert.deepEqual(asked, [['billing orders-0']]);
    feed.dispose();
  });

  it('follows the selection, and looks at the cluster only while it is visible', () => {
    const watch = watched();
    const selection = new SelectionModel();
    const sent: ToDockedPage[] = [];
    const feed = new DockedFeed({
      services: { ...scriptedClusters({ local: watch }), selection },
      send: (message) => sent.push(message),
    });
    selection.set({ kind: 'group', cluster: 'local', group: 'billing' });
    assert.equal(sent.length, 0);
    feed.start();
    selection.set({ kind: 'topic', cluster: 'local', topic: 'orders' });
    watch.poll(billing(15, start + 15_000));
    assert.deepEqual(
      sent.map(({ type, model: one, points }) => [type, one.frame.crumbs.join(' '), points.length]),
      [
        ['full', 'local billing', 3],
        ['full', 'local orders', 3],
        ['update', 'local orders', 1],
      ],
    );
    assert.equal(watch.looking, 1);
    feed.stop();
    assert.equal(watch.looking, 0);
  });
});

describe('what pages are made of', () => {
  const parts = {
    page: 'lag',
    title: '"><script>x</script>',
    language: 'en',
    cspSource: "'self' https://example.test",
    nonce: 'abc',
    uri: (file: string) => `https://example.test/${file}`,
    texts: { a: `'"<>&` },
    target: { group: '</script><img onerror=x>' },
  };

  it('allows nothing inline', () => {
    const policy = contentSecurityPolicy(parts);
    assert.doesNotMatch(policy, /unsafe/);
    assert.match(policy, /^default-src 'none'; script-src 'nonce-abc'; style-src 'self' https:\/\/example.test;/);
  });

  it('has names from outside in attributes only, escaped', () => {
    const html = pageHtml(parts);
    assert.equal(html.match(/<script/g)?.length, 1);
    assert.doesNotMatch(html, /<img/);
    assert.match(html, /&#60;img onerror=x&#62;/);
  });

  it('gives members colours by their sorted place, again from the first when they run out', () => {
    const colors = memberColors(['g', 'a', 'c', 'b', 'd', 'e', 'f']);
    assert.deepEqual(
      ['a', 'b', 'e'].map((id) => colors.get(id)),
      ['blue', 'green', 'blue'],
    );
  });

  it('shows the marks that reorder or hide text', () => {
    assert.equal(visibleText('abc\u202edef\u0000\u200b'), 'abc\\u202edef\\u0000\\u200b');
    assert.equal(visibleText('größe-日本-🎉'), 'größe-日本-🎉');
  });
});
