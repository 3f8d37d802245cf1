import { html, nothing, type TemplateResult } from 'lit';
import type {
  HistoryMember,
  LineMessage,
  MeanwhileMessage,
  MoveMessage,
  RebalanceCauseMessage,
  RebalanceMessage,
  Told,
} from '../../src/ui/panels/assignments/protocol.ts';
import { formatCount } from '../../src/shared/format.ts';
import { visibleText } from '../../src/shared/visibleText.ts';
import { cssProperties } from '../shared/element.ts';
import { icon } from '../shared/icon.ts';
import { t } from '../shared/l10n.ts';
import { nameCell, wholeTime } from '../shared/text.ts';
import { nobody } from './lanes.ts';
import { momentText, placeText } from './readout.ts';
import {
  causeWord,
  certaintyWord,
  durationHover,
  durationText,
  iconOf,
  isTrouble,
  kindWord,
  meanwhileHover,
  meanwhileText,
  sourceWord,
  stepText,
  timeOf,
  withoutOwnerHover,
  withoutOwnerText,
} from './words.ts';

/** More rows than that nobody reads; the export has them all. */
const mostMoves = 200;
const mostLines = 50;

export interface DetailsGround {
  readonly members: readonly HistoryMember[];
  readonly now: number;
  /** Its members own partitions together, so that each takes up and gives up for itself. */
  readonly isShare: boolean;
  /** undefined: under way. */
  readonly moves: readonly MoveMessage[] | undefined;
  /** undefined: under way. */
  readonly meanwhile: MeanwhileMessage | undefined;
  readonly close: () => void;
  /** What logs say of it. */
  readonly lines: readonly LineMessage[];
  readonly openLine: (file: string, line: number) => void;
}

/** All facts of a rebalance: why, who came and went, what moved, and what it follows from. */
export function rebalanceDetails(rebalance: RebalanceMessage, ground: DetailsGround): TemplateResult {
  const { now, members, meanwhile, close } = ground;
  const at = timeOf(rebalance);
  const fact = (label: string, value: unknown, hover?: string): TemplateResult =>
    html`<dt>${label}</dt>
      <dd title=${hover ?? nothing}>${value}</dd>`;
  const step = stepText(rebalance);
  return html`<aside class="rebalance-details" aria-label=${t('Details of the rebalance at {0}', momentText(at, now))}>
    <div class="details-head">
      <h2 title=${wholeTime(at)}>${t('Rebalance at {0}', momentText(at, now))}</h2>
      <vscode-toolbar-button
        icon="close"
        label=${t('Close (Escape)')}
        title=${t('Close (Escape)')}
        @click=${close}
      ></vscode-toolbar-button>
    </div>
    ${rebalance.causes.length === 0 ? html`<p class="quiet">${t('What is known does not tell why.')}</p>` : nothing}
    ${rebalance.causes.map((cause) => causeView(rebalance, cause, ground))}
    <dl>
      ${fact(t('Kind'), kindWord(rebalance))} ${step === '' ? nothing : fact(t('Step'), step)}
      ${fact(t('Duration'), durationText(rebalance, now), durationHover(rebalance))}
      ${fact(t('Members'), t('{0} to {1}', rebalance.membersBefore, rebalance.membersAfter))}
      ${rebalance.joined.length === 0 ? nothing : fact(t('Joined'), memberList(rebalance.joined, members))}
      ${rebalance.left.length === 0 ? nothing : fact(t('Left'), memberList(rebalance.left, members))}
      ${rebalance.leader === undefined ? nothing : fact(t('Leader'), memberCell(rebalance.leader, members))}
      ${rebalance.assignor === undefined ? nothing : fact(t('Assignor'), nameCell(rebalance.assignor))}
      ${fact(t('Without owner'), withoutOwnerText(rebalance), withoutOwnerHover(rebalance))}
      ${fact(t('Records meanwhile'), meanwhileText(meanwhile), meanwhileHover(meanwhile))}
    </dl>
    ${movesView(rebalance, ground)} ${departures(rebalance, ground)} ${linesView(ground)}
  </aside>`;
}

function causeView(rebalance: RebalanceMessage, cause: RebalanceCauseMessage, ground: DetailsGround): TemplateResult {
  const { icon: name } = iconOf({ ...rebalance, causes: [cause] });
  return html`<section class="cause">
    <h3>
      ${icon(name, isTrouble({ ...rebalance, causes: [cause] }) ? 'trouble' : '')} ${causeWord(cause.cause)}
      <span class="certainty ${cause.certainty}">${certaintyWord(cause.certainty)}</span>
    </h3>
    ${toldView(cause, ground)}
  </section>`;
}

