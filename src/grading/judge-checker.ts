import { endWithoutWhiteSpace, isWhiteSpace } from './ascii.js';
import { parseFloatToken } from './float-token.js';
import type { ProgramRun } from './judge-program.js';
import { textPreview } from './preview.js';
import { fromThousandths, toThousandths } from './thousandths.js';

/** Files of the feedback directory that mean something, and what they mean here. */
export const FEEDBACK_FILES = [
  'judgemessage.txt',
  'teammessage.txt',
  'judgeerror.txt',
  'score.txt',
  'score_multiplier.txt',
  'nextpass.in',
] as const;
export type FeedbackFile = (typeof FEEDBACK_FILES)[number];

/** Bytes of each feedback file that are looked at. */
export const FEEDBACK_BYTES = 65_536;

/** Bytes of a message that are kept. */
const MESSAGE_BYTES = 4096;

/** How a checker ended, and the feedback that it left, as far as it did. */
export interface CheckerRun extends Pick<ProgramRun, 'kind' | 'exitCode' | 'signal' | 'stderr'> {
  readonly feedback: ReadonlyMap<FeedbackFile, Uint8Array>;
}

/** What a checker decided, or why it decided nothing, which is not the student's fault: for operators and staff. */
export type CheckerJudgement =
  | {
      readonly ok: true;
      readonly verdict: 'accepted' | 'wrong_answer';
      readonly points: number;
      readonly message: string | null;
      readonly staffMessage: string | null;
    }
  | { readonly ok: false; readonly fault: string };

const ACCEPTED = 42;
const WRONG = 43;

/**
 * What a checker says of a test that gives `points`. Source of the rules: the output validators of the Kattis problem package
 * format ("Reporting a judgement", "Reporting additional feedback", "Scoring test cases" of 2025-09).
 *
 * Exit status 42 accepts and 43 refuses; anything else, a signal, and a limit mean that the checker failed. `teammessage.txt`
 * is the message for the student; `judgemessage.txt` and the checker's standard error are for staff. What is accepted gives
 * all points, or those that `score.txt` says, or the part (0 to 1) that `score_multiplier.txt` says. A score that is no number,
 * lies outside 0 and `points` or comes with a refusal, two scores, and `nextpass.in`, which asks for another pass, mean that
 * the checker failed, too.
 */
export function judgeChecker(points: number, run: CheckerRun): CheckerJudgement {
  const fault = failureOf(run);
  if (fault !== null) return failed(fault, run);
  const message = textOf(run.feedback.get('teammessage.txt'));
  const staffMessage = staffMessageOf(run);
  if (run.exitCode === WRONG) {
    const said = message ?? 'The checker of this assignment found the output wrong.';
    return { ok: true, verdict: 'wrong_answer', points: 0, message: said, staffMessage };
  }
  const earned = pointsOf(points, run);
  if (typeof earned === 'string') return failed(earned, run);
  return { ok: true, verdict: 'accepted', points: earned, message, staffMessage };
}

function failureOf(run: CheckerRun): string | null {
  if (run.kind === 'signalled') return `was ended by the signal ${run.signal ?? 'of unknown name'}`;
  if (run.kind !== 'exited') return `met a limit (${run.kind})`;
  if (run.exitCode !== ACCEPTED && run.exitCode !== WRONG) {
    return `ended with exit status ${run.exitCode ?? 'unknown'} instead of ${ACCEPTED} (accepted) or ${WRONG} (wrong)`;
  }
  if (run.feedback.has('nextpass.in')) return 'asked for another pass (nextpass.in), which is not supported';
  if (run.exitCode === WRONG && (run.feedback.has('score.txt') || run.feedback.has('score_multiplier.txt'))) {
    return 'gave a score to what it refused';
  }
  return null;
}

/** Half of a thousandth more than `points` is a matter of rounding. */
const TOLERANCE = 0.0005;

function pointsOf(points: number, { feedback }: CheckerRun): number | string {
  const score = feedback.get('score.txt');
  const multiplier = feedback.get('score_multiplier.txt');
  if (score !== undefined && multiplier !== undefined) return 'wrote score.txt and score_multiplier.txt';
  const [bytes, name, most] =
    score === undefined ? [multiplier, 'score_multiplier.txt', 1] : [score, 'score.txt', points];
  if (bytes === undefined) return points;
  const value = numberOf(bytes);
  if (value === null) return `wrote no number into ${name}`;
  if (value < 0 || value > most + TOLERANCE) return `wrote ${value} into ${name}, which must be 0 to ${most}`;
  const earned = score === undefined ? points * Math.min(value, 1) : Math.min(value, points);
  return fromThousandths(toThousandths(earned));
}

function numberOf(bytes: Uint8Array): number | null {
  const end = endWithoutWhiteSpace(bytes, 0, bytes.length);
  let start = 0;
  while (start < end && isWhiteSpace(bytes[start])) start += 1;
  return parseFloatToken(bytes.subarray(start, end));
}

function failed(fault: string, run: CheckerRun): CheckerJudgement {
  const said = [textOf(run.feedback.get('judgeerror.txt')), staffMessageOf(run)].filter((text) => text !== null);
  return { ok: false, fault: said.length === 0 ? fault : `${fault}. It says: ${said.join(' ')}` };
}

function staffMessageOf({ feedback, stderr }: CheckerRun): string | null {
  const texts = [textOf(feedback.get('judgemessage.txt')), textOf(stderr)].filter((text) => text !== null);
  return texts.length === 0 ? null : texts.join('\n');
}

/** Null where nothing but white space was written. */
function textOf(bytes: Uint8Array | undefined): string | null {
  if (bytes === undefined) return null;
  const text = textPreview(bytes, MESSAGE_BYTES).trimEnd();
  return text.trim() === '' ? null : text;
}
