import { html, type TemplateResult } from 'lit';
import type { LagRow, MemberInfo } from '../../src/ui/panels/protocol.ts';
import { cssProperties } from '../shared/element.ts';
import { partitionCount } from '../shared/counted.ts';
import { t } from '../shared/l10n.ts';
import type { Grouping } from '../shared/tableModel.ts';
import { exact, nameCell } from '../shared/text.ts';

/** How the table is grouped; undefined for a flat one. */
export function groupingOf(by: string, members: ReadonlyMap<string, MemberInfo>): Grouping<LagRow> | undefined {
  const summary = (rows: readonly LagRow[]): TemplateResult => {
    const known = rows.filter(({ lag }) => lag !== undefined && !lag.startsWith('-'));
    const lag = known.length === 0 ? undefined : String(known.reduce((sum, row) => sum + BigInt(row.lag!), 0n));
    const words = t('{0}, lag {1}', partitionCount(rows.length), exact(lag));
    return html`<span class="quiet">${words}</span>`;
  };
  if (by === 'topic') {
    return { idOf: (row) => row.topic, label: (id, rows) => html`${nameCell(id)} ${summary(rows)}` };
  }
  if (by === 'member') {
    return {
      idOf: (row) => row.owner ?? '',
      label: (id, rows) => {
        const member = members.get(id);
        if (member === undefined) return html`${t('Unassigned')} ${summary(rows)}`;
        const swatch = cssProperties({ '--swatch': `var(--vscode-charts-${member.color})` });
        return html`<span class="swatch" ${swatch}></span>${nameCell(member.name, member.id)}
          <span class="quiet">${member.host}</span> ${summary(rows)}`;
      },
    };
  }
  return undefined;
}
