import { HumanError } from '../../shared/errors.ts';
import { t } from '../../shared/l10n.ts';

/** What a command says that needs a cluster which is known and not connected. */
export function notConnected(cluster: string): HumanError {
  return new HumanError(t('{0} is not connected.', cluster), t('Connect it in the view Clusters, then retry.'));
}
