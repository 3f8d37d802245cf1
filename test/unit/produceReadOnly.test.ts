import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readProfiles, withProfile } from '../../src/ui/connections/profiles.ts';

const servers = ['localhost:9092'];

describe('A cluster that is read only', () => {
  it('is so by its settings, which say true or false', () => {
    const [entry] = readProfiles({
      user: [{ name: 'a', bootstrapServers: servers, readOnly: true }],
      workspace: undefined,
    });
    assert.ok(entry?.kind === 'profile');
    assert.equal(entry.profile.readOnly, true);
    const [wrong] = readProfiles({
      user: [{ name: 'a', bootstrapServers: servers, readOnly: 'yes' }],
      workspace: undefined,
    });
    assert.ok(wrong?.kind === 'invalid');
    assert.match(wrong.problem, /readOnly is to be true or false/);
  });

  it('is so no more when its entry is edited to be writable', () => {
    const list = [{ name: 'a', bootstrapServers: servers, readOnly: true, note: 'kept' }];
    assert.deepEqual(withProfile(list, 'a', { name: 'a', bootstrapServers: servers }), [
      { name: 'a', bootstrapServers: servers, note: 'kept' },
    ]);
  });
});
