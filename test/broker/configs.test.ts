/** Configurations as Kafka's own tool sees them, before and after changes. */
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { configOnBrokers, describeConfigs, type Config, type ConfigResource } from '../../src/changes/configs.ts';
import { configsCommand } from '../../src/changes/configsCommand.ts';
import { executeConfigs } from '../../src/changes/configsExecute.ts';
import { planConfigs } from '../../src/changes/configsPlan.ts';
import { undoConfigs } from '../../src/changes/configsUndo.ts';
import type { Journal } from '../../src/changes/journal/entry.ts';
import { openJournal } from '../../src/changes/journal/sqliteJournal.ts';
import { Cluster } from '../../src/kafka/cluster.ts';
import { runTool, startKafka, type Kafka } from '../../tools/kafka.ts';
import { createTopic } from '../support/clusterCalls.ts';
import { until } from '../support/until.ts';
import { itWhere } from '../support/itWhere.ts';

const entityTypes = { topic: 'topics', group: 'groups', broker: 'brokers' };

/** name -> value and synonyms, as the tool prints them. */
async function toolsView(kafka: Kafka, { kind, name }: ConfigResource): Promise<Map<string, string>> {
  const entity = kind === 'broker' && name === '' ? ['--entity-default'] : ['--entity-name', name];
  const args = ['--bootstrap-server', kafka.bootstrap, '--describe', '--all', '--entity-type', entityTypes[kind]];
  // Of "all brokers" the tool prints nothing with --all.
  const wanted = name === '' ? args.filter((arg) => arg !== '--all') : args;
  const { stdout, code, stderr } = await runTool('kafka.admin.ConfigCommand', [...wanted, ...entity]);
  assert.equal(code, 0, stderr);
  const lines = stdout.split('\n').flatMap((line) => {
    const found = /^\s+([\w.-]+)=(.*) sensitive=(true|false) synonyms=\{(.*)\}$/.exec(line);
    return found === null ? [] : [[found[1]!, `${found[2]} ${found[3]} {${found[4]}}`] as const];
  });
  return new Map(lines);
}

/** Waits until the tool does: it asks whichever broker it comes to, which may hear of a change later than the one that we ask. */
function toolSees(kafka: Kafka, resource: ConfigResource, name: string, expected: RegExp): Promise<void> {
  return until(
    `the tool sees ${name} of ${resource.kind} ${resource.name} as ${expected}`,
    async () => expected.test((await toolsView(kafka, resource)).get(name) ?? ''),
    90_000,
  );
}

const toolSources: Record<Config['source'], string> = {
  topic: 'DYNAMIC_TOPIC_CONFIG',
  group: 'DYNAMIC_GROUP_CONFIG',
  broker: 'DYNAMIC_BROKER_CONFIG',
  'all-brokers': 'DYNAMIC_DEFAULT_BROKER_CONFIG',
  file: 'STATIC_BROKER_CONFIG',
  default: 'DEFAULT_CONFIG',
  unknown: 'UNKNOWN',
};

function ourView(configs: readonly Config[]): Map<string, string> {
  const lines = configs.map(({ name, value, isSensitive, synonyms }) => {
    const others = synonyms.map((one) => `${toolSources[one.source]}:${one.name}=${one.value ?? 'null'}`).join(', ');
    return [name, `${value ?? 'null'} ${isSensitive} {${others}}`] as const;
  });
  return new Map(lines);
}

