import { randomInt } from 'node:crypto';
import type { MutationTest } from '../../../grading/grading-document.js';
import {
  isFound,
  judgeMutants,
  judgeNoSuite,
  judgeReferenceRun,
  type MutationJudgement,
  type TriedMutant,
} from '../../../grading/judge-mutation.js';
import { limitsOf } from '../../../grading/limits.js';
import { pathMatches } from '../../../grading/lint/path-pattern.js';
import { isReferenceShown, type Mutant, type SourceFile } from '../../../grading/mutation/mutant.js';
import { textPreview } from '../../../grading/preview.js';
import type { RunLimits } from '../../../sandbox/limits.js';
import type { RunOutcome } from '../../../sandbox/run-outcome.js';
import { GradingFault } from '../../grading-fault.js';
import type { GradingSession } from '../../grading-session.js';
import { cappedLimits, runLimits } from '../../run-limits.js';
import type { Grader } from '../grader.js';
import { type MutationPlan, mutationPlan } from './mutation-plan.js';
import { frameworkProbe, suiteCommand } from './suite-command.js';

const HOW_TO_HAVE_IT = 'pytest is installed by apt-get install python3-pytest, the others by npm run toolbox.';

/** One run of the suite on these files. @throws GradingFault when the sandbox failed. */
type RunSuite = (files: readonly SourceFile[], limits: RunLimits) => Promise<RunOutcome>;

interface Tried {
  readonly judgement: MutationJudgement;
  /** Of the suite, the first of them on the reference. */
  readonly runs: readonly RunOutcome[];
}

/**
 * Runs the suite on the reference, then on all mutants in an order that it cannot know, with the rewritten references among them and
 * at the end: whoever tells mutants by the time, by chance or by the look of the source fails one of these.
 */
async function tryOut(session: GradingSession, test: MutationTest, plan: MutationPlan, run: RunSuite): Promise<Tried> {
  const asked = limitsOf(session.document, test);
  const limits = runLimits(asked, session.ceilings);
  const shown = cappedLimits(asked, session.ceilings);
  const first = await run(plan.reference, limits);
  const runs = [first];
  const refusal = judgeReferenceRun(test, first, false, shown);
  if (refusal !== null) {
    await requireFramework(session, test, limits);
    return { judgement: refusal, runs };
  }
  const tried: TriedMutant[] = [];
  for (const entry of inSecretOrder(plan)) {
    if ('rewrite' in entry) {
      const again = await run(entry.rewrite, limits);
      runs.push(again);
      const fault = judgeReferenceRun(test, again, true, shown);
      if (fault !== null) return { judgement: fault, runs };
      continue;
    }
    const outcome = await run(mutated(plan.reference, entry.mutant), mutantLimits(limits, first));
    runs.push(outcome);
    tried.push({ mutant: entry.mutant, isFound: isFound(outcome) });
  }
  // As people know them, not as they were tried.
  const order = new Map(plan.mutants.map((mutant, index) => [mutant, index]));
  const sorted = tried.toSorted((a, b) => (order.get(a.mutant) ?? 0) - (order.get(b.mutant) ?? 0));
  return { judgement: judgeMutants(test, sorted), runs };
}

type Entry = { readonly mutant: Mutant } | { readonly rewrite: readonly SourceFile[] };

function inSecretOrder({ mutants, rewrites }: MutationPlan): readonly Entry[] {
  const entries: Entry[] = mutants.map((mutant) => ({ mutant }));
  for (let at = entries.length - 1; at > 0; at -= 1) {
    const other = randomInt(at + 1);
    const [a, b] = [entries[at], entries[other]];
    if (a !== undefined && b !== undefined) [entries[at], entries[other]] = [b, a];
  }
  const [last, ...others] = rewrites;
  for (const rewrite of others) entries.splice(randomInt(entries.length + 1), 0, { rewrite });
  return last === undefined ? entries : [...entries, { rewrite: last }];
}

function mutated(reference: readonly SourceFile[], { files }: Mutant): readonly SourceFile[] {
  return reference.map((file) => files.find(({ path }) => path === file.path) ?? file);
}

