import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { configsCommand } from '../../src/changes/configsCommand.ts';
import { listAfter, listBase } from '../../src/changes/configsList.ts';
import type { Config } from '../../src/changes/configs.ts';
import { configRecordOf, wayBack, type ConfigRecord } from '../../src/changes/configsUndo.ts';
import { meaningOf, rankOf, readableValue, warningOf } from '../../src/groups/configMeanings.ts';
import { configRows, exportConfigs } from '../../src/ui/panels/configs/configRows.ts';
import { plainValue, problemOf } from '../../webview/configs/validate.ts';

function aConfig(name: string, value: string | undefined, more: Partial<Config> = {}): Config {
  return {
    name,
    value,
    source: 'default',
    type: 'string',
    isReadOnly: false,
    isSensitive: false,
    synonyms: [],
    documentation: undefined,
    ...more,
  };
}

describe('items of a list', () => {
  it('are added at its end, once, and taken from it wherever they are', () => {
    assert.equal(listAfter('delete', 'append', ['compact', 'delete']), 'delete,compact');
    assert.equal(listAfter(undefined, 'append', ['a', 'b', 'a']), 'a,b');
    assert.equal(listAfter('a, b,,c', 'subtract', ['b', 'x']), 'a,c');
    assert.equal(listAfter('a', 'subtract', ['a']), '');
  });

  it('are counted from the own value, else from Kafka’s default, and not from what brokers have', () => {
    const synonyms = [
      { source: 'all-brokers', value: 'compact' },
      { source: 'default', value: 'delete' },
    ] as const;
    assert.equal(listBase({ isOwn: false, value: 'compact', synonyms }), 'delete');
    assert.equal(listBase({ isOwn: true, value: '', synonyms }), '');
    assert.equal(listBase({ isOwn: false, value: undefined, synonyms: [] }), undefined);
  });
});

describe('what configurations mean for a consumer', () => {
  it('is said with the value as it stands', () => {
    assert.equal(
      meaningOf('topic', 'retention.ms', '604800000'),
      'Records older than 7 d are deleted: a consumer that is away longer loses them.',
    );
    assert.equal(meaningOf('topic', 'retention.ms', '-1'), 'Records are not deleted by age.');
    assert.match(meaningOf('broker', 'offsets.retention.minutes', '10080')!, /deleted after 7 d/);
    assert.match(meaningOf('group', 'consumer.session.timeout.ms', '45000')!, /silent for 45 s is dropped/);
    assert.match(meaningOf('broker', 'group.max.size', '2147483647')!, /any number of members/);
  });

  it('depends on others of the same resource', () => {
    const compacted = (name: string): string | undefined => (name === 'cleanup.policy' ? 'compact' : undefined);
    assert.match(meaningOf('topic', 'retention.ms', '1000', compacted)!, /no effect/);
    const both = (): string => 'compact,delete';
    assert.match(meaningOf('topic', 'retention.ms', '1000', both)!, /older than 1 s/);
    const set = (name: string): string | undefined => (name === 'log.retention.ms' ? '1000' : undefined);
    assert.match(meaningOf('broker', 'log.retention.hours', '168', set)!, /counts in its place/);
  });

  it('is not made up where nothing is known', () => {
    assert.equal(meaningOf('topic', 'flush.ms', '1'), undefined);
    assert.equal(meaningOf('topic', 'retention.ms', undefined), undefined);
    assert.equal(meaningOf('topic', 'constructor', '1'), undefined);
    assert.equal(rankOf('topic', 'toString'), undefined);
    assert.equal(rankOf('topic', 'cleanup.policy'), 0);
  });

  it('warns of what a step loses, and only then', () => {
    assert.match(warningOf('topic', 'retention.ms', '604800000', '60000')!, /read or not/);
    assert.equal(warningOf('topic', 'retention.ms', '60000', '604800000'), undefined);
    assert.equal(warningOf('topic', 'retention.ms', '60000', '-1'), undefined);
    assert.match(warningOf('topic', 'retention.bytes', '-1', '1000')!, /read or not/);
    assert.match(warningOf('topic', 'cleanup.policy', 'delete', 'compact')!, /without a key are refused/);
    assert.match(warningOf('topic', 'cleanup.policy', 'compact', 'compact,delete')!, /beyond the topic’s retention/);
    assert.match(warningOf('topic', 'min.insync.replicas', '1', '2')!, /acks=all/);
  });

  it('reads values as people do', () => {
    assert.equal(readableValue('retention.ms', '604800000'), '7 d');
    assert.equal(readableValue('retention.ms', '-1'), 'no limit');
    assert.equal(readableValue('segment.bytes', '1073741824'), '1 GiB');
    assert.equal(readableValue('max.compaction.lag.ms', '9223372036854775807'), 'no limit');
    assert.equal(readableValue('local.retention.ms', '-2'), undefined);
    assert.equal(readableValue('compression.gzip.level', '-1'), undefined);
    assert.equal(readableValue('min.compaction.lag.ms', '0'), undefined);
    assert.equal(readableValue('num.partitions', '3'), undefined);
    assert.equal(readableValue('cleanup.policy', 'delete'), undefined);
  });
});

