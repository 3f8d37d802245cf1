import '@vscode-elements/elements/dist/vscode-toolbar-button/index.js';
import type { FromStuckPage, StuckPageState, ToStuckPage } from '../../src/ui/panels/stuck/protocol.ts';
import '../shared/contextMenu.ts';
import '../shared/header.ts';
import { connectHost, metaOf } from '../shared/host.ts';
import '../shared/menu.ts';
import '../shared/table.ts';
import { StuckPage } from './stuckPage.ts';
import './page.css';

const target = metaOf('target');
const host = connectHost<ToStuckPage, FromStuckPage, StuckPageState>();
const page = new StuckPage();
page.host = host;
page.view = {
  ...host.state,
  cluster: target['cluster'] ?? '',
  group: target['group'] ?? '',
  topic: target['topic'] ?? '',
  partition: Number(target['partition'] ?? 0),
};
// Kept at once: without it VS Code could not tell after a restart which partition this was.
host.keep(page.view);
document.querySelector('#page')?.append(page);
page.start();
