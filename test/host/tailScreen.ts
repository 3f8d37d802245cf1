/** What people see and click of a tail page in the workbench. */
import type { Frame, Locator, Page } from 'playwright-core';
import { until } from '../support/until.ts';
import { PATIENCE_MS, type Workbench } from './harness.ts';
import { insist, quickInput } from './screen.ts';

/** The tail page on the screen whose crumbs end so, once its text of a status is there. */
export async function tailPage(workbench: Workbench, crumbs: string): Promise<Frame> {
  return workbench.webview(`kafka-tail-page .crumbs[aria-label$="${crumbs}"]`);
}

/** Waits for a part of the status line. */
export async function status(tail: Frame, text: string | RegExp): Promise<void> {
  await tail
    .locator('.status', { hasText: text })
    .waitFor()
    .catch(async (error: unknown) => {
      throw new Error(`The status is not ${text}: ${await tail.locator('.page').innerText()}`, { cause: error });
    });
}

/** What is typed as the filter leaves so many rows. */
export async function filterTo(tail: Frame, text: string, shown: number): Promise<void> {
  await tail.locator('.filter input').fill(text);
  await status(tail, new RegExp(`\\b${shown} shown`));
}

/** Chooses from a menu of the toolbar. */
export async function choose(page: Frame, menu: string, item: string): Promise<void> {
  const opener = page.locator(`kafka-toolbar-menu vscode-toolbar-button[label="${menu}"]`);
  const entry = page.locator('.menu .menu-item', { hasText: item }).first();
  await until(
    `${item} is chosen`,
    async () => {
      try {
        // A page that loses the focus closes its menus.
        if (!(await entry.isVisible())) await opener.click({ timeout: 5_000 });
        await entry.click({ timeout: 5_000 });
        return true;
      } catch {
        return false;
      }
    },
    PATIENCE_MS,
  );
}

/** Opens the details of a row, by a double click or as `open` does it. What moves in between swallows that. */
export async function openDetails(
  row: Locator,
  details: Locator,
  open = (): Promise<void> => row.dblclick({ timeout: 5_000 }),
): Promise<void> {
  await insist('the details are open', open, details);
}

/** A key in the table of a page, with what it brings about. */
export async function pressInTable(page: Page, frame: Frame, key: string, effect: Locator): Promise<void> {
  const press = async (): Promise<void> => {
    await frame.locator('.table').focus({ timeout: 5_000 });
    await page.keyboard.press(key);
  };
  await insist(`${key} is pressed`, press, effect);
}

/** What is in the clipboard, once it is that; `copy` is done again as long as it is not. */
export async function copied(
  page: Page,
  of: (text: string) => boolean,
  copy = (): Promise<void> => Promise.resolve(),
): Promise<string> {
  let text = '';
  await until(
    'it is in the clipboard',
    async () => {
      await copy();
      text = await page.evaluate<string>('navigator.clipboard.readText()');
      return of(text);
    },
    PATIENCE_MS,
  );
  return text;
}

/** Accepts the workbench's own dialog for files with this path, once it offers a name that ends so. */
export async function saveAs(page: Page, offered: string, path: string): Promise<void> {
  const name = quickInput(page);
  await until('a name is offered', async () => (await name.inputValue()).endsWith(offered), PATIENCE_MS);
  const ok = page.locator('.quick-input-widget').getByRole('button', { name: 'OK' });
  await answerWithPath(page, path, () => ok.click({ timeout: 5_000 }));
}

/** Gives a path to the workbench's own dialog for files, which reads the folder after each key, and takes nothing before it has. */
export async function answerWithPath(page: Page, path: string, accept: () => Promise<void>): Promise<void> {
  const name = quickInput(page);
  await until(
    'the path is taken',
    async () => {
      try {
        await name.fill(path, { timeout: 5_000 });
        await accept();
      } catch {
        // It closes when it has read the folder, be it now.
      }
      return name.waitFor({ state: 'hidden', timeout: 5_000 }).then(
        () => true,
        () => false,
      );
    },
    PATIENCE_MS,
  );
}
