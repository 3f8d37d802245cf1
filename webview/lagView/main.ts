import type { FromDockedPage, ToDockedPage } from '../../src/ui/panels/protocol.ts';
import '../shared/header.ts';
import { connectHost } from '../shared/host.ts';
import { LagViewPage } from './lagViewPage.ts';
import './page.css';

const page = new LagViewPage();
page.host = connectHost<ToDockedPage, FromDockedPage, unknown>();
document.querySelector('#page')?.append(page);
page.start();
