import { t } from '../../../shared/l10n.ts';
import type { ChangeRequest } from './protocol.ts';

/** What a change is called. */
export function titleOf(kind: ChangeRequest['kind']): string {
  switch (kind) {
    case 'copy':
      return t('Copy offsets');
    case 'delete-offsets':
      return t('Delete offsets');
    case 'delete-groups':
      return t('Delete groups');
    case 'remove-members':
      return t('Remove members');
    case 'undo':
      return t('Undo');
    case 'restore':
      return t('Restore offsets');
    case 'delete-topics':
      return t('Delete topics');
    case 'add-partitions':
      return t('Add partitions');
    case 'delete-records':
      return t('Delete records');
  }
}

/** Of the tab: names the object first. */
export function tabTitle(request: ChangeRequest): string {
  const title = titleOf(request.kind);
  switch (request.kind) {
    case 'copy':
      return t('{0} - {1}', request.from, title);
    case 'delete-offsets':
      return request.groups.length === 1 ? t('{0} - {1}', request.groups[0]!.group, title) : title;
    case 'delete-groups':
      return request.groups.length === 1 ? t('{0} - {1}', request.groups[0]!, title) : title;
    case 'remove-members':
      return t('{0} - {1}', request.members[0]?.group ?? '', title);
    case 'restore':
      return t('{0} - {1}', request.group, title);
    case 'delete-topics':
      return request.topics.length === 1 ? t('{0} - {1}', request.topics[0]!, title) : title;
    case 'add-partitions':
    case 'delete-records':
      return t('{0} - {1}', request.topic, title);
    case 'undo':
      return request.subject === undefined ? title : t('{0} - {1}', request.subject, title);
  }
}
