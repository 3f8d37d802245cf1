import type { Member } from '../../../groups/snapshot.ts';
import { t } from '../../../shared/l10n.ts';
import type { ClientLanguage } from './protocol.ts';

/** What client libraries call themselves where nobody sets a client id. */
const hints: readonly (readonly [RegExp, ClientLanguage])[] = [
  [/^(?:consumer-.*-\d+$|consumer-\d+$|connector-consumer-|.*-StreamThread-)/, 'java'],
  [/kafkajs/i, 'kafkajs'],
  [/^kafka-python/i, 'kafka-python'],
  [/^aiokafka/i, 'aiokafka'],
  [/^rdkafka/i, 'librdkafka'],
  [/^(?:kgo|franz)/i, 'franz-go'],
  [/sarama/i, 'sarama'],
  [/segmentio\/kafka-go/, 'kafka-go'],
];

/** The library that the members' ids tell; undefined where they tell nothing. */
export function languageOf(members: readonly Pick<Member, 'clientId' | 'id'>[]): ClientLanguage | undefined {
  for (const { clientId, id } of members) {
    for (const text of [clientId, id]) {
      const found = hints.find(([pattern]) => pattern.test(text));
      if (found !== undefined) return found[1];
    }
  }
  return undefined;
}

/** What one has to know of a library before one does that. */
export function languageNote(language: ClientLanguage): string {
  const onlyOwner = t('Only the member that owns a partition can seek in it: run it in each member.');
  const committing = `${onlyOwner} ${t('It commits, too.')}`;
  switch (language) {
    case 'kafkajs':
      return t(
        'The next commit of the member makes it last. An eachMessage that hangs on a record has to return first.',
      );
    case 'librdkafka':
      return `${committing} ${t('Its ids are the same from Python, Go, .NET, Rust and Node.js: choose the one that it is.')}`;
    case 'sarama':
      return t(
        'Setup is called as a member gets its partitions: let the group rebalance. The next commit makes it last.',
      );
    case 'kafka-go':
      return t(
        'Its reader cannot seek within a group: it commits, and begins there when it is made again. Do so in each member.',
      );
    case 'java':
    case 'python':
    case 'kafka-python':
    case 'aiokafka':
    case 'go':
    case 'rust':
      return committing;
    case 'confluent-js':
    case 'franz-go':
    case 'dotnet':
      return `${onlyOwner} ${t('The next commit makes it last.')}`;
  }
}
