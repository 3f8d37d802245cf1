import type { ConfigRow, ConfigSource, ConfigType } from '../../src/ui/panels/configs/protocol.ts';
import { t } from '../shared/l10n.ts';
import { bounds, type ValueProblem } from './validate.ts';

export function sourceWord(source: ConfigSource): string {
  switch (source) {
    case 'topic':
      return t('this topic');
    case 'group':
      return t('this group');
    case 'broker':
      return t('this broker');
    case 'all-brokers':
      return t('all brokers');
    case 'file':
      return t('broker file');
    case 'default':
      return t('default');
    case 'unknown':
      return t('not known');
  }
}

export function sourceHover(source: ConfigSource): string {
  switch (source) {
    case 'topic':
    case 'group':
      return t('Somebody set it here.');
    case 'broker':
      return t('Somebody set it for one broker, while it ran.');
    case 'all-brokers':
      return t('Somebody set it for all brokers, while they ran.');
    case 'file':
      return t('It stands in the properties file of the broker that answered.');
    case 'default':
      return t('Nobody set it: it is Kafka’s own.');
    case 'unknown':
      return t('The broker does not tell.');
  }
}

export function sourceIcon(source: ConfigSource): string {
  switch (source) {
    case 'topic':
    case 'group':
      return 'edit';
    case 'broker':
    case 'all-brokers':
      return 'server';
    case 'file':
      return 'file';
    case 'default':
      return 'circle-outline';
    case 'unknown':
      return 'question';
  }
}

/** The value as a cell shows it. */
export function shownValue({ value, isSensitive }: Pick<ConfigRow, 'value' | 'isSensitive'>): string {
  if (isSensitive) return t('secret');
  return value === undefined ? t('none') : value === '' ? t('empty') : value;
}

export function problemWords(problem: ValueProblem, type: ConfigType): string {
  switch (problem) {
    case 'integer':
      return t('A whole number is wanted.');
    case 'range': {
      const [least, most] = bounds[type]!;
      return t('A number from {0} to {1} is wanted.', String(least), String(most));
    }
    case 'number':
      return t('A number is wanted, such as 0.5.');
    case 'boolean':
      return t('true or false is wanted.');
  }
}
