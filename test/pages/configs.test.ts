import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { KafkaError } from '../../src/kafka/errors.ts';
import { until } from '../support/until.ts';
import { aConfig, openConfigs, ScriptedConfigs, type ConfigsScreen } from './configsScreen.ts';
import { PageHarness } from './harness.ts';
import { themes, type ThemeName } from './themes.ts';

let harness: PageHarness;
before(async () => {
  harness = await PageHarness.start();
});
after(() => harness.stop());

const hostile = '<img src=x onerror=alert(1)>\u202egnp';

function orders(): ScriptedConfigs {
  const topic = (name: string, value: string, below: string): ReturnType<typeof aConfig> =>
    aConfig(name, value, {
      source: 'topic',
      synonyms: [
        { name, value, source: 'topic' },
        { name: `log.${name}`, value: below, source: 'default' },
      ],
    });
  return new ScriptedConfigs([
    topic('retention.ms', '604800000', '86400000'),
    aConfig('cleanup.policy', 'delete', { type: 'list' }),
    aConfig('retention.bytes', '-1'),
    aConfig('max.message.bytes', '1048588', { type: 'int', source: 'file' }),
    aConfig('min.insync.replicas', '1', { type: 'int' }),
    aConfig('message.timestamp.type', 'CreateTime'),
    aConfig('segment.ms', '604800000'),
    aConfig('unclean.leader.election.enable', 'false', { type: 'boolean' }),
    aConfig('flush.messages', '9223372036854775807', { type: 'long' }),
    aConfig('follower.replication.throttled.replicas', hostile, { type: 'list' }),
    aConfig('ssl.key.password', undefined, { type: 'password', isSensitive: true }),
    aConfig('log.dirs', '/var/lib/kafka', { isReadOnly: true, source: 'file' }),
  ]);
}

async function shown(screen: ConfigsScreen): Promise<void> {
  await screen.page.locator('.lines > .line', { hasText: 'retention.ms' }).first().waitFor();
}

async function picture(screen: ConfigsScreen, name: string): Promise<void> {
  const folder = join(import.meta.dirname, '..', '..', 'out', 'screenshots');
  await mkdir(folder, { recursive: true });
  await screen.page.screenshot({ path: join(folder, `${name}.png`) });
}

function line(screen: ConfigsScreen, name: string): ReturnType<ConfigsScreen['page']['locator']> {
  return screen.page.locator('.lines > .line:not(.group)', { hasText: name }).first();
}

async function stage(screen: ConfigsScreen, name: string, value: string): Promise<void> {
  await line(screen, name).dblclick();
  await screen.page.locator(`.details h2`, { hasText: name.slice(0, 6) }).waitFor();
  await screen.page.locator('.editor .input').fill(value);
  await screen.page.keyboard.press('Enter');
}

