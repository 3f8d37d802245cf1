import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ClusterWatch } from '../../src/watch/clusterWatch.ts';
import { TimeLags } from '../../src/watch/timeLag.ts';
import type { ClusterProfile } from '../../src/ui/connections/profile.ts';
import { Connections, type Memory } from '../../src/ui/connections/connections.ts';
import {
  problemOfName,
  problemOfServers,
  readProfiles,
  withoutProfile,
  withProfile,
  type RawProfiles,
} from '../../src/ui/connections/profiles.ts';
import { aSnapshot } from '../support/snapshots.ts';

const local = { name: 'local', bootstrapServers: ['localhost:9092'] };
const team = { name: 'team', bootstrapServers: ['kafka-1:9092', 'kafka-2:9092'], production: true };

describe('profiles in the settings', () => {
  it('are read from both scopes, the workspace first', () => {
    assert.deepEqual(readProfiles({ user: [local], workspace: [team] }), [
      { kind: 'profile', name: 'team', scope: 'workspace', profile: team },
      { kind: 'profile', name: 'local', scope: 'user', profile: local },
    ]);
    assert.deepEqual(readProfiles({ user: undefined, workspace: undefined }), []);
  });

  it('may give the servers as one text', () => {
    const [entry] = readProfiles({ user: [{ name: 'a', bootstrapServers: 'h1:1, h2:2' }], workspace: undefined });
    assert.deepEqual(entry?.kind === 'profile' && entry.profile.bootstrapServers, ['h1:1', 'h2:2']);
  });

  const problems: [what: string, value: unknown, name: string, problem: RegExp][] = [
    ['no object', 'localhost:9092', 'Cluster 1 of the settings', /object.*"localhost:9092"/],
    ['no name', { bootstrapServers: ['h:1'] }, 'Cluster 1 of the settings', /no name/],
    ['no servers', { name: 'a' }, 'a', /bootstrapServers/],
    ['an empty list of servers', { name: 'a', bootstrapServers: [] }, 'a', /bootstrapServers/],
    ['servers that are no text', { name: 'a', bootstrapServers: [9092] }, 'a', /bootstrapServers/],
    ['a server without a port', { name: 'a', bootstrapServers: ['kafka'] }, 'a', /kafka.*port/],
    [
      'a production mark that is none',
      { name: 'a', bootstrapServers: ['h:1'], production: 'yes' },
      'a',
      /true or false/,
    ],
    ['a colour that is none', { name: 'a', bootstrapServers: ['h:1'], color: 'pink' }, 'a', /red, orange.*"pink"/],
    ['null', null, 'Cluster 1 of the settings', /object/],
  ];
  for (const [what, value, name, problem] of problems) {
    it(`with ${what} are shown with what is wrong, beside the good ones`, () => {
      const entries = readProfiles({ user: [value, local], workspace: undefined });
      assert.equal(entries.length, 2);
      assert.equal(entries[0]?.kind, 'invalid');
      assert.equal(entries[0].name, name);
      assert.match(entries[0].kind === 'invalid' ? entries[0].problem : '', problem);
      assert.equal(entries[1]?.name, 'local');
    });
  }

  it('with a name that is taken are invalid, the nearer one counts', () => {
    const entries = readProfiles({ user: [{ ...local, bootstrapServers: ['x:1'] }], workspace: [local] });
    assert.deepEqual(
      entries.map(({ kind, scope }) => [kind, scope]),
      [
        ['profile', 'workspace'],
        ['invalid', 'user'],
      ],
    );
  });

  it('that are no list are one invalid entry', () => {
    const entries = readProfiles({ user: { local }, workspace: undefined });
    assert.deepEqual(
      entries.map(({ kind }) => kind),
      ['invalid'],
    );
  });

  it('are changed in place; what else people wrote is kept', () => {
    const list = ['junk', { ...local, note: 'mine', color: 'red' }, team];
    assert.deepEqual(withProfile(list, 'local', { name: 'here', bootstrapServers: ['h:1'] }), [
      'junk',
      { name: 'here', bootstrapServers: ['h:1'], note: 'mine' },
      team,
    ]);
    assert.deepEqual(withProfile(list, undefined, { name: 'new', bootstrapServers: ['h:1'] }).length, 4);
    assert.deepEqual(withoutProfile(list, 'local'), ['junk', team]);
    assert.deepEqual(withProfile(undefined, undefined, local), [local]);
    assert.throws(() => withProfile({ local }, undefined, team), TypeError);
  });

  it('are checked while they are typed', () => {
    assert.equal(problemOfName('new', ['local']), undefined);
    assert.match(problemOfName(' local ', ['local'])!, /exists already/);
    assert.match(problemOfName('  ', [])!, /needs a name/);
    assert.equal(problemOfServers('a:1, [::1]:9092'), undefined);
    assert.match(problemOfServers('')!, /host:port/);
    assert.match(problemOfServers('a:99999')!, /99999/);
  });
});

