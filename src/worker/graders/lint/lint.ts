import { readFile } from 'node:fs/promises';
import type { LintTest } from '../../../grading/grading-document.js';
import { judgeLint, judgeNothing } from '../../../grading/judge-lint.js';
import type { Judgement } from '../../../grading/judge-program.js';
import { limitsOf } from '../../../grading/limits.js';
import { checkableFiles } from '../../../grading/lint/checkable-files.js';
import { dockerfileFindings } from '../../../grading/lint/dockerfile-lint.js';
import { fileRuleFindings } from '../../../grading/lint/file-rules.js';
import type { LintFinding } from '../../../grading/lint/lint-finding.js';
import { readLintReport } from '../../../grading/lint/read-lint-report.js';
import { detectLintTools, type LintToolOnMachine } from '../../../sandbox/lint-tools.js';
import type { RunOutcome } from '../../../sandbox/run-outcome.js';
import { GradingFault } from '../../grading-fault.js';
import type { GradingSession } from '../../grading-session.js';
import { cappedLimits, runLimits } from '../../run-limits.js';
import type { Grader } from '../grader.js';
import { lintHarness, lintStep, type TextFile } from './lint-step.js';

/** @throws GradingFault when this worker does not have it. */
async function toolOnMachine(session: GradingSession, { tool: key }: LintTest): Promise<LintToolOnMachine> {
  const tool = (await detectLintTools()).find((candidate) => candidate.key === key);
  if (tool?.available !== true) {
    throw new GradingFault(`${key} is not available to this worker: ${tool?.reason ?? 'Assay does not know it.'}`);
  }
  // An interpreter outside of /usr is shown to programs of its language only.
  if (
    !tool.program.startsWith('/usr/') &&
    session.runtime.command(null, [], runLimits(session.document.limits, session.ceilings))[0] !== tool.program
  ) {
    throw new GradingFault(
      `${key} needs ${tool.program}, which assignments in ${session.runtime.title} do not see here.`,
    );
  }
  return tool;
}

/** @throws GradingFault when the sandbox failed. */
async function runTool(
  session: GradingSession,
  test: LintTest,
  tool: LintToolOnMachine,
  files: readonly TextFile[],
): Promise<RunOutcome> {
  const library = tool.library === null ? null : await readFile(tool.library);
  const configuration = session.laidBeside.map((file) => ({ ...file, isProtected: true }));
  await session.sandbox.put([...(test.config === null ? [] : configuration), ...lintHarness(tool, library)]);
  const outcome = await session.sandbox.run({
    ...lintStep(test, tool, files),
    environment: {},
    limits: runLimits(limitsOf(session.document, test), session.ceilings),
    reports: true,
    showsProtected: true,
    isLast: session.document.tests.at(-1) === test,
    signal: session.signal,
  });
  if (outcome.kind === 'sandbox_failure') {
    throw new GradingFault(`The sandbox failed in a test: ${outcome.reason ?? 'no reason'}`);
  }
  return outcome;
}

interface Looked {
  readonly judgement: Judgement;
  /** Null where nothing had to run. */
  readonly run: RunOutcome | null;
}

async function look(session: GradingSession, test: LintTest): Promise<Looked> {
  if (test.files !== null) {
    return { judgement: judgementOf(test, fileRuleFindings(test.files, session.submitted)), run: null };
  }
  const { files, findings } = checkableFiles(test, session.submitted);
  if (files.length === 0 && findings.length === 0) return { judgement: judgeNothing(test), run: null };
  if (test.tool === 'dockerfile') {
    const found = files.flatMap(({ path, text }) => dockerfileFindings(path, text));
    return { judgement: judgementOf(test, [...findings, ...found]), run: null };
  }
  if (files.length === 0) return { judgement: judgementOf(test, findings), run: null };
  const run = await runTool(session, test, await toolOnMachine(session, test), files);
  const report = readLintReport(test.tool, run.report ?? new Uint8Array(), files);
  const limits = cappedLimits(limitsOf(session.document, test), session.ceilings);
  const judged = judgeLint(test, findings, { ...run, report }, limits);
  if (!judged.ok) throw new GradingFault(judged.reason);
  return { judgement: judged.judgement, run };
}

/** Of findings that no program made. */
function judgementOf(test: LintTest, findings: readonly LintFinding[]): Judgement {
  const judged = judgeLint(test, findings, null);
  if (!judged.ok) throw new GradingFault(judged.reason);
  return judged.judgement;
}

/** Looks at the files as they were handed in, and judges what was found. */
export const gradeLint: Grader<'lint'> = async (session, test) => {
  const { judgement, run } = await look(session, test);
  const { verdict, points, message } = judgement;
  if (verdict === 'judge_error') throw new GradingFault('A test could not be judged: the sandbox told no exit status.');
  return {
    name: test.name,
    kind: test.kind,
    visibility: test.visibility,
    verdict,
    points,
    maxPoints: test.points,
    timeMs: rounded(run?.cpuTimeMs),
    wallMs: rounded(run?.wallTimeMs),
    memoryKiB: rounded(run?.peakMemoryKiB),
    // How a tool ended says nothing about the submission.
    exitCode: null,
    signal: null,
    message,
    stdout: null,
    stderr: null,
    expected: null,
    cases: null,
  };
};

function rounded(value: number | null | undefined): number | null {
  return value === null || value === undefined ? null : Math.round(value);
}
