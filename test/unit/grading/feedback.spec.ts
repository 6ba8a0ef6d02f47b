import { describe, expect, it } from 'vitest';
import {
  changesWhenDue,
  nearestVisibility,
  partsShown,
  readersOf,
  settledFeedback,
  type SaidOfFeedback,
} from '../../../src/grading/feedback.js';
import {
  FEEDBACK_PARTS,
  type Feedback,
  type FeedbackPart,
  VISIBILITIES,
} from '../../../src/grading/grading-document.js';
import { parseGradingDocument } from '../../../src/grading/parse-grading-document.js';
import {
  presentGradingDocument,
  presentTestResult,
  presentTestResults,
  type PresentedTestResult,
} from '../../../src/grading/visibility.js';
import { gradingDocument, programTest, testResult } from './builders.js';

const dueAt = new Date('2026-03-01T12:00:00.000Z');
const before = { now: new Date(dueAt.getTime() - 1), dueAt };
const due = { now: dueAt, dueAt };
const undated = { now: new Date('2999-01-01T00:00:00.000Z'), dueAt: null };

const ALL: readonly FeedbackPart[] = [...FEEDBACK_PARTS];
const OUTLINE: readonly FeedbackPart[] = ['name', 'score'];

const feedback = (now: readonly FeedbackPart[], afterDue: readonly FeedbackPart[] = now): Feedback => ({
  now,
  afterDue,
  hint: 'the HINT',
});

/** What a result holds that only one part may show, by a word that stands nowhere else in it. */
const whole = testResult({
  name: 'the NAME',
  verdict: 'wrong_answer',
  stdout: 'the STDOUT',
  stderr: 'the STDERR',
  message: 'the MESSAGE',
  expected: 'the EXPECTED',
  cases: [{ name: 'the CASE', verdict: 'wrong_answer', points: 0, maxPoints: 2, message: 'the REASON' }],
});

const present = (parts: readonly FeedbackPart[]) =>
  presentTestResult({ ...whole, feedback: feedback(parts) }, 'student', before, 1);

const more = (parts: readonly FeedbackPart[], shown: readonly FeedbackPart[]) =>
  parts.filter((part) => !shown.includes(part));

const readers = (now: readonly FeedbackPart[], afterDue = now) =>
  readersOf({ visibility: 'hidden', feedback: feedback(now, afterDue) });

const words = (presented: PresentedTestResult | null): string[] =>
  [...JSON.stringify(presented).matchAll(/the ([A-Z]+)/g)].map(([, word = '']) => word).toSorted();

describe('what students see of a result', () => {
  it.each<[readonly FeedbackPart[], readonly string[]]>([
    [['name'], ['NAME']],
    [['score'], []],
    [['output'], ['STDERR', 'STDOUT']],
    [['expected'], ['EXPECTED']],
    [['score', 'message'], ['CASE']],
    [
      ['score', 'message', 'expected'],
      ['CASE', 'EXPECTED', 'MESSAGE', 'REASON'],
    ],
    [['score', 'hint'], ['HINT']],
    // That there is a message, or a hint, would tell the verdict.
    [['name', 'message', 'hint'], ['NAME']],
    [
      ['name', 'message', 'expected', 'hint'],
      ['EXPECTED', 'NAME'],
    ],
    [ALL, ['CASE', 'EXPECTED', 'HINT', 'MESSAGE', 'NAME', 'REASON', 'STDERR', 'STDOUT']],
  ])('is, of %j, nothing but %j', (parts, seen) => {
    const result = { ...whole, feedback: feedback(parts) };
    expect(words(presentTestResult(result, 'student', before, 1))).toEqual(seen);
  });

  it('has a verdict and points with `score` only', () => {
    expect(present(['score'])).toMatchObject({ verdict: 'wrong_answer', points: 0, maxPoints: 2 });
    expect(present(['output'])).toMatchObject({ verdict: null, points: null, maxPoints: 2, exitCode: 0, timeMs: 12 });
    expect(present(['name'])).toMatchObject({
      verdict: null,
      exitCode: null,
      signal: null,
      timeMs: null,
      wallMs: null,
    });
  });

  it('is nothing of a test of which no part is shown, until it is due', () => {
    const result = { ...whole, feedback: feedback([], OUTLINE) };
    expect(presentTestResult(result, 'student', before, 1)).toBeNull();
    expect(words(presentTestResult(result, 'student', due, 1))).toEqual(['NAME']);
  });

  it.each<[string, Feedback, readonly string[], readonly string[]]>([
    [
      'hidden after due',
      feedback(ALL, OUTLINE),
      ['CASE', 'EXPECTED', 'HINT', 'MESSAGE', 'NAME', 'REASON', 'STDERR', 'STDOUT'],
      ['NAME'],
    ],
    [
      'own output now, expected after due',
      feedback(['name', 'score', 'output'], ['name', 'score', 'output', 'expected']),
      ['NAME', 'STDERR', 'STDOUT'],
      ['EXPECTED', 'NAME', 'STDERR', 'STDOUT'],
    ],
    [
      'a hint now, the rest after due',
      feedback([...OUTLINE, 'hint'], ALL),
      ['HINT', 'NAME'],
      ['CASE', 'EXPECTED', 'HINT', 'MESSAGE', 'NAME', 'REASON', 'STDERR', 'STDOUT'],
    ],
  ])('changes at the due date: %s', (_, shown, now, then) => {
    const result = { ...whole, feedback: shown };
    expect(words(presentTestResult(result, 'student', before, 1))).toEqual(now);
    expect(words(presentTestResult(result, 'student', due, 1))).toEqual(then);
    // Without a due date that moment never comes.
    expect(words(presentTestResult(result, 'student', undated, 1))).toEqual(now);
    expect(changesWhenDue(result)).toBe(true);
  });

  it('holds no hint where it was accepted', () => {
    const result = testResult({ verdict: 'accepted', points: 2, message: null, feedback: feedback(ALL) });
    expect(presentTestResult(result, 'student', before, 1)?.hint).toBeNull();
  });

  it('is all of it to staff, who are told that students see less', () => {
    for (const parts of [[], ['score'], ['name', 'message'], ALL] as const) {
      const { visibility: _, feedback: __, ...rest } = { ...whole, feedback: feedback(parts) };
      expect(presentTestResult({ ...whole, feedback: feedback(parts) }, 'staff', before, 7)).toEqual({
        ...rest,
        hint: 'the HINT',
        hidden: parts.length !== ALL.length,
      });
    }
  });

  it('numbers tests without a name by their place among those that are listed', () => {
    const nameless = { ...whole, feedback: feedback(['score']) };
    const secret = testResult({ name: 'the SECRET', visibility: 'secret' });
    const listed = presentTestResults([testResult(), secret, nameless, nameless], 'student', before);
    expect(listed.map(({ name }) => name)).toEqual(['adds', 'Test 2', 'Test 3']);
  });
});