/** Settings, memory and clusters that remember what was done to them. */
class Bench {
  settings: { user: unknown; workspace: unknown };
  readonly memory = new Map<string, unknown>();
  readonly events: string[] = [];

  constructor(settings: Partial<RawProfiles>) {
    this.settings = { user: undefined, workspace: undefined, ...settings };
  }

  start(): Connections {
    const memory: Memory = {
      get: <T>(key: string) => this.memory.get(key) as T | undefined,
      update: async (key, value) => void this.memory.set(key, structuredClone(value)),
    };
    return new Connections({
      memory,
      readSettings: () => this.settings,
      open: (profile: ClusterProfile) => {
        this.events.push(`open ${profile.name} at ${profile.bootstrapServers.join()}`);
        const watch = new ClusterWatch({ collect: async () => aSnapshot({}), intervalMs: () => 0 });
        const dispose = (): void => {
          watch.dispose();
          this.events.push(`close ${profile.name}`);
        };
        const kafka = () => Promise.reject(new Error('not connected'));
        return {
          watch,
          timeLags: new TimeLags({ kafka }),
          dispose,
          kafka,
          topicOffsets: async () => new Map(),
        };
      },
    });
  }

  /** What happened since the last call. */
  take(): string[] {
    return this.events.splice(0);
  }
}

describe('Connections', () => {
  it('connect a sole cluster that is seen for the first time, and leave it alone once disconnected', () => {
    const bench = new Bench({ user: [local] });
    const connections = bench.start();
    assert.deepEqual(bench.take(), ['open local at localhost:9092']);
    connections.disconnect('local');
    connections.reload();
    assert.deepEqual(bench.take(), ['close local']);
    connections.dispose();
    bench.start();
    assert.deepEqual(bench.take(), []);
  });

  it('connect none of several until asked, and those again after a restart', () => {
    const bench = new Bench({ user: [local], workspace: [team] });
    const connections = bench.start();
    assert.deepEqual(bench.take(), []);
    connections.connect('team');
    connections.connect('team');
    connections.connect('unknown');
    assert.deepEqual(bench.take(), ['open team at kafka-1:9092,kafka-2:9092']);
    connections.dispose();
    assert.deepEqual(bench.take(), ['close team']);
    const again = bench.start();
    assert.deepEqual(bench.take(), ['open team at kafka-1:9092,kafka-2:9092']);
    assert.ok(again.watchOf('team'));
    assert.equal(again.watchOf('local'), undefined);
  });

  it('open anew only the cluster whose settings changed', () => {
    const bench = new Bench({ user: [local, team] });
    const connections = bench.start();
    connections.connect('local');
    connections.connect('team');
    const kept = connections.watchOf('team');
    bench.take();
    bench.settings = { user: [{ ...local, bootstrapServers: ['localhost:9093'] }, team], workspace: undefined };
    connections.reload();
    assert.deepEqual(bench.take(), ['close local', 'open local at localhost:9093']);
    assert.equal(connections.watchOf('team'), kept);
    bench.settings = { user: [team, { name: 'local' }], workspace: undefined };
    connections.reload();
    assert.deepEqual(bench.take(), ['close local']);
    assert.equal(connections.entries.length, 2);
    assert.equal(connections.entry('local'), undefined);
  });

  it('tell of changes of the list apart from those of a cluster', async () => {
    const bench = new Bench({ user: [local] });
    const connections = bench.start();
    const heard: string[] = [];
    connections.onDidChange(() => heard.push('any'));
    connections.onDidChangeClusters(() => heard.push('clusters'));
    await connections.watchOf('local')!.refresh();
    assert.ok(heard.length > 0 && heard.every((one) => one === 'any'));
    heard.length = 0;
    connections.disconnect('local');
    assert.deepEqual(heard.sort(), ['any', 'clusters']);
  });
});
