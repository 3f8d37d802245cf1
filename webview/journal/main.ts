import '@vscode-elements/elements/dist/vscode-textfield/index.js';
import '@vscode-elements/elements/dist/vscode-toolbar-button/index.js';
import type { FromJournalPage, JournalPageState, ToJournalPage } from '../../src/ui/panels/journal/protocol.ts';
import '../shared/header.ts';
import { connectHost } from '../shared/host.ts';
import '../shared/menu.ts';
import '../shared/table.ts';
import { JournalPage } from './journalPage.ts';
import './page.css';

const host = connectHost<ToJournalPage, FromJournalPage, JournalPageState>();
const page = new JournalPage();
page.host = host;
page.view = { ...host.state };
// Kept at once: without it VS Code would not bring the page back after a restart.
host.keep(page.view);
document.querySelector('#page')?.append(page);
page.start();
