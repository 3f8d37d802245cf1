/** What people see and click in the workbench. */
import assert from 'node:assert/strict';
import type { Frame, Locator, Page } from 'playwright-core';
import { until } from '../support/until.ts';
import { PATIENCE_MS, type Workbench } from './harness.ts';

/** For one try, where another one follows. */
const TRY_MS = 5_000;

/**
 * Does what can be in vain until its effect is there, as people do: what is drawn anew as it is clicked swallows the click, and a page that
 * takes the focus a key. Only for what may happen twice.
 */
export async function insist(what: string, act: () => Promise<unknown>, effect: Locator): Promise<void> {
  let why: unknown;
  await until(
    what,
    async () => {
      if (await effect.first().isVisible()) return true;
      await act().catch((error: unknown) => (why = error));
      return comes(effect);
    },
    PATIENCE_MS,
  ).catch((error: unknown) => {
    throw new Error(error instanceof Error ? error.message : String(error), { cause: why });
  });
}

/** Whether something is there a moment later. */
function comes(one: Locator, timeout = TRY_MS): Promise<boolean> {
  return one
    .first()
    .waitFor({ timeout })
    .then(
      () => true,
      () => false,
    );
}

/** Waits until a text is like that; where it never is, fails with what it is. */
export async function reads(one: Locator, text: RegExp): Promise<void> {
  const now = (): Promise<string> => one.innerText({ timeout: TRY_MS }).catch(() => '');
  await until('it reads so', async () => text.test(await now())).catch(() => undefined);
  assert.match(await now(), text);
}

/** Opens the side bar with the tree and the docked view. */
export async function openSideBar({ page }: Workbench): Promise<void> {
  const icon = '.action-label[aria-label^="Kafka Consumer Debugger"]';
  const clusters = page.locator('.pane-header[aria-label^="Clusters"]');
  await page.locator(`.activitybar ${icon}`).waitFor();
  // The icon of what is open would close it.
  const closed = page.locator(`.activitybar .action-item:not(.checked) ${icon}`);
  await insist('the side bar is open', () => closed.click({ timeout: TRY_MS }), clusters);
  // The icon that was clicked has the focus, and its tooltip would come to lie over the tree.
  await clusters.focus();
}

/** Shows the side bar that is there, or hides it. */
export async function setSideBar(page: Page, state: 'visible' | 'hidden'): Promise<void> {
  const bar = page.locator('.part.sidebar');
  await until(
    `the side bar is ${state}`,
    async () => {
      if ((await bar.isVisible()) === (state === 'visible')) return true;
      await page.keyboard.press('Control+b');
      await bar.waitFor({ state, timeout: TRY_MS }).catch(() => undefined);
      return false;
    },
    PATIENCE_MS,
  );
}

/** Brings the editor tab to the front whose title holds this. */
export async function showTab(page: Page, title: string): Promise<void> {
  const [tab, shown] = ['.tab', '.tab.active'].map((selector) => page.locator(selector, { hasText: title }));
  await insist(`${title} is on show`, () => tab!.first().click({ timeout: TRY_MS }), shown!);
}

/** Closes the editor tab that is on show. */
export async function closeTab(page: Page): Promise<void> {
  const title = (await page.locator('.tab.active').innerText()).trim();
  const tab = page.locator('.tab.active', { hasText: title });
  await until(
    `${title} is closed`,
    async () => {
      await tab
        .locator('.action-label[aria-label^="Close"]')
        .click({ timeout: TRY_MS })
        .catch(() => undefined);
      return tab.waitFor({ state: 'detached', timeout: TRY_MS }).then(
        () => true,
        () => false,
      );
    },
    PATIENCE_MS,
  );
}

/** Opens a file of the workspace by its name. */
export async function openFile(page: Page, name: string): Promise<void> {
  const open = async (): Promise<void> => {
    await page.keyboard.press('Control+p');
    // Only what was open before is offered until somebody types.
    await quickInput(page).fill(name, { timeout: TRY_MS });
    await page.locator('.quick-input-list .monaco-list-row.focused', { hasText: name }).waitFor({ timeout: TRY_MS });
    await quickInput(page).press('Enter');
  };
  await insist(`${name} is open`, open, page.locator('.tab.active', { hasText: name }));
}

