import type { Readable, Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import type { RunOutcome } from '../../sandbox/run-outcome.js';
import type { RunningProgram } from '../../sandbox/sandbox.js';
import { GradingFault } from '../grading-fault.js';
import { type Side, Transcript } from './transcript.js';

/** How two programs that talked with each other ended. */
export interface Talk {
  readonly submission: RunOutcome;
  readonly checker: RunOutcome;
  readonly first: 'submission' | 'checker';
  readonly transcript: string;
}

/** Exit status of a checker that accepts. */
const ACCEPTED = 42;

/**
 * Joins standard output of each program to standard input of the other, and waits until both have ended.
 *
 * Who ended first must not depend on chance: an input is closed only when the other program has ended, not when it has closed
 * its output, so that the one that merely follows comes later. A submission whose checker has ended without accepting is
 * stopped; one whose checker has accepted may go on, and what it writes is read. A checker whose submission has ended reads the
 * end of its input, and can still write: it meets no broken pipe.
 *
 * @param outputBytes what the submission may write; one byte more, and it is stopped, with the outcome `output_limit`
 * @throws GradingFault when a sandbox failed.
 */
export async function talk(submission: RunningProgram, checker: RunningProgram, outputBytes: number): Promise<Talk> {
  const transcript = new Transcript();
  let written = 0;
  let isFlooded = false;
  const heard = forward(submission, checker, (chunk) => {
    if (isFlooded) return false;
    written += chunk.length;
    isFlooded = written > outputBytes;
    if (isFlooded) submission.stop(0).catch(() => undefined);
    transcript.add('>' satisfies Side, chunk);
    return true;
  });
  const told = forward(checker, submission, (chunk) => {
    transcript.add('<', chunk);
    return true;
  });

  const first = await Promise.race([
    submission.ended.then(() => 'submission' as const),
    checker.ended.then(() => 'checker' as const),
  ]);
  if (first === 'checker') {
    const { kind, exitCode } = await checker.ended;
    if (kind === 'exited' && exitCode === ACCEPTED) {
      await told;
      submission.stdin?.end();
    } else await submission.stop(0);
  } else {
    await heard;
    checker.stdin?.end();
  }
  const [ofSubmission, ofChecker] = await Promise.all([submission.ended, checker.ended]);
  for (const { kind, reason } of [ofSubmission, ofChecker]) {
    if (kind === 'sandbox_failure') throw new GradingFault(`The sandbox of an interaction failed: ${reason ?? ''}`);
  }
  return {
    submission: isFlooded ? { ...ofSubmission, kind: 'output_limit', exitCode: null, signal: null } : ofSubmission,
    checker: ofChecker,
    first: isFlooded ? 'submission' : first,
    transcript: transcript.toString(),
  };
}

/** Carries what `from` writes to `to`, no faster than that reads it; resolves when nothing more comes. */
async function forward(
  { stdout: source }: RunningProgram,
  { stdin: target, ended }: RunningProgram,
  mayPass: (chunk: Buffer) => boolean,
): Promise<void> {
  if (source === null || target === null) throw new GradingFault('A program of an interaction has no streams.');
  const letGo = (): void => void source.resume();
  // Nobody reads any more: what still comes is thrown away, and whoever writes it is not held up.
  ended.then(letGo, letGo);
  target.once('close', letGo);
  source.on('data', (chunk: Buffer) => {
    if (mayPass(chunk)) pass(chunk, source, target);
  });
  try {
    await finished(source);
  } catch {
    // It was cut off when its program ended, which says how.
  }
}

function pass(chunk: Buffer, source: Readable, target: Writable): void {
  if (!target.writable || target.write(chunk)) return;
  source.pause();
  target.once('drain', () => void source.resume());
}
