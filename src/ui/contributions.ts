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
  openAssignments: 'kafkaDebugger.openAssignments',
  openLog: 'kafkaDebugger.openLog',
  openBatches: 'kafkaDebugger.openBatches',
  produceRecord: 'kafkaDebugger.produceRecord',
  replayRecord: 'kafkaDebugger.replayRecord',
  tailTopic: 'kafkaDebugger.tailTopic',
  openCommitLog: 'kafkaDebugger.openCommitLog',
  openOffsetsTopic: 'kafkaDebugger.openOffsetsTopic',
  resetOffsets: 'kafkaDebugger.resetOffsets',
  seekPartition: 'kafkaDebugger.seekPartition',
  skipRecord: 'kafkaDebugger.skipRecord',
  openConfigs: 'kafkaDebugger.openConfigs',
  createTopic: 'kafkaDebugger.createTopic',
  deleteTopic: 'kafkaDebugger.deleteTopic',
  addPartitions: 'kafkaDebugger.addPartitions',
  deleteRecords: 'kafkaDebugger.deleteRecords',
  copyOffsets: 'kafkaDebugger.copyOffsets',
  deleteOffsets: 'kafkaDebugger.deleteOffsets',
  deleteGroups: 'kafkaDebugger.deleteGroups',
  removeMember: 'kafkaDebugger.removeMember',
  snapshotOffsets: 'kafkaDebugger.snapshotOffsets',
  restoreOffsets: 'kafkaDebugger.restoreOffsets',
  undoOffsetChange: 'kafkaDebugger.undoOffsetChange',
  openJournal: 'kafkaDebugger.openJournal',
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
  assignments: 'kafkaDebugger.assignments',
  commits: 'kafkaDebugger.commits',
  reset: 'kafkaDebugger.reset',
  configs: 'kafkaDebugger.configs',
  change: 'kafkaDebugger.change',
  journal: 'kafkaDebugger.journal',
} as const;

export const settings = {
  clusters: 'kafkaDebugger.clusters',
  refreshIntervalSeconds: 'kafkaDebugger.refreshIntervalSeconds',
  tailMaxRecords: 'kafkaDebugger.tail.maxRecords',
  tailMaxMegabytes: 'kafkaDebugger.tail.maxMegabytes',
  historyMaxAgeDays: 'kafkaDebugger.history.maxAgeDays',
  historyMaxMegabytes: 'kafkaDebugger.history.maxMegabytes',
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
  'reset',
  'stuck',
  'configs',
  'topic',
  'topicList',
  'deleteRecords',
  'member',
] as const;

export type ContextWord = (typeof contextWords)[number];
