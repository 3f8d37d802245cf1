import '@vscode-elements/elements/dist/vscode-textfield/index.js';
import '@vscode-elements/elements/dist/vscode-toolbar-button/index.js';
import type { ConfigsPageState, FromConfigsPage, ToConfigsPage } from '../../src/ui/panels/configs/protocol.ts';
import '../shared/header.ts';
import { connectHost, metaOf } from '../shared/host.ts';
import '../shared/menu.ts';
import '../shared/table.ts';
import { ConfigsPage } from './configsPage.ts';
import './page.css';

const target = metaOf('target');
const host = connectHost<ToConfigsPage, FromConfigsPage, ConfigsPageState>();
const page = new ConfigsPage();
page.host = host;
page.view = {
  ...host.state,
  cluster: target['cluster'] ?? '',
  kind: (target['kind'] ?? 'topic') as ConfigsPageState['kind'],
  name: target['name'] ?? '',
};
// Kept at once: without it VS Code could not tell after a restart what this was.
host.keep(page.view);
document.querySelector('#page')?.append(page);
page.start();
