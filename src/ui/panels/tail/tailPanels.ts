import * as vscode from 'vscode';
import type { Disposable } from '../../../shared/event.ts';
import type { Log } from '../../log.ts';
import type { RecordDocuments } from '../recordDocuments.ts';
import { PageTabs } from '../pageTabs.ts';
import type { FromTailPage, TailPageState, TailTarget } from './protocol.ts';
import type { TailServices } from './services.ts';
import { isStartSpec } from './specs.ts';
import { TailActions } from './tailActions.ts';
import { TailFeed } from './tailFeed.ts';
import { tailTitle } from './tailModel.ts';

interface TailTab extends Disposable {
  readonly feed: TailFeed;
  readonly actions: TailActions;
}

/** The editor tabs that tail topics. One for each tail that was asked for: two of a topic may stand side by side. */
export class TailPanels extends PageTabs<TailTarget, TailTab, FromTailPage, TailPageState> {
  readonly #services: TailServices;
  readonly #documents: RecordDocuments;

  constructor(extensionUri: vscode.Uri, services: TailServices & { readonly log: Log }, documents: RecordDocuments) {
    super({ page: 'tail', extensionUri, log: services.log });
    this.#services = services;
    this.#documents = documents;
  }

  open(target: TailTarget): void {
    const { panel, feed } = this.show(target);
    if (panel.visible) feed.feed.begin();
  }

  protected titleOf(target: TailTarget): string {
    return tailTitle(target);
  }

  protected restored({ target }: Partial<TailPageState>): TailTarget | undefined {
    const isNamed = typeof target?.cluster === 'string' && typeof target.topic === 'string';
    return isNamed && isStartSpec(target.start) ? target : undefined;
  }

  protected told(target: TailTarget): Record<string, string> {
    return { tail: JSON.stringify(target) };
  }

  protected feedOf(target: TailTarget, send: (message: object) => void): TailTab {
    const feed = new TailFeed({ target, services: this.#services, send });
    return { feed, actions: new TailActions(feed, this.#documents, this.#services), dispose: () => feed.dispose() };
  }

  protected override hidden({ feed }: TailTab): void {
    feed.hide();
  }

  protected async receive(message: FromTailPage, { feed, actions }: TailTab): Promise<void> {
    switch (message.type) {
      case 'open':
        return actions.open(message);
      case 'compare':
        return actions.compare(message);
      case 'copy':
        return vscode.env.clipboard.writeText(message.text);
      case 'copyRows':
        return actions.copyRows(message);
      case 'copyRecords':
        return actions.copy(message);
      case 'export':
        return actions.export(message);
      case 'cancelExport':
        return actions.cancelExport();
      case 'go':
        return actions.go(message);
      case 'explain':
        return actions.explain(message);
      case 'setRegistry':
        return actions.setRegistry();
      case 'ready':
      case 'window':
      case 'pause':
      case 'stop':
      case 'resume':
      case 'clear':
      case 'keepRunning':
      case 'seek':
      case 'read':
      case 'filter':
      case 'search':
      case 'cancelSearch':
      case 'closeSearch':
      case 'order':
      case 'details':
      case 'where':
      case 'format':
        return feed.receive(message);
    }
  }
}