describe('configurations as a command', () => {
  it('show, add and delete in one, with lists in brackets and quotes for the shell', () => {
    const topic = { kind: 'topic', name: 'orders' } as const;
    assert.equal(
      configsCommand('a:9092,b:9092', topic, []),
      'kafka-configs --bootstrap-server a:9092,b:9092 --entity-type topics --entity-name orders --describe --all',
    );
    assert.equal(
      configsCommand('a:9092', topic, [
        { name: 'cleanup.policy', value: 'compact,delete' },
        { name: 'retention.ms', value: undefined },
      ]),
      "kafka-configs --bootstrap-server a:9092 --entity-type topics --entity-name orders --alter --add-config 'cleanup.policy=[compact,delete]' --delete-config retention.ms",
    );
    assert.match(configsCommand('a:9092', { kind: 'broker', name: '' }, []), /--entity-type brokers --entity-default/);
    const hostile = configsCommand('a:9092', { kind: 'group', name: "it's; rm" }, []);
    assert.match(hostile, /--entity-name 'it'\\''s; rm' /);
    assert.match(configsCommand('a:9092', { kind: 'group', name: '-x' }, []), / --entity-name=-x /);
    assert.equal(
      configsCommand('a:9092', { kind: 'broker', name: '1' }, [{ name: 'a.b', value: 'key=[1,2]\\' }]),
      "cat > configs.properties <<'EOF'\na.b=key=[1,2]\\\\\nEOF\nkafka-configs --bootstrap-server a:9092 --entity-type brokers --entity-name 1 --alter --add-config-file configs.properties",
    );
  });

  it('keep secrets out', () => {
    const command = configsCommand('a:9092', { kind: 'broker', name: '1' }, [
      { name: 'ssl.key.password', value: 'hunter2', isSensitive: true },
    ]);
    assert.match(command, /--add-config ssl\.key\.password=\.\.\.$/);
  });
});

describe('the rows of the page', () => {
  const resource = { kind: 'topic', name: 'orders' } as const;
  const configs = [
    aConfig('a.first', '1'),
    aConfig('retention.ms', '1000', { source: 'topic', type: 'long' }),
    aConfig('cleanup.policy', 'delete', { type: 'list' }),
    aConfig('secret', undefined, { isSensitive: true, type: 'password' }),
    aConfig('fixed', '=1+1', { isReadOnly: true }),
  ];

  it('begin with those that decide a consumer’s life', () => {
    const rows = configRows(resource, configs);
    assert.deepEqual(
      rows.map(({ name }) => name),
      ['cleanup.policy', 'retention.ms', 'a.first', 'fixed', 'secret'],
    );
    assert.equal(rows[1]!.isOwn, true);
    assert.match(rows[3]!.fixed!, /does not let it be changed/);
  });

  it('are exported without secrets and without formulas', () => {
    const rows = configRows(resource, configs);
    const target = { cluster: 'local', ...resource };
    const csv = exportConfigs(target, rows, 'csv');
    assert.match(csv, /^name,value,source,type,changeable,sensitive\r\n/);
    assert.match(csv, /fixed,'=1\+1,default,string,false,false/);
    const json = JSON.parse(exportConfigs(target, rows, 'json')) as { configs: { name: string; value: unknown }[] };
    assert.deepEqual(json.configs.at(-1), {
      name: 'secret',
      value: null,
      source: 'default',
      type: 'password',
      sensitive: true,
    });
    assert.match(exportConfigs(target, rows, 'properties'), /retention\.ms=1000\n.*# secret is secret\n$/s);
  });
});

describe('a value that is typed', () => {
  it('may have a unit where its name has one', () => {
    assert.equal(plainValue('retention.ms', '7 d'), '604800000');
    assert.equal(plainValue('segment.bytes', '1GiB'), '1073741824');
    assert.equal(plainValue('num.partitions', '7 d'), '7 d');
    assert.equal(plainValue('retention.ms', '7 x'), '7 x');
    assert.equal(plainValue('retention.ms', ' -1 '), '-1');
  });

  it('is checked by type to the last number', () => {
    assert.equal(problemOf('long', '9223372036854775807'), undefined);
    assert.equal(problemOf('long', '9223372036854775808'), 'range');
    assert.equal(problemOf('int', '1.5'), 'integer');
    assert.equal(problemOf('double', 'x'), 'number');
    assert.equal(problemOf('boolean', 'yes'), 'boolean');
    assert.equal(problemOf('string', ''), undefined);
  });
});

describe('the way back', () => {
  const config = { name: 'a', before: '1', wasOwn: true, after: '2', isOwn: true, isSensitive: false };

  it('sets what was set, gives back what was inherited, and says which secrets are lost', () => {
    const record: ConfigRecord = {
      resource: { kind: 'topic', name: 'orders' },
      configs: [
        config,
        { ...config, name: 'b', wasOwn: false },
        { ...config, name: 'c', before: null, after: null, isSensitive: true },
        { ...config, name: 'd', before: null, after: null, isSensitive: true, wasOwn: false },
      ],
    };
    assert.deepEqual(wayBack(record), {
      changes: [
        { name: 'a', value: '1' },
        { name: 'b', value: undefined },
        { name: 'd', value: undefined },
      ],
      lost: ['c'],
    });
  });

  it('believes no entry that is damaged or of another kind', () => {
    const resource = { kind: 'topic', name: 'orders' };
    assert.equal(configRecordOf({ kind: 'reset', details: { resource, configs: [] } }), undefined);
    assert.equal(configRecordOf({ kind: 'alter-configs', details: undefined }), undefined);
    assert.equal(configRecordOf({ kind: 'alter-configs', details: { resource: 'x', configs: [] } }), undefined);
    assert.equal(configRecordOf({ kind: 'alter-configs', details: { resource, configs: [null] } }), undefined);
    assert.ok(configRecordOf({ kind: 'alter-configs', details: { resource, configs: [config] } }));
  });
});