for (const version of [undefined, '3.9.2', '2.8.2']) {
  const isOld = version !== undefined;
  // The KRaft preview checks no values, has no dynamic ones of brokers, and refuses every deletion, Kafka's own tool's too ("A DELETE
  // op was given with a non-null value").
  const isPreview = version === '2.8.2';
  describe(`configurations of Kafka ${version ?? 'of today'}`, { timeout: 240_000 }, () => {
    let folder: string;
    let journal: Journal;
    let kafka: Kafka;
    let cluster: Cluster;
    const options = (): { cluster: string; journal: Journal } => ({ cluster: 'test', journal });

    before(async () => {
      folder = await mkdtemp(join(tmpdir(), 'configs-'));
      journal = await openJournal({ file: join(folder, 'journal.sqlite') });
      kafka = await startKafka({
        ...(version === undefined ? { brokers: 2 } : { version }),
        properties: ({ id }) => ({ 'log.retention.hours': String(100 + id) }),
      });
      cluster = await Cluster.connect({ bootstrapServers: [kafka.bootstrap] });
      await createTopic(cluster, 'orders', 1, 1);
    });

    after(async () => {
      cluster?.close();
      journal?.close();
      await kafka?.stop();
      await rm(folder, { recursive: true });
    });

    it('are those that kafka-configs describes, with their synonyms', async () => {
      const resources: ConfigResource[] = [
        { kind: 'topic', name: 'orders' },
        { kind: 'broker', name: '1' },
        ...(isOld ? [] : [{ kind: 'group', name: 'readers' } as const]),
      ];
      for (const resource of resources) {
        // A topic's are those of the broker that answers, each with a file of its own.
        const of = new Set<string>();
        for (const { id } of resource.kind === 'broker' ? [{ id: 1 }] : cluster.brokers()) {
          of.add(JSON.stringify([...ourView(await describeConfigs(cluster, resource, { broker: id }))].sort()));
        }
        const tool = await toolsView(kafka, resource);
        assert.ok(tool.size > (resource.kind === 'group' ? 2 : 20), `${resource.kind}: ${tool.size}`);
        assert.ok(
          of.has(JSON.stringify([...tool].sort())),
          [...of].join('\n') + '\n' + JSON.stringify([...tool].sort()),
        );
      }
    });

    it('come with type and documentation without tags', async () => {
      const configs = await describeConfigs(cluster, { kind: 'topic', name: 'orders' });
      const retention = configs.find(({ name }) => name === 'retention.ms')!;
      assert.equal(retention.type, 'long');
      assert.equal(retention.isReadOnly, false);
      assert.match(retention.documentation!, /maximum time we will retain a log/);
      for (const { documentation } of configs) assert.doesNotMatch(documentation ?? '', /<\/?(code|p|ul|li|a|b)\b/);
    });

    it('of a topic are changed and brought back, as the tool sees them', async () => {
      const resource = { kind: 'topic', name: 'orders' } as const;
      // What a topic inherits is of the broker that the tool happens to ask.
      const inherited = /^(363600000|367200000) false \{\}$/;
      const plan = await planConfigs(cluster, resource, [
        { name: 'retention.ms', value: '3600000' },
        { name: 'cleanup.policy', value: 'compact,delete' },
      ]);
      assert.equal(plan.refusal, undefined);
      assert.deepEqual(
        plan.rows.map(({ name, isOwn, after: to, problem }) => [name, isOwn, to, problem]),
        [
          ['retention.ms', false, '3600000', undefined],
          ['cleanup.policy', false, 'compact,delete', undefined],
        ],
      );
      assert.match(plan.rows[0]!.meaning!, /older than 1 h/);
      assert.match(plan.rows[0]!.warning!, /deleted within minutes/);
      const untouched = await toolsView(kafka, resource);
      assert.match(untouched.get('retention.ms')!, inherited, 'a plan changes nothing');

      const { results, id } = await executeConfigs(cluster, plan, options());
      assert.deepEqual(
        results.map(({ outcome, found }) => [outcome, found]),
        [
          ['done', '3600000'],
          ['done', 'compact,delete'],
        ],
      );
      await toolSees(kafka, resource, 'retention.ms', /^3600000 false \{DYNAMIC_TOPIC_CONFIG:retention.ms=3600000/);
      await toolSees(kafka, resource, 'cleanup.policy', /^compact,delete /);

      const entry = journal.get(id!)!;
      assert.deepEqual([entry.kind, entry.subject, entry.state], ['alter-configs', 'orders', 'done']);
      const back = await undoConfigs(cluster, entry);
      assert.deepEqual([back.lost, back.movedSince], [[], []]);
      const to = back.plan.rows[0]!.inherits!;
      assert.match(`${to} false {}`, inherited);
      if (isPreview) {
        assert.match(back.plan.rows[0]!.problem!, /DELETE op/);
        return;
      }
      const undone = await executeConfigs(cluster, back.plan, { ...options(), undoes: id! });
      assert.ok(undone.results.every(({ outcome }) => outcome === 'done'));
      await toolSees(kafka, resource, 'retention.ms', inherited);
      assert.equal(journal.get(undone.id!)!.undoes, id);
    });

    itWhere(!isPreview)('say which value is wrong, and change nothing', async () => {
      const resource = { kind: 'topic', name: 'orders' } as const;
      const plan = await planConfigs(cluster, resource, [
        { name: 'retention.ms', value: 'soon' },
        { name: 'max.message.bytes', value: '2000000' },
        { name: 'no.such.thing', value: '1' },
      ]);
      const problems = new Map(plan.rows.map(({ name, problem }) => [name, problem]));
      assert.match(problems.get('retention.ms')!, /retention\.ms/);
      assert.equal(problems.get('max.message.bytes'), undefined);
      assert.match(problems.get('no.such.thing')!, /no\.such\.thing/);
      await assert.rejects(executeConfigs(cluster, { ...plan, rows: [plan.rows[0]!] }, options()), /changes nothing/);
    });

    itWhere(!isPreview)('of lists get items and lose them, as planned, and come back', async () => {
      const resource = { kind: 'topic', name: 'orders' } as const;
      const brokers = { kind: 'broker', name: '' } as const;
      const change = async (value: string, operation: 'append' | 'subtract'): Promise<string> => {
        const plan = await planConfigs(cluster, resource, [{ name: 'cleanup.policy', value, operation }]);
        const [row] = plan.rows;
        assert.equal(row!.problem, undefined);
        const { results, id } = await executeConfigs(cluster, plan, options());
        assert.deepEqual(
          results.map(({ outcome, found }) => [outcome, found]),
          [['done', row!.after]],
          'Kafka has made of it what was planned',
        );
        return id!;
      };
      const sees = (expected: RegExp): Promise<void> => toolSees(kafka, resource, 'cleanup.policy', expected);
      const added = await change('compact', 'append');
      await sees(/^delete,compact false \{DYNAMIC_TOPIC_CONFIG/);
      await change('delete', 'subtract');
      await sees(/^compact false/);
      const back = await undoConfigs(cluster, journal.get(added)!);
      assert.deepEqual(back.movedSince, ['cleanup.policy']);
      await executeConfigs(cluster, back.plan, { ...options(), undoes: added });
      await sees(/^delete false \{DEFAULT_CONFIG/);

      // What is set for all brokers is not what Kafka adds to.
      const below = await planConfigs(cluster, brokers, [{ name: 'log.cleanup.policy', value: 'compact' }]);
      const { id } = await executeConfigs(cluster, below, options());
      try {
        await sees(/^compact false/);
        const plan = await planConfigs(cluster, resource, [
          { name: 'cleanup.policy', value: 'compact', operation: 'append' },
        ]);
        assert.deepEqual([plan.rows[0]!.before, plan.rows[0]!.after], ['compact', 'delete,compact']);
        assert.match(plan.rows[0]!.warning!, /its own default \(delete\), not with what counts now \(compact\)/);
        const own = await change('compact', 'append');
        await executeConfigs(cluster, (await undoConfigs(cluster, journal.get(own)!)).plan, options());
      } finally {
        await executeConfigs(cluster, (await undoConfigs(cluster, journal.get(id!)!)).plan, options());
      }
      const wrong = await planConfigs(cluster, resource, [{ name: 'retention.ms', value: '1', operation: 'append' }]);
      assert.match(wrong.refusal ?? wrong.rows[0]!.problem!, /APPEND|LIST|list/);
    });

    it('of the broker that are read from its file say so', async () => {
      const plan = await planConfigs(cluster, { kind: 'broker', name: '1' }, [{ name: 'log.dirs', value: '/tmp' }]);
      assert.match(plan.rows[0]!.problem!, /properties file/);
      await assert.rejects(executeConfigs(cluster, plan, options()), /changes nothing/);
    });

    itWhere(!isPreview)('of a broker and of all brokers are changed', async () => {
      for (const name of ['1', '']) {
        const resource = { kind: 'broker', name } as const;
        const plan = await planConfigs(cluster, resource, [{ name: 'log.retention.ms', value: '7200000' }]);
        assert.deepEqual(
          plan.rows.map(({ problem }) => problem),
          [undefined],
        );
        const { results, id } = await executeConfigs(cluster, plan, options());
        assert.deepEqual(
          results.map(({ outcome }) => outcome),
          ['done'],
        );
        await toolSees(kafka, resource, 'log.retention.ms', /^7200000 /);
        const back = await undoConfigs(cluster, journal.get(id!)!);
        const undone = await executeConfigs(cluster, back.plan, options());
        assert.ok(undone.results.every(({ outcome }) => outcome === 'done'));
      }
    });

    it('moved since the plan are not changed', async () => {
      const resource = { kind: 'topic', name: 'orders' } as const;
      const plan = await planConfigs(cluster, resource, [{ name: 'segment.ms', value: '3600000' }]);
      const other = await planConfigs(cluster, resource, [{ name: 'segment.ms', value: '7200000' }]);
      const { id } = await executeConfigs(cluster, other, options());
      await assert.rejects(executeConfigs(cluster, plan, options()), /segment.ms was changed since the plan was made/);
      const late = await planConfigs(cluster, resource, [{ name: 'segment.ms', value: '1800000' }]);
      await executeConfigs(cluster, late, options());
      const back = await undoConfigs(cluster, journal.get(id!)!);
      assert.deepEqual(back.movedSince, ['segment.ms']);
    });

    if (!isOld) {
      it('of all brokers list what could be set, with what holds now', async () => {
        const configs = await describeConfigs(cluster, { kind: 'broker', name: '' });
        const of = (name: string): unknown[] => {
          const { value, source } = configs.find((config) => config.name === name)!;
          return [value, source];
        };
        assert.deepEqual(of('log.segment.bytes'), [String(1 << 30), 'default']);
        assert.equal(
          configs.find(({ name }) => name === 'log.dirs'),
          undefined,
          'what cannot be changed is of each broker',
        );
      });

      it('of a group are changed, of a topic differ from broker to broker', async () => {
        const resource = { kind: 'group', name: 'readers' } as const;
        const plan = await planConfigs(cluster, resource, [
          { name: 'consumer.session.timeout.ms', value: '50000' },
          { name: 'consumer.heartbeat.interval.ms', value: '1' },
        ]);
        assert.equal(plan.rows[0]!.problem, undefined);
        assert.match(plan.rows[1]!.problem!, /heartbeat/);
        const { results } = await executeConfigs(cluster, plan, options());
        assert.deepEqual(
          results.map(({ name, outcome }) => [name, outcome]),
          [['consumer.session.timeout.ms', 'done']],
        );
        await toolSees(kafka, resource, 'consumer.session.timeout.ms', /^50000 /);

        const found = await configOnBrokers(cluster, { kind: 'topic', name: 'orders' }, 'retention.ms');
        const values = [...found].map(([id, fact]) => [id, 'value' in fact ? fact.value?.value : fact.failure]);
        assert.deepEqual(values.sort(), [
          [1, String(101 * 3_600_000)],
          [2, String(102 * 3_600_000)],
        ]);
      });

      it('by the command that is copied are the same', async () => {
        const resource = { kind: 'topic', name: 'orders' } as const;
        const command = configsCommand(kafka.bootstrap, resource, [
          { name: 'cleanup.policy', value: 'compact,delete' },
          { name: 'retention.ms', value: '5000000' },
          { name: 'segment.ms', value: undefined },
        ]);
        const [, ...args] = command.split(' ');
        const plain = args.map((arg) => arg.replace(/^'(.*)'$/, '$1'));
        const { code, stderr } = await runTool('kafka.admin.ConfigCommand', plain);
        assert.equal(code, 0, stderr);
        await until('it is set', async () => {
          const configs = await describeConfigs(cluster, resource);
          const own = configs.filter(({ source }) => source === 'topic').map(({ name, value }) => `${name}=${value}`);
          return own.join(' ') === 'cleanup.policy=compact,delete retention.ms=5000000';
        });
      });
    }
  });
}

it('configurations that are denied say so', { timeout: 240_000 }, async () => {
  const kafka = await startKafka({
    properties: {
      'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
      'allow.everyone.if.no.acl.found': 'true',
    },
  });
  const cluster = await Cluster.connect({ bootstrapServers: [kafka.bootstrap] });
  try {
    await createTopic(cluster, 'secret', 1, 1);
    await createTopic(cluster, 'fixed', 1, 1);
    const user = 'User:ANONYMOUS';
    for (const acl of [
      ['--allow-principal', user, '--operation', 'DescribeConfigs', '--operation', 'Describe', '--topic', 'fixed'],
      // Where this one counts, the one before it does.
      ['--deny-principal', user, '--operation', 'All', '--topic', 'secret'],
    ]) {
      const args = ['--bootstrap-server', kafka.bootstrap, '--add', '--force', ...acl];
      const { code, stderr } = await runTool('org.apache.kafka.tools.AclCommand', args);
      assert.equal(code, 0, stderr);
    }
    await until('it is denied', () =>
      describeConfigs(cluster, { kind: 'topic', name: 'secret' }).then(
        () => false,
        (error: Error) => error.message.includes('TOPIC_AUTHORIZATION_FAILED'),
      ),
    );
    const fixed = { kind: 'topic', name: 'fixed' } as const;
    const plan = await planConfigs(cluster, fixed, [{ name: 'retention.ms', value: '1000' }]);
    assert.match(plan.refusal!, /not allowed to change configurations of this: Topic fixed/);
    assert.equal(plan.rows[0]!.problem, undefined);
  } finally {
    cluster.close();
    await kafka.stop();
  }
});