/** One of what the mouse is over, or what has the focus, may lie over a row that is to be clicked. */
async function dismissTooltip(page: Page): Promise<void> {
  await page.keyboard.press('Escape');
  await page.mouse.move(900, 600, { steps: 3 });
}

/** The row whose text, as a screen reader says it, matches. */
export function treeRow(page: Page, text: RegExp): Locator {
  return page.getByRole('treeitem', { name: text }).first();
}

/** A click on a row, or in one; what lies over it is gone for the next try. */
async function clickInTree(page: Page, one: Locator, options: Parameters<Locator['click']>[0] = {}): Promise<void> {
  try {
    await one.click({ ...options, timeout: TRY_MS });
  } catch (error) {
    await dismissTooltip(page);
    throw error;
  }
}

/** Opens what is below a row, which must be closed. */
export async function expand(page: Page, text: RegExp): Promise<void> {
  const twistie = treeRow(page, text).and(page.locator('[aria-expanded="false"]')).locator('.monaco-tl-twistie');
  const open = treeRow(page, text).and(page.locator('[aria-expanded="true"]'));
  await insist(`${text} is open`, () => clickInTree(page, twistie), open);
}

/** Selects a row, and no other. */
export async function selectRow(page: Page, text: RegExp): Promise<void> {
  const row = treeRow(page, text);
  await insist(`${text} is selected`, () => clickInTree(page, row), row.and(page.locator('[aria-selected="true"]')));
}

/** The texts of all rows on the screen. */
export async function treeTexts(page: Page): Promise<string[]> {
  const rows = `[...document.querySelectorAll('.pane-body [role="treeitem"]')]`;
  return page.evaluate<string[]>(`${rows}.map((row) => row.getAttribute('aria-label') ?? '')`);
}

/** Waits until a function says so; gives what it last saw to whoever waits in vain. */
export async function shows(page: Page, text: RegExp): Promise<string> {
  try {
    const row = treeRow(page, text);
    await row.waitFor();
    return (await row.getAttribute('aria-label')) ?? '';
  } catch (error) {
    throw new Error(`No row is like ${text}. There were:\n${(await treeTexts(page)).join('\n')}`, { cause: error });
  }
}

/** Opens the lag page of a group by the button of its row. */
export async function openLagFromTree(workbench: Workbench, group: string): Promise<Frame> {
  const { page } = workbench;
  await pressInRow(page, new RegExp(`^${group}, `), 'Open Lag', activeTab(page, `${group} - Lag`));
  return lagPage(workbench, group);
}

/** The editor tab that is on show, if its title holds this. */
export function activeTab(page: Page, title: string): Locator {
  return page.locator('.tab.active', { hasText: title });
}

/** Clicks a button of a row of the tree until its effect shows: a row that is drawn anew hides it from the click, or swallows it. */
export async function pressInRow(page: Page, text: RegExp, button: string, effect: Locator): Promise<void> {
  await insist(`${button} of ${text} is clicked`, () => pressOnce(page, text, button), effect);
}

async function pressOnce(page: Page, text: RegExp, button: string): Promise<void> {
  const row = treeRow(page, text);
  // A press that VS Code could not tell the row of, which a poll drew anew just then, made the command ask as from the palette.
  if (await quickInput(page).isVisible()) await quickInput(page).press('Escape', { timeout: TRY_MS });
  await row.hover({ timeout: TRY_MS }).catch(() => dismissTooltip(page));
  await clickInTree(page, row.locator(`.actions .action-label[aria-label="${button}"]`));
}

/** Connects clusters by their rows, one after the other. A row that moves as another cluster's rows come is clicked in vain, and again. */
export async function connect(page: Page, ...names: readonly string[]): Promise<void> {
  for (const name of names) {
    const connectIt = async (): Promise<void> => {
      if (await treeRow(page, new RegExp(`^${name} .*not connected`)).isVisible()) {
        await pressOnce(page, new RegExp(`^${name} `), 'Connect');
      }
    };
    await insist(`${name} is connected`, connectIt, treeRow(page, new RegExp(`^${name} .*1 broker`)));
  }
}

/** What the quick input takes its text from. */
export function quickInput(page: Page): Locator {
  return page.locator('.quick-input-widget .quick-input-box input');
}