describe('the words of visibility', () => {
  it.each([
    ['visible', ALL, ALL],
    ['hidden', OUTLINE, OUTLINE],
    ['secret', [], []],
    ['after-due', OUTLINE, ALL],
  ] as const)('%s is %j now and %j after due', (visibility, now, afterDue) => {
    expect(settledFeedback([{ visibility }])).toEqual({ now, afterDue });
    expect([...partsShown({ visibility }, before)]).toEqual(now);
    expect([...partsShown({ visibility }, due)]).toEqual(afterDue);
    expect([...partsShown({ visibility }, undated)]).toEqual(now);
    expect(nearestVisibility({ now, afterDue })).toBe(visibility);
  });

  it('come near what is shown part by part, and never promise more', () => {
    const subsets = FEEDBACK_PARTS.reduce<FeedbackPart[][]>(
      (all, part) => all.flatMap((parts) => [parts, [...parts, part]]),
      [[]],
    );
    for (const now of subsets) {
      for (const afterDue of subsets) {
        const visibility = nearestVisibility({ now, afterDue });
        const word = settledFeedback([{ visibility }]);
        expect([...more(word.now, now), ...more(word.afterDue, afterDue)]).toEqual([]);
      }
    }
  });

  it('say who reads what a command reports, for the strictest of them', () => {
    for (const visibility of VISIBILITIES) expect(readersOf({ visibility })).toBe(visibility);
    expect(readers(['score', 'message'])).toBe('visible');
    expect(readers(['output'], [])).toBe('visible');
    expect(readers(OUTLINE, ['score', 'message'])).toBe('after-due');
    expect(readers(OUTLINE)).toBe('hidden');
  });
});

describe('settledFeedback', () => {
  it.each<[string, readonly SaidOfFeedback[], readonly FeedbackPart[], readonly FeedbackPart[]]>([
    ['nothing is said', [{}, {}], ALL, ALL],
    ['the document alone speaks', [{ feedback: { now: OUTLINE } }, {}], OUTLINE, OUTLINE],
    [
      'the test speaks over the document',
      [{ feedback: { now: OUTLINE } }, { feedback: { now: ['score'] } }],
      ['score'],
      ['score'],
    ],
    [
      'a word of the test speaks over it too',
      [{ feedback: { now: ['score'], afterDue: ALL } }, { visibility: 'hidden' }],
      OUTLINE,
      OUTLINE,
    ],
    [
      '`afterDue` alone leaves now as it was',
      [{ feedback: { now: ['score'] } }, { feedback: { afterDue: ALL } }],
      ['score'],
      ALL,
    ],
    [
      '`now` alone holds for both',
      [{ visibility: 'after-due' }, { feedback: { now: ['score'] } }],
      ['score'],
      ['score'],
    ],
    [
      'both are said at one place',
      [{ visibility: 'hidden', feedback: { afterDue: ['name', 'score', 'output'] } }],
      OUTLINE,
      ['name', 'score', 'output'],
    ],
    ['null is not said', [{ feedback: { now: null, afterDue: null } }, { feedback: null }], ALL, ALL],
  ])('where %s', (_, levels, now, afterDue) => {
    expect(settledFeedback(levels)).toEqual({ now, afterDue });
  });
});

