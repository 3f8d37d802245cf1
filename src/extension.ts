import * as vscode from 'vscode';
import { registerClusterCommands } from './ui/commands/clusterCommands.ts';
import { registerAssignmentCommands } from './ui/commands/assignmentCommands.ts';
import { registerOffsetsTopicCommands } from './ui/commands/offsetsTopicCommands.ts';
import { registerStuckCommands } from './ui/commands/stuckCommands.ts';
import { registerTailCommands } from './ui/commands/tailCommands.ts';
import { registerViewCommands } from './ui/commands/viewCommands.ts';
import { readClusterSettings } from './ui/connections/clusterSettings.ts';
import { Connections } from './ui/connections/connections.ts';
import { openCluster, testConnection } from './ui/connections/kafkaCluster.ts';
import { settings } from './ui/contributions.ts';
import { HumanError } from './shared/errors.ts';
import { t, useTranslations } from './shared/l10n.ts';
import { Log } from './ui/log.ts';
import { partitionKey } from './ui/panels/protocol.ts';
import { registerAssignments } from './ui/panels/assignments/index.ts';
import { registerBatches } from './ui/panels/batches/index.ts';
import { registerCommits } from './ui/panels/commits/index.ts';
import { registerLagPanels } from './ui/panels/index.ts';
import { registerConfigs } from './ui/panels/configs/index.ts';
import { registerLogs } from './ui/panels/logs/index.ts';
import { registerProduce } from './ui/panels/produce/index.ts';
import { registerReset } from './ui/panels/reset/index.ts';
import { registerChanges } from './ui/changes/index.ts';
import { journalOf } from './ui/changes/journalOf.ts';
import { registerFormats } from './ui/formats/index.ts';
import { registerTailPanels, type TailServices } from './ui/panels/tail/index.ts';
import { registerStuckPanels } from './ui/panels/stuck/index.ts';
import { RecordDocuments } from './ui/panels/recordDocuments.ts';
import { SelectionModel } from './ui/selection.ts';
import { ClustersTree } from './ui/tree/clustersTree.ts';
import { OptionsStore } from './ui/tree/optionsStore.ts';
import { outlineOf, type Outline } from './ui/tree/outline.ts';

/** What `activate` gives to tests. */
export interface ExtensionApi {
  /** The rows on show, as nested arrays. */
  tree(): Outline[];
  readonly connections: Connections;
  readonly clusters: ClustersTree;
  readonly options: OptionsStore;
}

