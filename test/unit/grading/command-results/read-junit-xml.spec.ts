import { describe, expect, it } from 'vitest';
import { readJunitXml } from '../../../../src/grading/command-results/read-junit-xml.js';
import { bytes } from '../builders.js';

const read = (...documents: string[]) => readJunitXml(documents.map(bytes));

describe('readJunitXml', () => {
  it('makes a case of each testcase, with the words of what failed', () => {
    const result = read(`<?xml version="1.0" encoding="utf-8"?>
      <testsuites><testsuite name="pytest" tests="4" failures="1" errors="1" skipped="1">
        <testcase classname="test_sum" name="test_adds" time="0.1"/>
        <testcase classname="test_sum" name="test_overflows"><failure message="assert 1 == 2">&lt;trace&gt;</failure></testcase>
        <testcase name="test_error"><error><![CDATA[boom & more]]></error></testcase>
        <testcase name="test_later"><skipped/></testcase>
        <system-out>never shown</system-out>
      </testsuite></testsuites>`);
    expect(result).toEqual({
      ok: true,
      report: {
        share: 1 / 3,
        isPassed: false,
        remark: null,
        scale: null,
        expected: 3,
        outputVisibility: 'visible',
        cases: [
          expect.objectContaining({ name: 'test_sum: test_adds', outcome: 'passed', message: null }),
          expect.objectContaining({
            name: 'test_sum: test_overflows',
            outcome: 'failed',
            message: 'assert 1 == 2\n<trace>',
          }),
          expect.objectContaining({ name: 'test_error', outcome: 'failed', message: 'boom & more' }),
          expect.objectContaining({ name: 'test_later', outcome: 'ignored' }),
        ],
      },
    });
  });

  it('adds up several documents and nested suites', () => {
    const result = read(
      '<testsuite tests="2"><testsuite tests="2"><testcase name="a"/><testcase name="b"/></testsuite></testsuite>',
      '<testsuite tests="1"><testcase name="c"><failure/></testcase></testsuite>',
    );
    expect(result).toMatchObject({ report: { share: 2 / 3, cases: [{ name: 'a' }, { name: 'b' }, { name: 'c' }] } });
  });

  it('counts cases that were announced and are not there as failed', () => {
    expect(
      read('<testsuites tests="4"><testsuite tests="4"><testcase name="a"/></testsuite></testsuites>'),
    ).toMatchObject({
      report: { share: 0.25, isPassed: false, remark: 'The suites announce 3 more than there are.' },
    });
  });

  it('takes a case that was skipped and failed for failed', () => {
    const result = read('<testsuite><testcase name="a"><failure/><skipped/></testcase></testsuite>');
    expect(result).toMatchObject({ report: { cases: [{ outcome: 'failed' }] } });
  });

  it.each([
    ['no cases', '<testsuites/>'],
    ['only skipped ones', '<testsuite><testcase name="a"><skipped/></testcase></testsuite>'],
  ])('does not pass %s', (_, text) => {
    expect(read(text)).toMatchObject({ report: { isPassed: false, share: 0, remark: 'No test case was run.' } });
  });

  const bomb = `<!DOCTYPE t [<!ENTITY a "aaaa">${'bcdefgh'
    .split('')
    .map((name, index) => `<!ENTITY ${name} "${`&${'abcdefg'.charAt(index)};`.repeat(10)}">`)
    .join('')}]><testsuite><testcase name="&h;"/></testsuite>`;

  it.each([
    ['an entity bomb', bomb, 'document type'],
    ['an external entity', '<!DOCTYPE t SYSTEM "file:///etc/passwd"><testsuite/>', 'document type'],
    ['an entity of nobody', '<testsuite><testcase name="&x;"/></testsuite>', 'not XML'],
    ['elements without end', '<testsuite>'.repeat(50_000), 'nested deeper than 64'],
    ['another root', '<html></html>', 'not JUnit XML'],
    ['text', 'all tests passed', 'not XML'],
    ['a document that is cut', '<testsuite><testcase name="a"/>', 'not XML'],
    ['two roots in one', '<testsuite><testcase name="a"/></testsuite><testsuite/>', 'not XML'],
    ['a hundred thousand cases', `<testsuite>${'<testcase/>'.repeat(90_000)}</testsuite>`, 'more than 1000 test cases'],
    ['nothing', '', 'not XML'],
  ])('refuses %s', (_, text, fault) => {
    const result = read(text);
    expect(result.ok ? '' : result.fault).toContain(fault);
  });

  it('refuses bytes that are not UTF-8, and more than 1 MiB in all', () => {
    expect(readJunitXml([Uint8Array.of(0x3c, 0xff)])).toMatchObject({ ok: false, fault: 'The results are not UTF-8.' });
    const half = bytes(`<testsuite><testcase name="a"/>${' '.repeat(600_000)}</testsuite>`);
    expect(readJunitXml([half])).toMatchObject({ ok: true });
    expect(readJunitXml([half, half])).toMatchObject({ ok: false, fault: 'The results are larger than 1 MiB.' });
  });

  it('keeps little of a long message', () => {
    const result = read(
      `<testsuite><testcase name="a"><failure>${'x'.repeat(900_000)}</failure></testcase></testsuite>`,
    );
    expect(result.ok && result.report.cases[0]?.message?.length).toBeLessThan(1_100);
  });
});