function toldView(told: Told, { openLine }: DetailsGround): TemplateResult {
  const { line } = told;
  return html`<p>${visibleText(told.text)} <span class="quiet">(${sourceWord(told.source)})</span></p>
    ${
      told.evidence.length === 0
        ? nothing
        : html`<ul class="evidence">
            ${told.evidence.map((one) => html`<li>${visibleText(one)}</li>`)}
          </ul>`
    }
    ${
      line === undefined
        ? nothing
        : html`<p class="log-line">
            <button class="link" title=${line.file} @click=${() => openLine(line.file, line.line)}>
              ${placeText(line.file, line.line)}
            </button>
            <code>${visibleText(line.text)}</code>
          </p>`
    }`;
}

/** Why those that left did, where that is told of them and not of the rebalance. */
function departures({ left, causes }: RebalanceMessage, ground: DetailsGround): TemplateResult[] {
  const said = new Set(causes.map(({ text }) => text));
  return left
    .map((place) => ground.members[place])
    .filter((member) => member?.left !== undefined && !said.has(member.left.text))
    .map(
      (member) =>
        html`<section class="cause">
          <h3>
            ${nameCell(member!.name, member!.id)}
            <span class="certainty ${member!.left!.certainty}">${certaintyWord(member!.left!.certainty)}</span>
          </h3>
          ${toldView(member!.left!, ground)}
        </section>`,
    );
}

function movesView({ moved, needless }: RebalanceMessage, { moves, members, isShare }: DetailsGround): TemplateResult {
  const none = isShare ? '' : t('nobody');
  const title =
    needless === 0
      ? t('{0} moved', formatCount(moved))
      : t('{0} moved, {1} needlessly', formatCount(moved), formatCount(needless));
  if (moved === 0) return html`<h3>${t('No partition moved')}</h3>`;
  if (moves === undefined)
    return html`<h3>${title}</h3>
      <p class="quiet">${t('Loading')}</p>`;
  return html`<h3>${title}</h3>
    <table class="moves">
      <thead>
        <tr>
          <th scope="col">${t('Partition')}</th>
          <th scope="col">${isShare ? t('No longer of') : t('From')}</th>
          <th scope="col">${isShare ? t('Also of') : t('To')}</th>
        </tr>
      </thead>
      <tbody>
        ${moves.slice(0, mostMoves).map(
          (move) =>
            html`<tr>
              <th scope="row">
                ${nameCell(`${move.topic}-${move.partition}`)}${
                  move.needless
                    ? html`<span
                        class="needless"
                        title=${t('A plan with fewest moves would have left it where it was.')}
                        >${t('needless')}</span
                      >`
                    : nothing
                }
              </th>
              <td>${memberCell(move.before, members, none)}</td>
              <td>${memberCell(move.after, members, none)}</td>
            </tr>`,
        )}
      </tbody>
    </table>
    ${moves.length > mostMoves ? html`<p class="quiet">${t('and {0} more; the JSON export has all', formatCount(moves.length - mostMoves))}</p>` : nothing}`;
}

function linesView({ lines, now, openLine }: DetailsGround): TemplateResult | typeof nothing {
  if (lines.length === 0) return nothing;
  const rest = lines.length - mostLines;
  return html`<h3>${lines.length === 1 ? t('1 line of logs') : t('{0} lines of logs', formatCount(lines.length))}</h3>
    <ul class="log-lines">
      ${lines.slice(0, mostLines).map(
        ({ at, file, line, text }) =>
          html`<li>
            <button class="link" title=${file} @click=${() => openLine(file, line)}>
              ${momentText(at, now)}, ${placeText(file, line)}
            </button>
            <code>${visibleText(text)}</code>
          </li>`,
      )}
    </ul>
    ${rest > 0 ? html`<p class="quiet">${t('and {0} more in the list of lines', formatCount(rest))}</p>` : nothing}`;
}

function memberList(places: readonly number[], members: readonly HistoryMember[]): TemplateResult {
  return html`<ul class="member-list">
    ${places.map((place) => html`<li>${memberCell(place, members)}</li>`)}
  </ul>`;
}

function memberCell(place: number, members: readonly HistoryMember[], none = t('nobody')): TemplateResult {
  const member = members[place];
  if (place === nobody || member === undefined) return html`<span class="quiet">${none}</span>`;
  return html`<span class="member-cell"
    ><span class="swatch" ${cssProperties({ '--swatch': `var(--vscode-charts-${member.color})` })}></span
    >${nameCell(member.name, member.host === '' ? member.id : `${member.id}\n${member.host}`)}</span
  >`;
}
