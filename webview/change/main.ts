import '@vscode-elements/elements/dist/vscode-textfield/index.js';
import '@vscode-elements/elements/dist/vscode-toolbar-button/index.js';
import type {
  ChangePageState,
  ChangeRequest,
  FromChangePage,
  ToChangePage,
} from '../../src/ui/panels/change/protocol.ts';
import '../shared/header.ts';
import { connectHost, metaOf } from '../shared/host.ts';
import '../shared/menu.ts';
import '../shared/table.ts';
import { ChangePage } from './changePage.ts';
import './page.css';

const host = connectHost<ToChangePage, FromChangePage, ChangePageState>();
const page = new ChangePage();
page.host = host;
page.view = { ...host.state, request: JSON.parse(metaOf('target')['request'] ?? '{}') as ChangeRequest };
// Kept at once: without it VS Code could not tell after a restart which change this was.
host.keep(page.view);
document.querySelector('#page')?.append(page);
page.start();