const OPTIONS = {
  runtimes: ['python'],
  ceilings: { timeMs: 30_000, wallMs: 120_000, memoryMiB: 2048, processes: 256, outputKiB: 16_384, diskMiB: 512 },
};
const parse = (document: object) => parseGradingDocument({ runtime: 'python', ...document }, OPTIONS);
const test = (more: object = {}) => ({ kind: 'program', name: 'a', points: 1, ...more });

describe('feedback in a document', () => {
  it('is handed from the document to groups to tests, and parses to the same again', () => {
    const parsed = parse({
      feedback: { now: ['name', 'score', 'output'] },
      tests: [test(), test({ name: 'b' }), test({ name: 'c', visibility: 'secret' })],
      groups: [{ name: 'g', points: 1, scoring: 'all', tests: ['b'], feedback: { afterDue: ['name', 'score'] } }],
    });
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.errors));
    const own: readonly FeedbackPart[] = ['name', 'score', 'output'];
    expect(parsed.document.tests.map(({ visibility, feedback: shown }) => [visibility, shown])).toEqual([
      ['hidden', { now: own, afterDue: own, hint: null }],
      ['hidden', { now: own, afterDue: ['name', 'score'], hint: null }],
      ['secret', { now: [], afterDue: [], hint: null }],
    ]);
    expect(parse(parsed.document)).toEqual(parsed);
  });

  it('leaves a document that does not speak of it as it was', () => {
    const parsed = parse({ tests: [test({ visibility: 'hidden' })] });
    expect(parsed.ok && parsed.document.tests[0]).not.toHaveProperty('feedback');
  });

  it.each([
    [{ tests: [test({ feedback: { now: ['name', 'points'] } })] }, '/tests/0/feedback/now/1', /must be one of name/],
    [
      { tests: [test({ feedback: { now: ['name', 'name'] } })] },
      '/tests/0/feedback/now',
      /twice|unique|duplicate|differ/,
    ],
    [{ tests: [test({ feedback: { when: 'now' } })] }, '/tests/0/feedback/when', /not a known property/],
    [{ tests: [test({ feedback: { now: ['message'] } })] }, '/tests/0/feedback/now', /without `score`/],
    [
      { tests: [test({ feedback: { now: ['score'], afterDue: ['hint'] } })] },
      '/tests/0/feedback/afterDue',
      /without `score`/,
    ],
    [{ tests: [test({ visibility: 'hidden', feedback: { hint: 'h' } })] }, '/tests/0/feedback/hint', /never shown/],
    [{ tests: [test({ feedback: { hint: '\0' } })] }, '/tests/0/feedback/hint', /NUL/],
    [{ tests: [test({ feedback: { hint: 'h'.repeat(2001) } })] }, '/tests/0/feedback/hint', /2000/],
    [{ feedback: { now: ['hint'] }, tests: [test()] }, '/feedback/now', /without `score`/],
    [{ feedback: { hint: 'h' }, tests: [test()] }, '/feedback/hint', /not a known property/],
  ])('is refused with a cure: %j', (document, path, message) => {
    const parsed = parse(document);
    const errors = parsed.ok ? [] : parsed.errors;
    expect(errors.map((error) => error.path)).toEqual([path]);
    expect(errors[0]?.message).toMatch(message);
  });
});

describe('the document that students see', () => {
  const document = gradingDocument({
    tests: [
      programTest({ name: 'open', stdin: 'the STDIN', feedback: feedback(['name', 'score', 'expected', 'hint']) }),
      programTest({ name: 'the SECRET', stdin: 'the SECRET', feedback: feedback([]) }),
      programTest({ name: 'the NAME', stdin: 'the SECRET', feedback: feedback(['score', 'output'], ALL) }),
    ],
    groups: [{ name: 'g', points: 3, scoring: 'all', tests: ['open', 'the SECRET', 'the NAME'] }],
  });

  it('holds a test only where what is expected is shown, never the hint, and no name that is kept', () => {
    const presented = presentGradingDocument(document, 'student', before);
    expect(JSON.stringify(presented)).toContain('the STDIN');
    expect(JSON.stringify(presented)).not.toMatch(/the (HINT|NAME|SECRET)/);
    expect(presented.tests.slice(1)).toEqual([
      { kind: 'program', name: 'Test 2', points: 1, visibility: 'after-due', hidden: true },
    ]);
    expect(presented.groups).toMatchObject([{ tests: ['open', 'Test 2'] }]);
  });

  it('opens when it is due', () => {
    const presented = presentGradingDocument(document, 'student', due);
    expect(presented.groups).toMatchObject([{ tests: ['open', 'the NAME'] }]);
    expect(presented.tests[1]).toMatchObject({ name: 'the NAME', stdin: 'the SECRET' });
  });
});
