import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { commands, container, contextKeys, contextWords, panels, settings, views } from '../../src/ui/contributions.ts';

interface Manifest {
  readonly activationEvents: readonly string[];
  readonly contributes: {
    readonly commands: readonly { readonly command: string; readonly title: string; readonly category: string }[];
    readonly configuration: { readonly properties: Record<string, unknown> };
    readonly viewsContainers: { readonly activitybar: readonly { readonly id: string }[] };
    readonly views: Record<string, readonly { readonly id: string }[]>;
    readonly viewsWelcome: readonly { readonly view: string; readonly contents: string }[];
    readonly menus: Record<string, readonly { readonly command: string; readonly when?: string }[]>;
    readonly keybindings: readonly { readonly command: string; readonly when: string }[];
  };
}

const text = read('package.json');
const { contributes, activationEvents } = JSON.parse(text) as Manifest;
const names = JSON.parse(read('package.nls.json')) as Record<string, string>;

function read(path: string): string {
  return readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
}

function sorted(values: Iterable<string>): string[] {
  return [...new Set(values)].sort();
}

describe('package.json and the code', () => {
  it('name the same commands, each titled and in the category', () => {
    assert.deepEqual(sorted(contributes.commands.map(({ command }) => command)), sorted(Object.values(commands)));
    for (const { category, title } of contributes.commands) {
      assert.equal(category, '%category%');
      assert.match(title, /^%command\.\w+%$/);
    }
  });

  it('name the same settings, views, container and panels', () => {
    assert.deepEqual(sorted(Object.keys(contributes.configuration.properties)), sorted(Object.values(settings)));
    assert.deepEqual(
      sorted(Object.values(contributes.views).flatMap((list) => list.map(({ id }) => id))),
      sorted(Object.values(views)),
    );
    assert.deepEqual(Object.keys(contributes.views), [container]);
    assert.deepEqual(
      contributes.viewsContainers.activitybar.map(({ id }) => id),
      [container],
    );
    assert.deepEqual(sorted(activationEvents), sorted(Object.values(panels).map((panel) => `onWebviewPanel:${panel}`)));
  });

  it('use only commands, context keys and words of rows that there are', () => {
    const known = new Set<string>(Object.values(commands));
    const uses = [...Object.values(contributes.menus).flat(), ...contributes.keybindings];
    for (const { command } of uses) assert.ok(known.has(command), command);
    const links = [
      ...Object.values(names)
        .join(' ')
        .matchAll(/\(command:([\w.]+)\)/g),
    ].map(([, link]) => link!);
    const steps = [...text.matchAll(/"onCommand:([\w.]+)"/g)].map(([, step]) => step!);
    assert.ok(links.length > 0 && steps.length > 0);
    for (const command of [...links, ...steps]) assert.ok(known.has(command), command);
    const clauses = uses.map(({ when }) => when ?? '').join(' ');
    const words = sorted([...clauses.matchAll(/\\b(\w+)\\b/g)].map(([, word]) => word!));
    const unknown = words.filter((word) => !(contextWords as readonly string[]).includes(word));
    assert.deepEqual(unknown, []);
    for (const key of Object.values(contextKeys)) assert.ok(text.includes(key), key);
  });

  it('take every text from package.nls.json, which has no other', () => {
    const used = [...text.matchAll(/"%([\w.]+)%"/g)].map(([, key]) => key!);
    assert.deepEqual(sorted(used), sorted(Object.keys(names)));
  });
});
