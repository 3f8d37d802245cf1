import '@vscode-elements/elements/dist/vscode-textfield/index.js';
import '@vscode-elements/elements/dist/vscode-toolbar-button/index.js';
import type {
  BatchesPageState,
  FromBatchesPage,
  Position,
  ToBatchesPage,
} from '../../src/ui/panels/batches/protocol.ts';
import '../shared/contextMenu.ts';
import '../shared/header.ts';
import { connectHost, metaOf } from '../shared/host.ts';
import '../shared/menu.ts';
import '../shared/table.ts';
import { BatchesPage } from './batchesPage.ts';
import './page.css';

const target = metaOf('target');
const host = connectHost<ToBatchesPage, FromBatchesPage, BatchesPageState>();
const page = new BatchesPage();
page.host = host;
page.view = {
  partition: Number(target['partition'] ?? 0),
  position: JSON.parse(target['position'] ?? '{"at":"start"}') as Position,
  ...host.state,
  cluster: target['cluster'] ?? '',
  topic: target['topic'] ?? '',
};
// Kept at once: without it VS Code could not tell after a restart which topic this was.
host.keep(page.view);
document.querySelector('#page')?.append(page);
page.start();
