import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, it } from 'node:test';
import type { RegistryProfile } from '../../src/ui/connections/profile.ts';
import { readProfiles, withProfile } from '../../src/ui/connections/profiles.ts';
import { authOf, withRegistry } from '../../src/ui/connections/registryProfile.ts';
import { ChosenFormats } from '../../src/ui/formats/chosenFormats.ts';
import { Decoders } from '../../src/ui/formats/decoders.ts';
import { forgetSecret, readAuth, storeSecret, type Secrets } from '../../src/ui/formats/registrySecrets.ts';

function memory() {
  const kept = new Map<string, unknown>();
  return {
    get: <T>(key: string) => structuredClone(kept.get(key)) as T | undefined,
    update: async (key: string, value: unknown) => void kept.set(key, structuredClone(value)),
  };
}

function secretStore(): Secrets & { readonly kept: Map<string, string> } {
  const kept = new Map<string, string>();
  return {
    kept,
    get: async (key) => kept.get(key),
    store: async (key, value) => void kept.set(key, value),
    delete: async (key) => void kept.delete(key),
  };
}

const registry: RegistryProfile = { url: 'https://registry/api', auth: 'basic', username: 'me' };

describe("a cluster's Schema Registry in the settings", () => {
  const entry = (schemaRegistry: unknown) => {
    const cluster = { name: 'a', bootstrapServers: ['h:1'], schemaRegistry };
    return readProfiles({ user: [cluster], workspace: undefined })[0]!;
  };

  it('is read', () => {
    const read = entry(registry);
    assert.deepEqual(read.kind === 'profile' && read.profile.schemaRegistry, registry);
    assert.equal(authOf({ url: 'http://r', username: 'me' }), 'basic');
    assert.equal(authOf({ url: 'http://r' }), 'none');
  });

  const wrong: [unknown, RegExp][] = [
    ['http://r', /object/],
    [{}, /like https/],
    [{ url: 'registry:8081' }, /like https/],
    [{ url: 'ftp://registry' }, /like https/],
    [{ url: 'http://me:secret@registry' }, /not to hold a name or password/],
    [{ url: 'http://r?x=1' }, /end with its path/],
    [{ url: 'http://r', auth: 'oauth' }, /none, basic, bearer/],
    [{ url: 'http://r', username: 5 }, /username/],
  ];
  for (const [value, problem] of wrong) {
    it(`is refused as ${JSON.stringify(value)}`, () => {
      const read = entry(value);
      assert.ok(read.kind === 'invalid');
      assert.match(read.problem, problem);
      assert.doesNotMatch(read.problem, /secret/);
    });
  }

  it('is set and removed without touching anything else, and stays when the cluster is edited', () => {
    const list = [{ name: 'a', bootstrapServers: ['h:1'], mine: 1 }, 'junk', { name: 'b' }];
    const set = withRegistry(list, 'a', registry);
    assert.deepEqual(set, [{ ...(list[0] as object), schemaRegistry: registry }, 'junk', { name: 'b' }]);
    assert.deepEqual(withRegistry(set, 'a', undefined), list);
    const edited = withProfile(set, 'a', { name: 'a', bootstrapServers: ['h:2'] });
    assert.deepEqual((edited[0] as { schemaRegistry: unknown }).schemaRegistry, registry);
  });
});

describe('secrets of registries', () => {
  it('go only to the address and user that they were given for', async () => {
    const secrets = secretStore();
    await storeSecret(secrets, 'a', registry, 'pass');
    assert.deepEqual(await readAuth(secrets, 'a', registry), { kind: 'basic', username: 'me', password: 'pass' });
    for (const other of [
      { ...registry, url: 'https://elsewhere' },
      { ...registry, username: 'you' },
    ]) {
      assert.deepEqual(await readAuth(secrets, 'a', other), { kind: 'basic', username: other.username, password: '' });
    }
    assert.deepEqual(await readAuth(secrets, 'b', { url: registry.url, auth: 'bearer' }), {
      kind: 'bearer',
      token: '',
    });
    await storeSecret(secrets, 'a', { url: 'http://r' }, 'nothing to keep');
    assert.equal(secrets.kept.size, 1);
    await forgetSecret(secrets, 'a', registry);
    assert.equal(secrets.kept.size, 0);
  });
});

describe('chosen formats', () => {
  it('are remembered for topic and part, and told to who listens', () => {
    const kept = memory();
    const first = new ChosenFormats(kept);
    const told: string[] = [];
    first.onDidChange(({ topic, part }) => told.push(`${topic} ${part}`));
    first.ofTopic('a', 't').set('value', 'hex');
    first.ofTopic('a', 't').set('value', 'hex');
    first.ofTopic('a', 'u').set('key', 'int64');
    first.ofTopic('a', 'u').set('key', 'auto');
    assert.deepEqual(told, ['t value', 'u key', 'u key']);
    const again = new ChosenFormats(kept);
    assert.equal(again.ofTopic('a', 't').get('value'), 'hex');
    assert.equal(again.ofTopic('a', 't').get('key'), 'auto');
    assert.equal(again.ofTopic('b', 't').get('value'), 'auto');
    assert.equal(kept.get<unknown[]>('chosenFormats')?.length, 1);
  });

  it('survive what another version or a hand left in the memory', () => {
    const kept = memory();
    for (const left of ['x', [1, null, ['k'], ['k', 'yaml'], [2, 'hex']], { a: 1 }]) {
      void kept.update('chosenFormats', left);
      assert.equal(new ChosenFormats(kept).ofTopic('a', 't').get('value'), 'auto');
    }
  });
});

describe('decoders of clusters', () => {
  it('ask the registry of the settings with its secret, and are made anew when either changes', async () => {
    const given: (string | undefined)[] = [];
    const server = createServer((request, response) => {
      given.push(request.headers.authorization);
      response.end(JSON.stringify({ schema: '"string"' }));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    try {
      const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
      let profile: RegistryProfile | undefined = { url, auth: 'bearer' };
      const secrets = secretStore();
      await storeSecret(secrets, 'a', profile, 'token');
      const decoders = new Decoders({ registryOf: () => profile, secrets });
      const changed: string[] = [];
      decoders.onDidChange((cluster) => changed.push(cluster));
      const bytes = Buffer.from('00000000010261', 'hex');
      const context = { topic: 't', part: 'value', format: 'auto', headers: () => [] } as const;
      const decoder = decoders.decoderOf('a');
      const decoded = await decoder.decode(bytes, context);
      assert.ok(decoded.kind === 'value' && decoded.preview(10) === '"a"', JSON.stringify(decoded));
      assert.deepEqual(given, ['Bearer token']);
      decoders.reload();
      assert.deepEqual(changed, []);
      assert.equal(decoders.decoderOf('a'), decoder);
      decoders.forget('a');
      assert.notEqual(decoders.decoderOf('a'), decoder);
      profile = undefined;
      decoders.reload();
      assert.deepEqual(changed, ['a', 'a']);
      const without = await decoders.decoderOf('a').decode(bytes, context);
      assert.ok(without.kind === 'failed' && /none is set for this cluster/.test(without.reason));
      decoders.dispose();
    } finally {
      server.close().closeAllConnections();
    }
  });
});