export function activate(context: vscode.ExtensionContext): ExtensionApi {
  useTranslations((message, ...args) => vscode.l10n.t(message, ...args));
  const channel = vscode.window.createOutputChannel('Kafka Consumer Debugger', { log: true });
  const log = new Log(channel);
  const logError = (error: unknown): void => log.error(error, 'Unexpected');

  const connections = new Connections(
    {
      readSettings: readClusterSettings,
      memory: context.workspaceState,
      open: (profile) => openCluster(profile, refreshIntervalMs, log),
    },
    logError,
  );
  const formats = registerFormats(context, connections, log);
  const options = new OptionsStore(context.workspaceState);
  const selection = new SelectionModel();
  const clusters = new ClustersTree(connections, options, selection, (error) => log.error(error, 'Offsets of a topic'));
  const panels = registerLagPanels(context, {
    watchOf: (name) => connections.watchOf(name),
    onDidChangeClusters: connections.onDidChangeClusters,
    timeLagsOf: (name) => connections.cluster(name)?.timeLags,
    selection,
    log,
  });

  const documents = new RecordDocuments();
  const stuckPanels = registerStuckPanels(
    context,
    {
      watchOf: (name) => connections.watchOf(name),
      onDidChangeClusters: connections.onDidChangeClusters,
      kafkaOf: (name) => connections.cluster(name)?.kafka(),
      decoderOf: (name) => formats.decoders.decoderOf(name),
      onDidChangeDecoders: formats.decoders.onDidChange,
      formatsOf: (cluster, topic) => formats.chosen.ofTopic(cluster, topic),
      log,
    },
    documents,
  );

  const tailServices: TailServices & { readonly log: Log } = {
    kafkaOf: (name) => {
      const cluster = connections.cluster(name);
      if (cluster !== undefined) return cluster.kafka();
      return Promise.reject(new HumanError(t('Cluster {0} is not connected.', name), t('Connect it in the tree.')));
    },
    bootstrapOf: (name) => connections.entry(name)?.profile.bootstrapServers,
    watchOf: (name) => connections.watchOf(name),
    onDidChangeClusters: connections.onDidChangeClusters,
    decoderOf: (name) => Promise.resolve(formats.decoders.decoderOf(name)),
    formatsOf: (cluster, topic) => formats.chosen.ofTopic(cluster, topic),
    onDidChangeDecoders: formats.decoders.onDidChange,
    isReadOnly: (name) => connections.entry(name)?.profile.readOnly === true,
    limits: tailLimits,
    log,
  };
  const tailPanels = registerTailPanels(context, tailServices, documents);

  const logs = registerLogs(context, {
    connections,
    openAssignments: (target) => assignments.openAssignments(target),
    log,
  });
  const assignments = registerAssignments(context, {
    laidOver: (follow) => logs.withLogs(follow),
    watchOf: (name) => connections.watchOf(name),
    onDidChangeClusters: connections.onDidChangeClusters,
    kafkaOf: (name) => connections.cluster(name)?.kafka(),
    log,
  });
  registerBatches(context, { connections, log });
  registerCommits(context, { connections, log });
  registerProduce(context, {
    connections,
    registryOf: (name) => formats.decoders.registryOf(name),
    onDidChangeRegistries: formats.decoders.onDidChange,
    log,
  });
  registerReset(context, {
    connections,
    journal: journalOf(context),
    decoderOf: (name) => formats.decoders.decoderOf(name),
    selected: () => clusters.selection,
    log,
  });
  registerConfigs(context, { connections, log });
  registerChanges(context, { connections, log });

  context.subscriptions.push(
    clusters,
    connections,
    documents,
    options,
    selection,
    channel,
    registerClusterCommands({ connections, test: testConnection, log }),
    registerViewCommands({
      connections,
      options,
      tree: clusters,
      log,
      openLag: ({ cluster, group, topic, partition }) =>
        panels.openLag({
          cluster,
          group,
          key: topic === undefined || partition === undefined ? undefined : partitionKey({ topic, partition }),
        }),
    }),
    registerTailCommands({ connections, openTail: (target) => tailPanels.openTail(target), log }),
    registerOffsetsTopicCommands({ connections, openTail: (target) => tailPanels.openTail(target), log }),
    registerAssignmentCommands({
      connections,
      openAssignments: (target) => assignments.openAssignments(target),
      log,
    }),
    registerStuckCommands({ connections, openStuck: (target) => stuckPanels.openStuck(target), log }),
    vscode.workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration(settings.clusters)) connections.reload();
      if (change.affectsConfiguration(settings.refreshIntervalSeconds)) {
        for (const { name } of connections.entries) connections.watchOf(name)?.reschedule();
      }
    }),
    vscode.workspace.onDidGrantWorkspaceTrust(() => connections.reload()),
  );
  return { tree: () => clusters.provider.rendered.roots.map(outlineOf), connections, clusters, options };
}

function refreshIntervalMs(): number {
  const seconds = vscode.workspace.getConfiguration().get<number>(settings.refreshIntervalSeconds, 5);
  // The schema asks for 0 or at least 1; a settings file can hold anything.
  return Number.isFinite(seconds) && seconds > 0 ? Math.max(1, seconds) * 1000 : 0;
}

function tailLimits(): { maxRecords: number; maxBytes: number } {
  const configuration = vscode.workspace.getConfiguration();
  const bounded = (value: number, least: number, most: number, otherwise: number): number =>
    Number.isFinite(value) ? Math.min(most, Math.max(least, Math.trunc(value))) : otherwise;
  const records = configuration.get<number>(settings.tailMaxRecords, 1_000_000);
  const megabytes = configuration.get<number>(settings.tailMaxMegabytes, 300);
  return {
    maxRecords: bounded(records, 100, 10_000_000, 1_000_000),
    maxBytes: bounded(megabytes, 8, 4_096, 300) * (1 << 20),
  };
}
