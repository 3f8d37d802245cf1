import '@vscode-elements/elements/dist/vscode-toolbar-button/index.js';
import type { FromProducePage, ProducePageState, ToProducePage } from '../../src/ui/panels/produce/protocol.ts';
import '../shared/contextMenu.ts';
import '../shared/header.ts';
import { connectHost, metaOf } from '../shared/host.ts';
import '../shared/table.ts';
import { ProducePage } from './producePage.ts';
import './page.css';

const host = connectHost<ToProducePage, FromProducePage, ProducePageState>();
const page = new ProducePage();
page.host = host;
page.view = { ...host.state, cluster: metaOf('target')['cluster'] ?? '' };
// Kept at once: without it VS Code could not tell after a restart which cluster this was.
host.keep(page.view);
document.querySelector('#page')?.append(page);
page.start();
