import '@vscode-elements/elements/dist/vscode-textfield/index.js';
import '@vscode-elements/elements/dist/vscode-toolbar-button/index.js';
import type { FromTailPage, TailPageState, TailTarget, ToTailPage } from '../../src/ui/panels/tail/protocol.ts';
import '../shared/contextMenu.ts';
import '../shared/header.ts';
import { connectHost, metaOf } from '../shared/host.ts';
import '../shared/menu.ts';
import '../shared/windowTable.ts';
import './detailsPane.ts';
import './histogram.ts';
import './page.css';
import './sash.ts';
import './searchBar.ts';
import './seekBar.ts';
import { TailPage } from './tailPage.ts';

const host = connectHost<ToTailPage, FromTailPage, TailPageState>();
const page = new TailPage();
page.host = host;
page.view = { ...host.state, target: JSON.parse(metaOf('target')['tail'] ?? '{}') as TailTarget };
// Kept at once: without it VS Code could not tell after a restart what this was.
host.keep(page.view);
document.querySelector('#page')?.append(page);
page.start();
