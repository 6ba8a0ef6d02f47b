import { Injectable } from '@nestjs/common';
import { GradingVersions } from '../assignments/grading-versions.js';
import type { GradingDocument, GradingTest } from '../grading/grading-document.js';
import { judgeOnlyFiles } from '../grading/sql/judge-only-files.js';
import { detectRuntimes, type Runtime } from '../sandbox/runtimes.js';
import type { SandboxFile } from '../sandbox/sandbox.js';
import { FileStorage } from '../storage/file-storage.js';
import { FreshFiles } from '../submissions/fresh-files.js';
import type { ClaimedRun } from '../submissions/claimed-run.js';
import { readArchive } from '../submissions/submission-archive.js';
import { GradingFault } from './grading-fault.js';

/** What grading a run needs besides a sandbox. */
export interface Materials {
  readonly document: GradingDocument;
  readonly runtime: Runtime;
  /** The submission's files, without those in whose place the instructor's stand. */
  readonly submitted: readonly SandboxFile[];
  /** The instructor's files, but for those that only judge. */
  readonly laidBeside: readonly SandboxFile[];
  /** Those of them that the build must not see: it would tell what stands in them where it does not compile. */
  readonly compiledTests: readonly SandboxFile[];
}

/** Gathers what is needed to grade a run. */
@Injectable()
export class SubmissionMaterials {
  constructor(
    private readonly versions: GradingVersions,
    private readonly storage: FileStorage,
    private readonly freshFiles: FreshFiles,
  ) {}

  /** @throws Error when something is missing or cannot be reached: our fault, whatever it is. */
  async load(run: ClaimedRun): Promise<Materials> {
    const [{ document }, submitted, runtime] = await Promise.all([
      this.versions.get(run.assignmentId, run.gradingVersion),
      this.freshFiles.take(run.filesKey) ?? this.storage.get(run.filesKey).then((blob) => readArchive(blob)),
      runtimeOf(run),
    ]);
    return { document, runtime, ...layOut(document, submitted) };
  }
}

/** Says which files lie where. */
export function layOut(
  document: GradingDocument,
  submitted: readonly SandboxFile[],
): Pick<Materials, 'submitted' | 'laidBeside' | 'compiledTests'> {
  const judgeOnly = judgeOnlyFiles(document);
  const all = document.files
    .filter(({ path }) => !judgeOnly.has(path))
    .map(({ path, content, encoding, executable }) => ({
      path,
      content: Buffer.from(content, encoding),
      executable,
    }));
  const compiled = pathsOfCompiledTests(document);
  return {
    submitted: withoutClashes(submitted, all),
    laidBeside: all.filter(({ path }) => !compiled.has(path)),
    compiledTests: all.filter(({ path }) => compiled.has(path)),
  };
}

/** Whether Python programs see the packages of the machine: where the document says so, or a test needs one of them. */
export function needsSystemPackages({ systemSitePackages, tests }: GradingDocument): boolean {
  return systemSitePackages || tests.some(runsPytest);
}

function runsPytest(test: GradingTest): boolean {
  const runsFramework = test.kind === 'mutation' || (test.kind === 'unit' && !test.isolated);
  return runsFramework && test.framework === 'pytest';
}

/** A file of the student gives way also where it is a folder of the instructor's file, or has it for a folder. */
function withoutClashes(submitted: readonly SandboxFile[], laidBeside: readonly SandboxFile[]): readonly SandboxFile[] {
  return submitted.filter(
    ({ path }) =>
      !laidBeside.some(
        (other) => other.path === path || other.path.startsWith(`${path}/`) || path.startsWith(`${other.path}/`),
      ),
  );
}

/** The instructor's tests that are compiled when they are run. */
function pathsOfCompiledTests({ tests }: GradingDocument): ReadonlySet<string> {
  return new Set(
    tests.flatMap((test) => {
      const isCompiled = test.kind === 'unit' && !test.isolated && test.framework === 'junit';
      return isCompiled && test.testsFrom === 'document' ? test.testFiles : [];
    }),
  );
}

async function runtimeOf({ runtime: key }: ClaimedRun): Promise<Runtime> {
  const runtime = (await detectRuntimes()).find((candidate) => candidate.key === key);
  if (runtime?.available === true) return runtime;
  throw new GradingFault(
    `The runtime ${key} is not available to this worker: ${runtime?.reason ?? 'Assay does not know it.'}`,
  );
}
