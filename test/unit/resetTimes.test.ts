import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { formatIsoDuration, formatKafkaTime, parseDuration, parseTime } from '../../src/groups/plan/times.ts';
import { HumanError } from '../../src/shared/errors.ts';

const now = Date.UTC(2026, 6, 15, 12, 0, 0);
const utc = (text: string): string =>
  new Date(Number(parseTime(text, { now, zone: 'utc' }))).toISOString().replace('.000Z', 'Z');

describe('parseTime', () => {
  it('reads what ISO 8601 has, and without a zone means UTC as the tool does', () => {
    assert.equal(utc('2026-01-31T14:30:05.250'), '2026-01-31T14:30:05.250Z');
    assert.equal(utc('2026-01-31'), '2026-01-31T00:00:00Z');
    assert.equal(utc('2026-01-31 14:30'), '2026-01-31T14:30:00Z');
    assert.equal(utc('2026-01-31T14'), '2026-01-31T14:00:00Z');
    assert.equal(utc('2026-01-31T14:30:05Z'), '2026-01-31T14:30:05Z');
    assert.equal(utc('2026-01-31T14:30:05,5+02:00'), '2026-01-31T12:30:05.500Z');
    assert.equal(utc('2026-01-31T14:30:05.123456789-0330'), '2026-01-31T18:00:05.123Z');
    assert.equal(utc('2026-01-31T14:30+02'), '2026-01-31T12:30:00Z');
    assert.equal(utc('2024-02-29T00:00:00Z'), '2024-02-29T00:00:00Z');
  });

  it('reads zones by name, on both sides of a change of the clocks', () => {
    assert.equal(utc('2026-01-31 14:30 Europe/Berlin'), '2026-01-31T13:30:00Z');
    assert.equal(utc('2026-07-31T14:30[Europe/Berlin]'), '2026-07-31T12:30:00Z');
    assert.equal(utc('2026-03-29 03:30 Europe/Berlin'), '2026-03-29T01:30:00Z');
    assert.equal(utc('2026-03-29 01:30 Europe/Berlin'), '2026-03-29T00:30:00Z');
    assert.equal(utc('2026-01-31 14:30 America/Argentina/Buenos_Aires'), '2026-01-31T17:30:00Z');
  });

  it('reads local time where that is wanted', () => {
    const local = parseTime('2026-01-31T14:30:05.250', { now, zone: 'local' });
    assert.equal(local, BigInt(new Date(2026, 0, 31, 14, 30, 5, 250).getTime()));
    const today = new Date(now);
    today.setHours(14, 30, 0, 0);
    assert.equal(parseTime('14:30', { now, zone: 'local' }), BigInt(today.getTime()));
  });

  it('reads times from now, and milliseconds since 1970', () => {
    assert.equal(utc('now'), '2026-07-15T12:00:00Z');
    assert.equal(utc('2 hours ago'), '2026-07-15T10:00:00Z');
    assert.equal(utc('an hour ago'), '2026-07-15T11:00:00Z');
    assert.equal(utc('1d 12h ago'), '2026-07-14T00:00:00Z');
    assert.equal(utc('PT90M ago'), '2026-07-15T10:30:00Z');
    assert.equal(utc('today'), '2026-07-15T00:00:00Z');
    assert.equal(utc('yesterday 23:59:59.5'), '2026-07-14T23:59:59.500Z');
    assert.equal(utc('08:15'), '2026-07-15T08:15:00Z');
    assert.equal(utc('1700000000000'), '2023-11-14T22:13:20Z');
  });

  it('takes nothing that is no time', () => {
    for (const text of [
      '',
      'soon',
      '2026-02-30',
      '2026-13-01',
      '2026-01-31T25:00',
      '2026-01-31T14:61',
      '25:00',
      '12',
      'ago',
      '2026-01-31T14:30+99:00',
      '2026-01-31 Middle/Earth',
      '2026-01-31T14:30 and more',
      '1 fortnight ago',
      '9999999999999999',
    ]) {
      assert.throws(() => parseTime(text, { now, zone: 'utc' }), HumanError, text);
    }
  });
});

describe('parseDuration', () => {
  it("reads what java.time.Duration reads, and people's own", () => {
    for (const [text, milliseconds] of [
      ['PT2H', 7_200_000n],
      ['P1DT2H3M4.005S', 93_784_005n],
      ['-PT1M', -60_000n],
      ['PT-1M30S', -30_000n],
      ['pt0.5s', 500n],
      ['2h', 7_200_000n],
      ['1d 12h', 129_600_000n],
      ['1 hour and 30 minutes', 5_400_000n],
      ['90 min', 5_400_000n],
      ['1.5h', 5_400_000n],
      ['250ms', 250n],
      ['1 week', 604_800_000n],
    ] as const) {
      assert.equal(parseDuration(text), milliseconds, text);
    }
  });

  it('takes nothing that is no duration', () => {
    for (const text of ['', 'P', 'PT', 'P1Y', '2', 'h', '2 hours 3', '-2h', 'P1DT']) {
      assert.throws(() => parseDuration(text), HumanError, text);
    }
  });
});

describe('the forms that the tool takes', () => {
  it('say the same', () => {
    for (const milliseconds of [0n, 1n, 1_000n, 61_001n, 86_400_000n, 93_784_005n, 864_000_000n]) {
      assert.equal(parseDuration(formatIsoDuration(milliseconds)), milliseconds);
    }
    assert.equal(formatIsoDuration(93_784_005n), 'P1DT2H3M4.005S');
    assert.equal(formatKafkaTime(1_700_000_000_007n), '2023-11-14T22:13:20.007Z');
  });
});
