import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { addressText, parseBootstrap } from '../../src/kafka/bootstrap.ts';
import { HumanError } from '../../src/shared/errors.ts';

const texts = (input: string | readonly string[]): string[] => parseBootstrap(input).map(addressText);

describe('parseBootstrap', () => {
  it('reads lists as people paste them', () => {
    assert.deepEqual(texts('a:9092, b:9093\n c:9094;d:1'), ['a:9092', 'b:9093', 'c:9094', 'd:1']);
    assert.deepEqual(texts(['a:9092', 'b:9093,c:9094']), ['a:9092', 'b:9093', 'c:9094']);
    assert.deepEqual(texts('PLAINTEXT://kafka.example.org:9092,SASL_SSL://other:9093/'), [
      'kafka.example.org:9092',
      'other:9093',
    ]);
  });

  it('keeps IPv6 addresses, and their brackets in text only', () => {
    assert.deepEqual(parseBootstrap('[::1]:9092'), [{ host: '::1', port: 9092 }]);
    assert.deepEqual(texts('[fe80::1%eth0]:9092'), ['[fe80::1%eth0]:9092']);
  });

  it('drops duplicates, whatever their case', () => {
    assert.deepEqual(texts('Localhost:9092,localhost:9092'), ['localhost:9092']);
  });

  for (const [input, message] of [
    ['', /No bootstrap server/],
    [' , ', /No bootstrap server/],
    ['localhost', /"localhost" has no port\. .*"localhost:9092"/],
    ['localhost:', /has no port\. .*"localhost:9092"/],
    ['a:9092,b', /"b" has no port/],
    ['a:0', /"0" in "a:0" is no port/],
    ['a:65536', /no port/],
    ['a:9092x', /no port/],
    ['a:-1', /no port/],
    [':9092', /no host:port/],
    ['::1:9092', /brackets/],
    ['fe80::1', /brackets/],
    ['http://localhost:8080', /web address/],
    ['HTTPS://x', /web address/],
    ['a:9092/path', /no port/],
    ['user@a:9092', /no host:port/],
    ['[::1', /no host:port/],
    ['[::1]', /has no port/],
  ] as const) {
    it(`refuses ${JSON.stringify(input)}`, () => {
      assert.throws(
        () => parseBootstrap(input),
        (error) => error instanceof HumanError && error.advice !== undefined && message.test(error.message),
      );
    });
  }

  it('does not repeat endless input', () => {
    assert.throws(
      () => parseBootstrap('x'.repeat(10_000)),
      (error: Error) => error.message.length < 400,
    );
  });
});
