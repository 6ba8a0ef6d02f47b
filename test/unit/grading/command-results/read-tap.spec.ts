import { describe, expect, it } from 'vitest';
import { readTap } from '../../../../src/grading/command-results/read-tap.js';
import { bytes } from '../builders.js';

const read = (...lines: string[]) => readTap(bytes(lines.join('\n')));

describe('readTap', () => {
  it('reads cases, names, diagnostics and a plan at either end', () => {
    const cases = ['ok 1 - adds', 'not ok 2 - divides', '# expected 2', '# got 3'];
    for (const lines of [
      ['TAP version 13', '1..2', ...cases],
      [...cases, '1..2'],
    ]) {
      expect(read(...lines)).toMatchObject({
        ok: true,
        report: {
          share: 0.5,
          isPassed: false,
          cases: [
            { name: 'adds', outcome: 'passed', message: null },
            { name: 'divides', outcome: 'failed', message: 'expected 2\ngot 3' },
          ],
        },
      });
    }
  });

  it('reads YAML blocks of version 14 and sums subtests up by the test that follows them', () => {
    const result = read(
      'TAP version 14',
      '# Subtest: inner',
      '    not ok 1 - a',
      '    1..1',
      'not ok 1 - inner',
      '  ---',
      '  message: "off by one"',
      '  ...',
      'ok 2 - outer',
      '1..2',
    );
    expect(result).toMatchObject({ report: { share: 0.5, cases: [{ message: 'message: "off by one"' }, {}] } });
  });

  it('does not count skipped and todo cases', () => {
    expect(read('1..3', 'ok 1 - a', 'ok 2 - b # SKIP no network', 'not ok 3 - c # todo later')).toMatchObject({
      report: { share: 1, isPassed: true },
    });
  });

  it('keeps an escaped hash in the name', () => {
    expect(read('1..1', 'not ok 1 - C\\# todo list')).toMatchObject({
      report: { isPassed: false, cases: [{ name: 'C# todo list', outcome: 'failed' }] },
    });
  });

  it.each([
    ['no plan', ['ok 1', 'ok 2'], 0, 'plan (such as 1..4) is missing'],
    ['more cases than planned', ['1..1', 'ok 1', 'ok 2'], 0, 'The plan is 1 tests, and there are 2'],
    ['fewer cases than planned', ['1..4', 'ok 1', 'ok 2'], 0.5, 'there are only 2'],
    ['a number outside of the plan', ['1..2', 'ok 1', 'ok 7'], 0, 'another number'],
    ['a number twice', ['1..2', 'ok 1', 'ok 1'], 1, 'stands there twice'],
    ['two plans', ['1..1', 'ok 1', '1..1'], 1, 'plan of the tests stands there twice'],
    ['bailing out', ['1..2', 'ok 1', 'Bail out! no database'], 0.5, 'gave up: no database'],
    ['an empty plan', ['1..0 # skip all'], 0, 'No test case was run'],
    ['only skipped cases', ['1..1', 'ok 1 # skip'], 0, 'No test case was run'],
    ['nothing', [''], 0, 'plan'],
  ])('does not pass %s', (_, lines, share, remark) => {
    const result = read(...lines);
    expect(result).toMatchObject({ ok: true, report: { isPassed: false, share } });
    expect(result.ok && result.report.remark).toContain(remark);
  });

  it.each([
    ['a hundred thousand cases', bytes('ok\n'.repeat(100_000)), 'more than 1000 test cases'],
    ['a plan of a milliard', bytes('1..999999999\n'), 'more than 1000 test cases'],
    ['another version', bytes('TAP version 99\n1..1\nok'), 'TAP version 99'],
    ['bytes that are not UTF-8', Uint8Array.of(0x6f, 0x6b, 0xff), 'not UTF-8'],
    ['too many bytes', new Uint8Array(1_048_577), 'larger than 1 MiB'],
  ])('refuses %s', (_, input, fault) => {
    const result = readTap(input);
    expect(result.ok ? '' : result.fault).toContain(fault);
  });

  it('takes long lines of blanks and hashes in linear time', () => {
    const long = `ok 1 ${' '.repeat(300_000)}${'# '.repeat(200_000)}`;
    expect(read('1..1', long)).toMatchObject({ ok: true, report: { isPassed: true } });
  });

  it('cuts names and messages, and shows controls as blanks', () => {
    const result = read('1..1', `not ok 1 - a\u0007b${'x'.repeat(5_000)}`, `# ${'y'.repeat(5_000)}`);
    const [one] = result.ok ? result.report.cases : [];
    expect(one?.name.startsWith('a b')).toBe(true);
    expect(one?.name.length).toBeLessThan(250);
    expect(one?.message?.length).toBeLessThan(1_100);
  });
});