function within(limit: number, used: number | null, extra: number): number {
  return used === null ? limit : Math.min(limit, Math.round(5 * used) + extra);
}

/** A mutant that runs for ever shall not take all the time that a suite may: several times what the reference took is enough. */
function mutantLimits(limits: RunLimits, { cpuTimeMs, wallTimeMs }: RunOutcome): RunLimits {
  return {
    ...limits,
    cpuTimeMs: within(limits.cpuTimeMs, cpuTimeMs, 1_000),
    // Other work on the machine takes time by the clock.
    wallTimeMs: within(limits.wallTimeMs, wallTimeMs, 5_000),
  };
}

/**
 * Looks whether the framework is there, once a suite does not pass: without it none can.
 *
 * @throws GradingFault when it is not: that is no fault of the suite.
 */
async function requireFramework(session: GradingSession, test: MutationTest, limits: RunLimits): Promise<void> {
  const argv = await frameworkProbe(session, test);
  if (argv === null) return;
  const probe = { argv, stdin: Buffer.alloc(0), environment: {}, limits, signal: session.signal };
  const { kind, exitCode } = await session.sandbox.run(probe);
  if (kind !== 'exited' || exitCode !== 0) {
    throw new GradingFault(`${test.framework ?? ''} is not available to this worker: ${HOW_TO_HAVE_IT}`);
  }
}

async function suiteRunner(session: GradingSession, test: MutationTest, suite: readonly string[]): Promise<RunSuite> {
  const argv = await suiteCommand(session, test, suite);
  return async (files, limits) => {
    // All of them each time: none is newer than the others in one run and not in another.
    await session.sandbox.put(files.map(({ path, content }) => ({ path, content: Buffer.from(content) })));
    const outcome = await session.sandbox.run({
      argv,
      stdin: Buffer.alloc(0),
      environment: {},
      limits,
      signal: session.signal,
    });
    if (outcome.kind === 'sandbox_failure') {
      throw new GradingFault(`The sandbox failed in a test: ${outcome.reason ?? 'no reason'}`);
    }
    return outcome;
  };
}

async function grade(session: GradingSession, test: MutationTest): Promise<Tried> {
  const suite = session.submitted
    .map(({ path }) => path)
    .filter((path) => test.suite.some((pattern) => pathMatches(pattern, path)))
    .toSorted();
  if (suite.length === 0) return { judgement: judgeNoSuite(test), runs: [] };
  const plan = await mutationPlan(session, test);
  const tried = await tryOut(session, test, plan, await suiteRunner(session, test, suite));
  // For the tests that follow.
  await session.sandbox.put(session.laidBeside);
  return tried;
}

/** Tries the submission, which is a test suite, on the reference solution and on mutants of it. */
export const gradeMutation: Grader<'mutation'> = async (session, test) => {
  const { judgement, runs } = await grade(session, test);
  const { verdict, points, message, cases } = judgement;
  if (verdict === 'judge_error') throw new GradingFault('A test could not be judged: the sandbox told no exit status.');
  const [onReference] = runs;
  // A suite can print what it runs on: the reference where students know it, and never a mutant.
  const shown = onReference !== undefined && isReferenceShown(test, session.document) ? onReference : null;
  return {
    name: test.name,
    kind: test.kind,
    visibility: test.visibility,
    verdict,
    points,
    maxPoints: test.points,
    timeMs: sum(runs.map(({ cpuTimeMs }) => cpuTimeMs)),
    wallMs: sum(runs.map(({ wallTimeMs }) => wallTimeMs)),
    memoryKiB: runs.length === 0 ? null : Math.round(Math.max(...runs.map(({ peakMemoryKiB }) => peakMemoryKiB ?? 0))),
    exitCode: onReference?.exitCode ?? null,
    signal: onReference?.signal ?? null,
    message,
    stdout: shown === null ? null : textPreview(shown.stdout),
    stderr: shown === null ? null : textPreview(shown.stderr),
    expected: null,
    cases,
  };
};

function sum(values: readonly (number | null)[]): number | null {
  if (values.length === 0) return null;
  return Math.round(values.reduce<number>((total, value) => total + (value ?? 0), 0));
}