describe('the configurations page', () => {
  for (const theme of Object.keys(themes) as ThemeName[]) {
    it(`runs under its content security policy without a word in the ${theme} theme`, async () => {
      const screen = await openConfigs(harness, orders(), { theme });
      await shown(screen);
      await stage(screen, 'retention.ms', '1 h');
      await screen.page.locator('.plan-item').waitFor();
      await picture(screen, `configs-${theme}`);
      assert.deepEqual(screen.problems, []);
      await screen.close();
    });
  }

  it('puts first what decides a consumer’s life, and says what it means', async () => {
    const screen = await openConfigs(harness, orders());
    await shown(screen);
    const lines = await screen.page.locator('.lines > .line').allInnerTexts();
    assert.match(lines[0]!, /What decides a consumer’s life/);
    assert.match(lines[1]!.replaceAll('\n', ''), /cleanup.policy/);
    const retention = (await line(screen, 'retention.ms').innerText()).replaceAll(/\s+/g, ' ');
    assert.match(
      retention,
      /604800000 7 d.*this topic.*Records older than 7 d are deleted: a consumer that is away longer/,
    );
    const others = lines.findIndex((text) => text.includes('Others'));
    assert.ok(others > 5 && lines.slice(others).some((text) => text.includes('flush.messages')));
    await screen.close();
  });

  it('stages a change, shows the plan, makes it after asking, and takes it back', async () => {
    const cluster = orders();
    const screen = await openConfigs(harness, cluster);
    const { page } = screen;
    await shown(screen);
    await stage(screen, 'retention.ms', '1 h');
    const plan = page.locator('.plan-item');
    await plan.waitFor();
    const text = (await plan.innerText()).replaceAll(/\s+/g, ' ');
    assert.match(text, /604800000 7 d 3600000 1 h/);
    assert.match(text, /deleted within minutes, read or not. No undo brings them back/);
    assert.match(text, /Records older than 1 h are deleted/);
    assert.ok(!cluster.asked.includes('execute'), 'a plan changes nothing');

    await page.locator('.apply:enabled').click();
    await page.locator('.outcome.good', { hasText: 'retention.ms is changed' }).waitFor();
    assert.match(screen.confirmed[0]!.join(' '), /retention.ms: 604800000 becomes 3600000/);
    await line(screen, 'retention.ms').filter({ hasText: '3600000' }).waitFor();
    await page.locator('.plan').waitFor({ state: 'detached' });

    await page.locator('.undo').click();
    await page.locator('.plan-item', { hasText: '604800000' }).waitFor();
    await page.locator('.apply:enabled').click();
    await until('it was asked again', () => screen.confirmed.length === 2);
    await line(screen, 'retention.ms').filter({ hasText: '604800000' }).waitFor();
    assert.ok(cluster.asked.includes('undo change-1'), 'it is written down as the way back');
    await screen.close();
  });

  it('adds to a list and takes from it', async () => {
    const screen = await openConfigs(harness, orders());
    const { page } = screen;
    await shown(screen);
    await line(screen, 'cleanup.policy').dblclick();
    const operation = page.getByLabel('What to do with the list');
    await operation.selectOption('append');
    assert.deepEqual(await page.getByLabel('New value of cleanup.policy').locator('option').allInnerTexts(), [
      'compact',
    ]);
    await page.locator('.stage').click();
    const plan = page.locator('.plan-item');
    await plan.filter({ hasText: 'delete,compact' }).waitFor();
    assert.match((await plan.innerText()).replaceAll(/\s+/g, ' '), /delete delete,compact adds compact/);
    await picture(screen, 'configs-list');
    await page.locator('.apply:enabled').click();
    await line(screen, 'cleanup.policy').filter({ hasText: 'delete,compact' }).waitFor();
    await line(screen, 'cleanup.policy').dblclick();
    await operation.selectOption('subtract');
    await page.getByLabel('New value of cleanup.policy').selectOption('delete');
    await page.locator('.stage').click();
    await plan.filter({ hasText: 'takes delete away' }).waitFor();
    assert.deepEqual(screen.said.at(-1), {
      type: 'stage',
      staged: [{ name: 'cleanup.policy', value: 'delete', operation: 'subtract' }],
    });
    // A list of anything is typed.
    await line(screen, 'follower.replication').dblclick();
    await operation.selectOption('append');
    await page.locator('.editor .problem-text', { hasText: 'Name at least one item.' }).waitFor();
    await page.locator('.editor .input').fill('0:1');
    await page.keyboard.press('Enter');
    await plan.filter({ hasText: 'adds 0:1' }).waitFor();
    assert.deepEqual(screen.problems, []);
    await screen.close();
  });

  it('goes back to what is inherited', async () => {
    const screen = await openConfigs(harness, orders());
    await shown(screen);
    await line(screen, 'retention.ms').dblclick();
    await screen.page.locator('.inherit').click();
    const plan = screen.page.locator('.plan-item');
    await plan.waitFor();
    assert.match((await plan.innerText()).replaceAll(/\s+/g, ' '), /604800000 7 d 86400000 1 d inherited/);
    assert.deepEqual(screen.said.at(-1), { type: 'stage', staged: [{ name: 'retention.ms' }] });
    await screen.close();
  });

  it('refuses what is wrong by type at once, and by the broker in the plan', async () => {
    const screen = await openConfigs(harness, orders());
    const { page } = screen;
    await shown(screen);
    await line(screen, 'retention.ms').dblclick();
    await page.locator('.editor .input').fill('soon');
    await page.locator('.editor .problem-text', { hasText: 'whole number' }).waitFor();
    await page.keyboard.press('Enter');
    assert.ok(await page.locator('.stage').isDisabled());
    assert.equal(await page.locator('.plan').count(), 0);
    await page.locator('.editor .input').fill('1');
    await page.keyboard.press('Enter');
    await page.locator('.plan .problem-text', { hasText: 'Invalid value 1' }).waitFor();
    assert.ok(await page.locator('.apply').isDisabled());
    await screen.close();
  });

  it('says why what is fixed cannot be changed, shows no secret and keeps none', async () => {
    const screen = await openConfigs(harness, orders());
    const { page } = screen;
    await shown(screen);
    await line(screen, 'log.dirs').dblclick();
    await page.locator('.details .fixed').waitFor();
    await line(screen, 'ssl.key.password').dblclick();
    await page.locator('.editor .input[type=password]').fill('hunter2');
    await page.keyboard.press('Enter');
    await page.locator('.plan-item', { hasText: 'secret' }).waitFor();
    assert.doesNotMatch(await page.locator('body').innerText(), /hunter2/);
    assert.doesNotMatch(JSON.stringify(await screen.state()), /hunter2/);
    assert.match(await line(screen, 'follower.replication').innerText(), /<img src=x onerror=alert\(1\)>\\u202egnp/);
    await screen.close();
  });

  it('compares the brokers', async () => {
    const screen = await openConfigs(harness, orders());
    const { page } = screen;
    await shown(screen);
    await line(screen, 'retention.ms').dblclick();
    await page.locator('.brokers').click();
    await page.locator('.differ').waitFor();
    assert.match(await page.locator('.details').innerText(), /Broker 3: - Broker 3 did not answer/);
    await page.keyboard.press('Escape');
    await page.locator('.details').waitFor({ state: 'detached' });
    await screen.close();
  });

  it('filters and copies', async () => {
    const screen = await openConfigs(harness, orders());
    const { page } = screen;
    await shown(screen);
    await page.keyboard.press('/');
    await page.keyboard.type('unclean');
    await page.locator('.status', { hasText: '1 of 12 rows' }).waitFor();
    await page.locator('vscode-toolbar-button[label="Copy (Ctrl+C)"]').click();
    await until('it was copied', () => screen.said.some((message) => message.type === 'copy'));
    const copied = screen.said.find((message) => message.type === 'copy');
    assert.match(copied?.text ?? '', /unclean.leader.election.enable\tfalse\tdefault/);
    await screen.close();
  });

  it('keeps what was staged over a reload', async () => {
    const state = { cluster: 'local', kind: 'topic', name: 'orders', staged: [{ name: 'segment.ms', value: '60000' }] };
    const screen = await openConfigs(harness, orders(), { state });
    await screen.page.locator('.plan-item', { hasText: 'segment.ms' }).waitFor();
    await screen.close();
  });

  it('changes nothing on a cluster that is read only, and marks production', async () => {
    const readOnly = await openConfigs(harness, orders(), { profile: { production: false, readOnly: true } });
    await shown(readOnly);
    await line(readOnly, 'retention.ms').dblclick();
    await readOnly.page.locator('.details .fixed', { hasText: 'read only' }).waitFor();
    await readOnly.close();
    const production = await openConfigs(harness, orders(), { profile: { production: true, readOnly: false } });
    await production.page.locator('.mark', { hasText: 'production' }).waitFor();
    await production.close();
  });

  it('says what is denied and what to ask for, tries again, and fits a narrow column', async () => {
    const cluster = orders();
    cluster.failure = new KafkaError(
      29,
      'TOPIC_AUTHORIZATION_FAILED',
      'Topic orders: denied (TOPIC_AUTHORIZATION_FAILED).',
    );
    const screen = await openConfigs(harness, cluster, { width: 460, height: 800 });
    await screen.page.locator('.problem.failed', { hasText: 'DescribeConfigs' }).waitFor();
    cluster.failure = undefined;
    await screen.page.locator('.problem .button').click();
    await shown(screen);
    await stage(screen, 'retention.ms', '60000');
    await screen.page.locator('.plan-item').waitFor();
    await picture(screen, 'configs-narrow');
    assert.deepEqual(screen.problems, []);
    await screen.close();
  });

  it('says that the cluster is not connected', async () => {
    const screen = await openConfigs(harness, undefined);
    await screen.page.locator('.problem', { hasText: 'local is not connected' }).waitFor();
    await screen.close();
  });
});
