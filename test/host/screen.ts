/** What people see and click in the workbench. */
import type { Frame, Locator, Page } from 'playwright-core';
import { until } from '../support/until.ts';
import type { Workbench } from './harness.ts';

/** Opens the side bar with the tree and the docked view. */
export async function openSideBar({ page }: Workbench): Promise<void> {
  await page.locator('.activitybar .action-label[aria-label^="Kafka Consumer Debugger"]').click();
  await page.locator('.pane-header[aria-label^="Clusters"]').waitFor();
  // The icon that was clicked has the focus, and its tooltip would come to lie over the tree.
  await page.locator('.pane-header[aria-label^="Clusters"]').focus();
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

/** Opens what is below a row, which must be closed. */
export async function expand(page: Page, text: RegExp): Promise<void> {
  const row = treeRow(page, text);
  await row.locator('.monaco-tl-twistie').click();
  await treeRow(page, text).and(page.locator('[aria-expanded="true"]')).waitFor();
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
  await pressInRow(workbench.page, new RegExp(`^${group}, `), 'Open Lag');
  return lagPage(workbench, group);
}

/** Clicks a button of a row of the tree. A row that is drawn anew hides it from the click, which is then made again. */
export async function pressInRow(page: Page, text: RegExp, button: string): Promise<void> {
  const row = treeRow(page, text);
  await until(
    `${button} of ${text} is clicked`,
    async () => {
      try {
        await row.hover({ timeout: 5_000 });
        await row.locator(`.actions .action-label[aria-label="${button}"]`).click({ timeout: 5_000 });
        return true;
      } catch {
        await dismissTooltip(page);
        return false;
      }
    },
    60_000,
  );
}

/** Connects clusters by their rows, one after the other. A row that moves as another cluster's rows come is clicked in vain, and again. */
export async function connect(page: Page, ...names: readonly string[]): Promise<void> {
  for (const name of names) {
    const isConnected = treeRow(page, new RegExp(`^${name} .*1 broker`));
    await until(`${name} is connected`, async () => {
      if ((await treeRow(page, new RegExp(`^${name} .*not connected`)).count()) > 0) {
        await pressInRow(page, new RegExp(`^${name} `), 'Connect');
      }
      return isConnected.waitFor({ timeout: 10_000 }).then(
        () => true,
        () => false,
      );
    });
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
  const question = async (): Promise<string> =>
    (await page
      .locator('.quick-input-widget')
      .innerText()
      .catch(() => '')) + (await quickInput(page).inputValue());
  const before = await question();
  await quickInput(page).press('Enter');
  await until('it is taken', async () => !(await quickInput(page).isVisible()) || (await question()) !== before);
}

/**
 * Runs a command that asks first of all for a choice, and takes it. A page that gets the focus meanwhile closes the question: people ask
 * again, and so does this.
 */
export async function commandWithChoice(workbench: Workbench, title: string, choice: string): Promise<void> {
  const row = workbench.page.locator('.quick-input-list .monaco-list-row', { hasText: choice }).first();
  await until(
    `${title} takes ${choice}`,
    async () => {
      try {
        await workbench.runCommand(title);
        await row.click({ timeout: 10_000 });
        return true;
      } catch {
        await workbench.screenshot('no-choice');
        return false;
      }
    },
    60_000,
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

/** Opens the context menu of a row of the tree, which moves with each poll: a click that hits nothing is made again. */
export async function openMenu(page: Page, row: Locator): Promise<Locator> {
  const menu = page.locator('.monaco-menu');
  await until(
    'its menu is open',
    async () => {
      if (!(await menu.isVisible())) {
        await row.click({ button: 'right', timeout: 5_000 }).catch(() => dismissTooltip(page));
      }
      // Every row has a name to be copied.
      const items = menu.locator('.action-label', { hasText: 'Copy Name' });
      return items.waitFor({ timeout: 3_000 }).then(
        () => true,
        () => false,
      );
    },
    60_000,
  );
  return menu;
}

/** Takes an item of a row's context menu. */
export async function chooseFromMenu(page: Page, row: Locator, item: string): Promise<void> {
  const menu = await openMenu(page, row);
  const entry = menu.getByRole('menuitem', { name: item, exact: true });
  // A click that comes as soon as the menu is taken for the end of the one that opened it.
  await entry.hover();
  await menu.locator('.action-item.focused', { hasText: item }).waitFor();
  await page.keyboard.press('Enter');
  await entry.waitFor({ state: 'detached' });
}
