import * as vscode from 'vscode';
import { configsCommand } from '../../../changes/configsCommand.ts';
import { resourceText } from '../../../changes/configs.ts';
import { itemsOf, listAfter, listBase } from '../../../changes/configsList.ts';
import { HumanError } from '../../../shared/errors.ts';
import { t } from '../../../shared/l10n.ts';
import { confirmChange } from '../../changes/confirm.ts';
import type { ChangeJournal } from '../../changes/journalOf.ts';
import type { Connections } from '../../connections/connections.ts';
import type { Log } from '../../log.ts';
import { saveFile } from '../../saveFile.ts';
import { PageTabs } from '../pageTabs.ts';
import { exportConfigs } from './configRows.ts';
import { ConfigsFeed, type ConfigsAccess } from './configsFeed.ts';
import type { ConfigsPageState, ConfigTarget, FromConfigsPage, StagedChange } from './protocol.ts';

export interface ConfigsServices {
  readonly connections: Connections;
  readonly log: Log;
}

/** The editor tabs with configurations, one a topic, group, broker, or all brokers. */
export class ConfigsPanels extends PageTabs<ConfigTarget, ConfigsFeed, FromConfigsPage, ConfigsPageState> {
  readonly #services: ConfigsServices;
  readonly #journal: ChangeJournal;

  constructor(extensionUri: vscode.Uri, services: ConfigsServices, journal: ChangeJournal) {
    super({ page: 'configs', extensionUri, log: services.log });
    this.#services = services;
    this.#journal = journal;
  }

  /** @param undo the id of a change in the journal, whose way back is staged. */
  open(target: ConfigTarget, undo?: string): void {
    const { feed } = this.show(target);
    if (undo !== undefined) void feed.undo(undo);
  }

  protected override idOf({ cluster, kind, name }: ConfigTarget): string {
    return JSON.stringify([cluster, kind, name]);
  }

  protected titleOf(target: ConfigTarget): string {
    const { kind, name } = target;
    return t('{0} - Configurations', name === '' || kind === 'broker' ? resourceText(target) : name);
  }

  protected restored({ cluster, kind, name }: Partial<ConfigsPageState>): ConfigTarget | undefined {
    const isKind = kind === 'topic' || kind === 'group' || kind === 'broker';
    return isKind && typeof cluster === 'string' && typeof name === 'string' ? { cluster, kind, name } : undefined;
  }

  protected told({ cluster, kind, name }: ConfigTarget): Record<string, string> {
    return { cluster, kind, name };
  }

  protected feedOf(target: ConfigTarget, send: (message: object) => void): ConfigsFeed {
    const { connections, log } = this.#services;
    const { cluster, name } = target;
    return new ConfigsFeed({
      target,
      open: () => this.#access(target),
      profile: () => {
        const { production = false, readOnly = false } = connections.entry(cluster)?.profile ?? {};
        return { production, readOnly };
      },
      confirm: (sentences) =>
        confirmChange(connections, {
          cluster,
          subject: name === '' ? cluster : name,
          question: t('Change configurations of this on {0}: {1}?', cluster, resourceText(target)),
          sentences,
          action: t('Apply'),
        }),
      send,
      onError: (error) => log.error(error, `configurations of ${name}`),
    });
  }

  protected override belongings(feed: ConfigsFeed): readonly vscode.Disposable[] {
    return [this.#services.connections.onDidChangeClusters(() => feed.changed())];
  }

  protected override hidden(feed: ConfigsFeed): void {
    feed.stop();
  }

  async #access(target: ConfigTarget): Promise<ConfigsAccess | undefined> {
    const kafka = await this.#services.connections.cluster(target.cluster)?.kafka();
    if (kafka === undefined) return undefined;
    // Loaded when first needed: an extension that starts looks at no configurations.
    const { configOnBrokers, describeConfigs } = await import('../../../changes/configs.ts');
    const { planConfigs } = await import('../../../changes/configsPlan.ts');
    return {
      describe: (signal) => describeConfigs(kafka, target, { signal }),
      onBrokers: (name, signal) => configOnBrokers(kafka, target, name, signal),
      plan: (changes, signal) => planConfigs(kafka, target, changes, signal),
      execute: async (plan, undoes) => {
        const journal = await this.#journal.openOrAsk();
        if (journal === 'cancelled') return 'cancelled';
        const { executeConfigs } = await import('../../../changes/configsExecute.ts');
        try {
          const options = { cluster: target.cluster, journal };
          return await executeConfigs(kafka, plan, undoes === undefined ? options : { ...options, undoes });
        } finally {
          this.#journal.changed();
        }
      },
      wayBack: async (id, signal) => {
        const { undoConfigs } = await import('../../../changes/configsUndo.ts');
        const entry = (await this.#journal.open()).get(id);
        if (entry === undefined) throw new HumanError(t('The change is not in the journal any more.'));
        return undoConfigs(kafka, entry, signal);
      },
    };
  }

  protected async receive(message: FromConfigsPage, feed: ConfigsFeed, target: ConfigTarget): Promise<void> {
    switch (message.type) {
      case 'ready':
        return feed.start(message.staged);
      case 'refresh':
        return feed.refresh();
      case 'stage':
        await feed.stage(message.staged);
        return;
      case 'apply':
        return feed.apply(message.staged);
      case 'undo':
        return feed.undo();
      case 'brokers':
        return feed.brokers(message.name);
      case 'copy':
        await vscode.env.clipboard.writeText(message.text);
        return;
      case 'copyCommand':
        await vscode.env.clipboard.writeText(this.#command(target, feed, message.staged));
        return;
      case 'export':
        return saveFile({
          name: `${target.name === '' ? 'brokers' : target.name}-configs`,
          format: message.format,
          content: exportConfigs(target, feed.rows(message.names), message.format),
        });
    }
  }

  #command(target: ConfigTarget, feed: ConfigsFeed, staged: readonly StagedChange[]): string {
    const servers = this.#services.connections.entry(target.cluster)?.profile.bootstrapServers ?? [];
    const changes = staged.map(({ name, value, operation }) => {
      const [row] = feed.rows([name]);
      const isList = row !== undefined && operation !== undefined && value !== undefined;
      // The tool sets lists as a whole.
      const whole = isList ? listAfter(listBase(row), operation, itemsOf(value)) : value;
      return { name, value: whole, isSensitive: row?.isSensitive === true };
    });
    return configsCommand(servers.join(','), target, changes);
  }
}
