import { describe, expect, it } from 'vitest';
import { type Facts, type Item, judgeFacts } from '../../../scripts/chaos/judge-facts.mjs';

const GRADED = 'graded accepted 2';

function item(id: string | null, overrides: Partial<Item> = {}): Item {
  return {
    name: 'right',
    assignmentId: 'assignment',
    studentId: 'student',
    id,
    isUncertain: false,
    otherIds: [],
    ends: [GRADED],
    expected: [GRADED],
    ...overrides,
  };
}

type Stored = Facts['submissions'][number];
type Run = Facts['runs'][number];

function submission(id: string, attempt: number, overrides: Partial<Stored> = {}): Stored {
  return {
    id,
    assignmentId: 'assignment',
    studentId: 'student',
    attempt,
    status: 'graded',
    verdict: 'accepted',
    score: 2,
    currentRunId: `run of ${id}`,
    ...overrides,
  };
}

function run(submissionId: string, overrides: Partial<Run> = {}): Run {
  return { id: `run of ${submissionId}`, submissionId, number: 1, status: 'graded', verdict: 'accepted', ...overrides };
}

const results = (runId: string, ...positions: number[]) => positions.map((position) => ({ runId, position }));

/** Two submissions, graded as they should be. */
function sound(overrides: Partial<Facts> = {}): Facts {
  return {
    submissions: [submission('a', 1), submission('b', 2)],
    runs: [run('a'), run('b')],
    results: [...results('run of a', 0, 1), ...results('run of b', 1, 0)],
    waiting: [],
    testsOf: new Map([['assignment', 2]]),
    ...overrides,
  };
}

const both = [item('a'), item('b')];
const clean = { accepted: 2, lost: [], doubled: [], wrong: [] };

describe('the audit of npm run chaos', () => {
  it('finds nothing where everything was graded once', () => {
    expect(judgeFacts(both, sound())).toEqual(clean);
  });

  it('finds an accepted submission that is not stored', () => {
    const { lost } = judgeFacts([...both, item('c')], sound());
    expect(lost).toEqual(['right c: was accepted and is not stored']);
  });

  it('finds a stored submission that has no run', () => {
    expect(judgeFacts(both, sound({ runs: [run('a')], results: results('run of a', 0, 1) })).lost).toEqual([
      'b: has no grading run',
    ]);
  });

  it.each(['queued', 'running'])('finds a run that is still %s', (status) => {
    const facts = sound({
      submissions: [submission('a', 1), submission('b', 2, { status, verdict: null, score: null })],
      runs: [run('a'), run('b', { status, verdict: null })],
      results: results('run of a', 0, 1),
      waiting: ['run of b'],
    });
    expect(judgeFacts([item('a'), item('b', { ends: [] })], facts).lost).toEqual([
      `b: its run run of b is still ${status}`,
    ]);
  });

  it('finds a run that was recorded twice', () => {
    const facts = sound({ results: [...results('run of a', 0, 1, 0, 1), ...results('run of b', 0, 1)] });
    expect(judgeFacts(both, facts).doubled).toEqual(['a: its run run of a (graded) has 4 test results, of 2']);
  });

  it('takes results of a run that failed for all of its tests or for none, and finds others', () => {
    const failed = { status: 'failed', verdict: 'judge_error' };
    const facts = sound({
      submissions: [submission('a', 1), submission('b', 2, { ...failed, score: null })],
      runs: [run('a'), run('b', failed)],
    });
    const expected = ['failed judge_error -'];
    const { doubled, wrong } = judgeFacts([item('a'), item('b', { expected, ends: expected })], facts);
    expect({ doubled, wrong }).toEqual({ doubled: [], wrong: [] });
    const judged = (...positions: readonly number[]) =>
      judgeFacts([item('a'), item('b', { expected, ends: expected })], {
        ...facts,
        results: [...results('run of a', 0, 1), ...results('run of b', ...positions)],
      });
    expect(judged()).toMatchObject({ doubled: [], wrong: [] });
    expect(judged(0).wrong).toEqual(['b: its run run of b has 1 test results, of 2']);
    expect(judged(0, 1, 0).doubled).toEqual(['b: its run run of b (failed) has 3 test results, of 2']);
  });

  it('finds a second run that nobody asked for', () => {
    const facts = sound({ runs: [run('a'), run('b'), run('b', { id: 'another', number: 2 })] });
    expect(judgeFacts(both, facts).doubled).toContain('b: has 2 grading runs, and nobody asked for a second');
  });

  it('finds a submission that was made twice by a repeated request', () => {
    const facts = sound({
      submissions: [submission('a', 1), submission('b', 2), submission('c', 3)],
      runs: [run('a'), run('b'), run('c')],
      results: ['a', 'b', 'c'].flatMap((id) => results(`run of ${id}`, 0, 1)),
    });
    expect(judgeFacts(both, facts).doubled).toEqual(['c: is stored, and no client knows of it']);
    // One client never heard what became of its only request: that may be it, once.
    expect(judgeFacts([...both, item(null, { isUncertain: true, ends: [] })], facts)).toEqual(clean);
    expect(judgeFacts([...both, item(null, { isUncertain: true, studentId: 'another' })], facts).doubled).toHaveLength(
      1,
    );
  });

  it('finds a key that was answered with two submissions', () => {
    expect(judgeFacts([item('a', { otherIds: ['b'] }), item('b')], sound()).doubled).toEqual([
      'right a: its key was answered with b as well',
    ]);
  });

  it('finds an end that was changed after somebody had seen it', () => {
    expect(judgeFacts([item('a', { ends: ['graded wrong_answer 0', GRADED] }), item('b')], sound()).doubled).toEqual([
      'right a: was shown as ended "graded wrong_answer 0", and is "graded accepted 2" now',
    ]);
  });

  it('finds a wrong verdict, missing results and what the outbox did not forget', () => {
    const facts = sound({
      submissions: [submission('a', 1, { verdict: 'wrong_answer', score: 0 }), submission('b', 2)],
      runs: [run('a', { verdict: 'wrong_answer' }), run('b')],
      results: [...results('run of a', 0, 1), ...results('run of b', 0)],
      waiting: ['run of b'],
    });
    expect(judgeFacts([item('a', { ends: [] }), item('b')], facts).wrong).toEqual([
      'right a: ended "graded wrong_answer 0" instead of "graded accepted 2"',
      'b: its run run of b has ended, and the outbox still has it',
      'b: its run run of b has 1 test results, of 2',
    ]);
  });

  it('finds a submission that does not say what its run says', () => {
    const facts = sound({ runs: [run('a', { verdict: 'wrong_answer' }), run('b')] });
    expect(judgeFacts(both, facts).wrong).toEqual(['a: is graded accepted, its run graded wrong_answer']);
  });

  it('finds attempts with a gap or of the same number', () => {
    const gap = sound({ submissions: [submission('a', 1), submission('b', 3)] });
    expect(judgeFacts(both, gap).wrong).toEqual([
      'attempts (assignment and student assignment student) are numbered 1, 3',
    ]);
    const same = sound({ submissions: [submission('a', 1), submission('b', 1)] });
    expect(judgeFacts(both, same).wrong).toHaveLength(1);
  });
});
