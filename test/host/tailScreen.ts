/** What people see and click of a tail page in the workbench. */
import type { Frame, Page } from 'playwright-core';
import { until } from '../support/until.ts';
import type { Workbench } from './harness.ts';
import { quickInput } from './screen.ts';

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
export async function choose(tail: Frame, menu: string, item: string): Promise<void> {
  await tail.locator(`kafka-toolbar-menu vscode-toolbar-button[label="${menu}"]`).click();
  await tail.locator('.menu .menu-item', { hasText: item }).first().click();
}

export async function copied(page: Page, of: (text: string) => boolean): Promise<string> {
  let text = '';
  await until('it is in the clipboard', async () => {
    text = await page.evaluate<string>('navigator.clipboard.readText()');
    return of(text);
  });
  return text;
}

/** Accepts the workbench's own dialog for files with this path, once it offers a name that ends so. */
export async function saveAs(page: Page, offered: string, path: string): Promise<void> {
  const dialog = page.locator('.quick-input-widget');
  const name = quickInput(page);
  await until('a name is offered', async () => (await name.inputValue()).endsWith(offered));
  // It reads the folder after each key, and takes nothing before it has.
  await until('the name is taken', async () => {
    await name.fill(path);
    await dialog.getByRole('button', { name: 'OK' }).click();
    return dialog.waitFor({ state: 'hidden', timeout: 5_000 }).then(
      () => true,
      () => false,
    );
  });
}
