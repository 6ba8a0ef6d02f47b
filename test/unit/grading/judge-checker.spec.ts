import { describe, expect, it } from 'vitest';
import { judgeChecker, type CheckerRun, type FeedbackFile } from '../../../src/grading/judge-checker.js';
import { bytes } from './builders.js';

function judged(
  exitCode: number,
  feedback: Partial<Record<FeedbackFile, string>> = {},
  overrides: Partial<CheckerRun> = {},
) {
  const files = Object.entries(feedback) as [FeedbackFile, string][];
  return judgeChecker(10, {
    kind: 'exited',
    exitCode,
    signal: null,
    stderr: new Uint8Array(),
    feedback: new Map(files.map(([name, text]) => [name, bytes(text)])),
    ...overrides,
  });
}

const faultOf = (result: ReturnType<typeof judgeChecker>) => (result.ok ? null : result.fault);

describe('judgeChecker', () => {
  it('takes 42 for accepted and 43 for wrong', () => {
    expect(judged(42)).toEqual({ ok: true, verdict: 'accepted', points: 10, message: null, staffMessage: null });
    expect(judged(43)).toMatchObject({ ok: true, verdict: 'wrong_answer', points: 0 });
  });

  it.each([
    ['exit status 0', judged(0), 'ended with exit status 0 instead of 42 (accepted) or 43 (wrong)'],
    ['exit status 1', judged(1, {}, { stderr: bytes('Traceback\n') }), 'ended with exit status 1 instead'],
    ['a signal', judged(42, {}, { kind: 'signalled', signal: 'SIGSEGV' }), 'was ended by the signal SIGSEGV'],
    ['a limit', judged(42, {}, { kind: 'wall_limit', exitCode: null }), 'met a limit (wall_limit)'],
    ['another pass', judged(42, { 'nextpass.in': '1' }), 'asked for another pass'],
    ['a score for what it refuses', judged(43, { 'score.txt': '1' }), 'gave a score to what it refused'],
    ['two scores', judged(42, { 'score.txt': '1', 'score_multiplier.txt': '1' }), 'wrote score.txt and score_multi'],
    ['a score that is none', judged(42, { 'score.txt': 'ten' }), 'wrote no number into score.txt'],
    ['an empty score', judged(42, { 'score.txt': '' }), 'wrote no number into score.txt'],
    ['nan', judged(42, { 'score_multiplier.txt': 'nan' }), 'wrote no number into score_multiplier.txt'],
    ['a score below 0', judged(42, { 'score.txt': '-1' }), 'wrote -1 into score.txt, which must be 0 to 10'],
    ['a score above the points', judged(42, { 'score.txt': '10.1' }), 'wrote 10.1 into score.txt'],
    ['a multiplier above 1', judged(42, { 'score_multiplier.txt': '1.5' }), 'wrote 1.5 into score_multiplier.txt'],
  ])('takes %s for a failure of the checker', (_, result, fault) => {
    expect(faultOf(result)?.slice(0, fault.length)).toBe(fault);
  });

  it('tells operators what a checker that failed says of itself', () => {
    expect(faultOf(judged(1, { 'judgeerror.txt': 'no answer file' }, { stderr: bytes('line 3\n') }))).toMatch(
      /It says: no answer file line 3$/,
    );
  });

  it('gives the points that the checker says, in thousandths', () => {
    expect(judged(42, { 'score.txt': ' 2.5\n' })).toMatchObject({ verdict: 'accepted', points: 2.5 });
    expect(judged(42, { 'score.txt': '10.0004' })).toMatchObject({ points: 10 });
    expect(judged(42, { 'score_multiplier.txt': '0.33333' })).toMatchObject({ points: 3.333 });
    expect(judged(42, { 'score_multiplier.txt': '0' })).toMatchObject({ verdict: 'accepted', points: 0 });
  });

  it('keeps what is for staff from the message for the student, and cuts both', () => {
    const said = judged(
      43,
      { 'judgemessage.txt': 'expected 30', 'teammessage.txt': 'Look again.' },
      { stderr: bytes('debug') },
    );
    expect(said).toMatchObject({ message: 'Look again.', staffMessage: 'expected 30\ndebug' });
    const long = judged(43, { 'teammessage.txt': 'x'.repeat(60_000), 'judgemessage.txt': '\0\n' });
    expect(long.ok && (long.message?.length ?? 0) < 4200).toBe(true);
    expect(long).toMatchObject({ staffMessage: '␀' });
  });
});
