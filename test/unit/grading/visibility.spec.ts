import { describe, expect, it } from 'vitest';
import { VISIBILITIES } from '../../../src/grading/grading-document.js';
import { presentGradingDocument, presentTestResult } from '../../../src/grading/visibility.js';
import { expectation, gradingDocument, programTest, testResult } from './builders.js';

const dueAt = new Date('2026-03-01T12:00:00.000Z');
const before = { now: new Date(dueAt.getTime() - 1), dueAt };
const due = { now: dueAt, dueAt };

const secretly = (visibility: (typeof VISIBILITIES)[number], name: string) =>
  programTest({
    name,
    visibility,
    description: `SECRET description ${visibility}`,
    stdin: `SECRET stdin ${visibility}`,
    args: [`SECRET arg ${visibility}`],
    run: `SECRET run ${visibility}`,
    expect: expectation({ stdout: `SECRET stdout ${visibility}`, stderr: `SECRET stderr ${visibility}` }),
    limits: { timeMs: 1234 },
  });

describe('presentTestResult', () => {
  it('shows staff everything, and whether students see it', () => {
    for (const visibility of VISIBILITIES) {
      const { visibility: _, ...whole } = testResult({ visibility });
      expect(presentTestResult(testResult({ visibility }), 'staff', before, 1)).toEqual({
        ...whole,
        hint: null,
        hidden: visibility !== 'visible',
      });
    }
  });

  it('shows students a visible test whole', () => {
    const { visibility: _, ...whole } = testResult();
    expect(presentTestResult(testResult(), 'student', before, 1)).toEqual({
      ...whole,
      staffMessage: null,
      hint: null,
      hidden: false,
    });
  });

  it('shows students of a hidden test name, kind, verdict and points, and nothing else', () => {
    for (const visibility of ['hidden', 'after-due'] as const) {
      expect(presentTestResult(testResult({ visibility }), 'student', before, 1)).toEqual({
        name: 'adds',
        kind: 'program',
        verdict: 'wrong_answer',
        points: 0,
        maxPoints: 2,
        timeMs: null,
        wallMs: null,
        memoryKiB: null,
        exitCode: null,
        signal: null,
        message: null,
        stdout: null,
        stderr: null,
        expected: null,
        cases: null,
        staffMessage: null,
        hint: null,
        hidden: true,
      });
    }
  });

  it('does not let students know of a secret test', () => {
    expect(presentTestResult(testResult({ visibility: 'secret' }), 'student', due, 1)).toBeNull();
  });

  it('lets nothing through that is added to a result later', () => {
    const more = { ...testResult({ visibility: 'hidden' }), answerKey: 'SECRET-42' };
    expect(JSON.stringify(presentTestResult(more, 'student', due, 1))).not.toContain('SECRET-42');
  });
});

describe('presentGradingDocument', () => {
  const document = gradingDocument({
    files: [
      { path: 'open.csv', content: 'open', encoding: 'utf8', hidden: false, executable: false },
      { path: 'SECRET.csv', content: 'SECRET', encoding: 'utf8', hidden: true, executable: false },
    ],
    tests: [
      programTest({ name: 'open' }),
      secretly('hidden', 'half'),
      secretly('secret', 'SECRET name'),
      secretly('after-due', 'later'),
    ],
    groups: [
      { name: 'mixed', points: 5, scoring: 'all', tests: ['open', 'SECRET name', 'half'] },
      { name: 'SECRET group', points: 5, scoring: 'all', tests: ['SECRET name'] },
    ],
  });

  it('gives staff the document', () => {
    expect(presentGradingDocument(document, 'staff', before)).toBe(document);
  });

  it('gives students nothing of what is hidden or secret', () => {
    const presented = presentGradingDocument(document, 'student', before);
    expect(JSON.stringify(presented)).not.toMatch(/SECRET|1234/);
    expect(presented.tests).toEqual([
      programTest({ name: 'open' }),
      { kind: 'program', name: 'half', points: 1, visibility: 'hidden', hidden: true },
      { kind: 'program', name: 'later', points: 1, visibility: 'after-due', hidden: true },
    ]);
    expect(presented.files.map((file) => file.path)).toEqual(['open.csv']);
    expect(presented.groups).toEqual([{ name: 'mixed', points: 5, scoring: 'all', tests: ['open', 'half'] }]);
  });

  it('opens after-due tests when they are due, and no others', () => {
    const text = JSON.stringify(presentGradingDocument(document, 'student', due));
    expect(text).toContain('SECRET stdout after-due');
    expect(text).not.toMatch(/SECRET (stdout|stdin|arg|run|stderr|description) (hidden|secret)/);
  });

  it('does not change the document that it was given', () => {
    const copy = structuredClone(document);
    presentGradingDocument(document, 'student', before);
    expect(document).toEqual(copy);
  });
});
