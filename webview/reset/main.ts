import '@vscode-elements/elements/dist/vscode-textfield/index.js';
import '@vscode-elements/elements/dist/vscode-toolbar-button/index.js';
import type { FromResetPage, ResetPageState, ToResetPage } from '../../src/ui/panels/reset/protocol.ts';
import '../shared/header.ts';
import { connectHost, metaOf } from '../shared/host.ts';
import '../shared/menu.ts';
import '../shared/table.ts';
import { ResetPage } from './resetPage.ts';
import './page.css';

const target = metaOf('target');
const host = connectHost<ToResetPage, FromResetPage, ResetPageState>();
const page = new ResetPage();
page.host = host;
page.view = { ...host.state, cluster: target['cluster'] ?? '', group: target['group'] ?? '' };
// Kept at once: without it VS Code could not tell after a restart which group this was.
host.keep(page.view);
document.querySelector('#page')?.append(page);
page.start();
