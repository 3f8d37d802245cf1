import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { HumanError } from '../../src/shared/errors.ts';
import { dockerArgs } from '../../tools/kafkaDocker.ts';
import { startOptions } from '../../tools/startOptions.ts';

describe('options of npm start', () => {
  it('start everything and open a browser where none are given', () => {
    assert.deepEqual(startOptions([]), { bootstrap: undefined, desktop: false, open: true });
  });

  it('name brokers, the desktop, and no browser', () => {
    assert.deepEqual(startOptions(['--bootstrap', 'a.example:9092, [::1]:9093', '--desktop', '--no-open']), {
      bootstrap: ['a.example:9092', '[::1]:9093'],
      desktop: true,
      open: false,
    });
  });

  it('ask for help', () => {
    assert.equal(startOptions(['--help']), 'help');
  });

  it('are named where one is unknown', () => {
    const error = startOptions(['--dekstop']);
    assert.ok(error instanceof HumanError);
    assert.match(error.message, /--dekstop/);
    for (const option of ['--bootstrap', '--desktop', '--no-open', '--help']) assert.ok(error.message.includes(option));
  });

  for (const wrong of ['localhost', 'localhost:', ':9092', 'http://localhost:9092', 'a:99999', '']) {
    it(`refuse "${wrong}" as brokers`, () => {
      const error = startOptions(['--bootstrap', wrong]);
      assert.ok(error instanceof HumanError);
      assert.match(error.message, /host:port|has no port|65535/);
    });
  }
});

describe('Kafka in Docker', () => {
  const args = dockerArgs(19_092, '4.3.1');
  const settings = new Map(
    args.flatMap((arg, index) =>
      args[index - 1] === '--env' ? [arg.split(/=(.*)/s).slice(0, 2) as [string, string]] : [],
    ),
  );

  it('is reached at the port that it advertises, from this machine only', () => {
    assert.equal(args[args.indexOf('--publish') + 1], '127.0.0.1:19092:19092');
    assert.equal(settings.get('KAFKA_ADVERTISED_LISTENERS'), 'PLAINTEXT://127.0.0.1:19092');
    assert.match(settings.get('KAFKA_LISTENERS') ?? '', /PLAINTEXT:\/\/:19092/);
  });

  it('runs the image of that version, and ends with its standard input', () => {
    const image = args.indexOf('apache/kafka:4.3.1');
    assert.deepEqual(args.slice(0, 3), ['run', '--rm', '--interactive']);
    assert.equal(args[image + 1], '-c');
    assert.match(args[image + 2] ?? '', /cat >\/dev\/null; kill/);
    assert.equal(args.length, image + 3);
  });

  it('asks for no more replicas than there are brokers', () => {
    for (const [name, value] of settings) {
      if (/REPLICATION_FACTOR$|MIN_ISR$/.test(name)) assert.equal(value, '1', name);
    }
  });
});
