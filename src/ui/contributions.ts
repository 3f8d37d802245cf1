/** Every name that package.json contributes, typed once; a test compares both ways. */
export const commands = {
  addCluster: 'kafkaDebugger.addCluster',
  editCluster: 'kafkaDebugger.editCluster',
  removeCluster: 'kafkaDebugger.removeCluster',
  connect: 'kafkaDebugger.connect',
  disconnect: 'kafkaDebugger.disconnect',
  openSettings: 'kafkaDebugger.openSettings',
  setSchemaRegistry: 'kafkaDebugger.setSchemaRegistry',
  refresh: 'kafkaDebugger.refresh',
  retry: 'kafkaDebugger.retry',
  filter: 'kafkaDebugger.filter',
  clearFilter: 'kafkaDebugger.clearFilter',
  sort: 'kafkaDebugger.sort',
  toggleEmptyGroups: 'kafkaDebugger.toggleEmptyGroups',
  toggleInternalTopics: 'kafkaDebugger.toggleInternalTopics',
  copyName: 'kafkaDebugger.copyName',
  copyJson: 'kafkaDebugger.copyJson',
  openLag: 'kafkaDebugger.openLag',
  explainStuck: 'kafkaDebugger.explainStuck',
  openBatches: 'kafkaDebugger.openBatches',
  produceRecord: 'kafkaDebugger.produceRecord',
  replayRecord: 'kafkaDebugger.replayRecord',
  tailTopic: 'kafkaDebugger.tailTopic',
  showLog: 'kafkaDebugger.showLog',
} as const;

export type CommandId = (typeof commands)[keyof typeof commands];

export const container = 'kafkaDebugger';

export const views = {
  clusters: 'kafkaDebugger.clusters',
  lag: 'kafkaDebugger.lagView',
} as const;

/** Types of webview panels, which restore after a reload. */
export const panels = {
  lag: 'kafkaDebugger.lag',
  tail: 'kafkaDebugger.tail',
  batches: 'kafkaDebugger.batches',
  produce: 'kafkaDebugger.produce',
  stuck: 'kafkaDebugger.stuck',
} as const;

export const settings = {
  clusters: 'kafkaDebugger.clusters',
  refreshIntervalSeconds: 'kafkaDebugger.refreshIntervalSeconds',
  tailMaxRecords: 'kafkaDebugger.tail.maxRecords',
  tailMaxMegabytes: 'kafkaDebugger.tail.maxMegabytes',
} as const;

/** Context keys that `when` clauses of package.json read. */
export const contextKeys = {
  /** A filter is set or empty groups are hidden. */
  filtered: 'kafkaDebugger.filtered',
} as const;

/** The words of which tree items' `contextValue` is composed; `when` clauses match them as /\bword\b/. */
export const contextWords = [
  'cluster',
  'connected',
  'disconnected',
  'invalid',
  'retry',
  'named',
  'json',
  'group',
  'lag',
  'tail',
  'tailFirst',
  'batches',
  'produce',
  'writable',
  'explain',
  'stuck',
] as const;

export type ContextWord = (typeof contextWords)[number];