/** Types a choice and takes it, once it is the one that Enter takes; what asks next is there when it returns. */
export async function pick(page: Page, item: string): Promise<void> {
  await page.locator('.quick-input-list .monaco-list-row', { hasText: item }).first().waitFor();
  await quickInput(page).fill(item);
  await page.locator('.quick-input-list .monaco-list-row.focused', { hasText: item }).waitFor();
  await takeFocused(page);
}

/** Takes the choice that is offered, without typing. The key goes to the question, whatever else would like to have the focus. */
export async function takeFocused(page: Page): Promise<void> {
  const before = await question(page);
  await until(
    'it is taken',
    async () => {
      if ((await question(page)) !== before) return true;
      await quickInput(page).press('Enter');
      return changes(page, before);
    },
    PATIENCE_MS,
  );
}

/** What the quick input asks, without the choices, which change by themselves; empty where it is closed. */
function question(page: Page): Promise<string> {
  return page.evaluate<string>(`(() => {
    const widget = document.querySelector('.quick-input-widget');
    const input = widget?.querySelector('.quick-input-box input');
    if (!input?.checkVisibility()) return '';
    return [widget.querySelector('.quick-input-title')?.textContent, input.placeholder, input.value].join('\\n');
  })()`);
}

/** Whether something else is asked a moment later, or nothing. */
function changes(page: Page, before: string): Promise<boolean> {
  return until('something else is asked', async () => (await question(page)) !== before, 10_000).then(
    () => true,
    () => false,
  );
}

/**
 * Runs a command that asks first of all for a choice, and takes it. A page that gets the focus meanwhile closes the palette, and a list
 * that changes under it swallows the click: people ask again, and so does this.
 */
export async function commandWithChoice(workbench: Workbench, title: string, choice: string): Promise<void> {
  const { page } = workbench;
  const row = page.locator('.quick-input-list .monaco-list-row', { hasText: choice }).first();
  await until(
    `${title} takes ${choice}`,
    async () => {
      try {
        await workbench.runCommand(title);
        await row.waitFor({ timeout: 10_000 });
        const before = await question(page);
        await row.click({ timeout: TRY_MS });
        return await changes(page, before);
      } catch {
        await workbench.screenshot('no-choice');
        return false;
      }
    },
    PATIENCE_MS,
  );
}

/** The lag page of a group that is on the screen, once it has figures. */
export async function lagPage(workbench: Workbench, group: string): Promise<Frame> {
  const frame = await workbench.webview(`kafka-lag-page .crumbs[aria-label$=" > ${group}"]`);
  await frame.locator('.lines > .line').first().waitFor();
  return frame;
}

/** The docked view. */
export async function dockedView(workbench: Workbench): Promise<Frame> {
  return workbench.webview('kafka-lag-view .docked');
}

/** Opens the context menu of a row of the tree, which moves with each poll: a click that hits nothing, or another row, is made again. */
export async function openMenu(page: Page, row: Locator): Promise<Locator> {
  const menu = page.locator('.monaco-menu');
  await until(
    'its menu is open',
    async () => {
      if (!(await menu.isVisible())) await clickInTree(page, row, { button: 'right' }).catch(() => undefined);
      // Every row has a name to be copied.
      if (!(await comes(menu.locator('.action-label', { hasText: 'Copy Name' })))) return false;
      if (await row.and(page.locator('.focused')).isVisible()) return true;
      await page.keyboard.press('Escape');
      return false;
    },
    PATIENCE_MS,
  );
  return menu;
}

/** Takes an item of a row's context menu. A page that gets the focus closes the menu, which is then opened again. */
export async function chooseFromMenu(page: Page, row: Locator, item: string): Promise<void> {
  await until(
    `${item} is taken`,
    async () => {
      const menu = await openMenu(page, row);
      const entry = menu.getByRole('menuitem', { name: item, exact: true });
      try {
        // A click that comes as soon as the menu is taken for the end of the one that opened it.
        await entry.hover({ timeout: TRY_MS });
        await menu.locator('.action-item.focused', { hasText: item }).waitFor({ timeout: TRY_MS });
        await entry.click({ timeout: TRY_MS });
        await entry.waitFor({ state: 'detached', timeout: TRY_MS });
        return true;
      } catch {
        return false;
      }
    },
    PATIENCE_MS,
  );
}
