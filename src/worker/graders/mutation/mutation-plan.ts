import { randomBytes } from 'node:crypto';
import type { MutationTest } from '../../../grading/grading-document.js';
import { limitsOf } from '../../../grading/limits.js';
import { handWrittenMutants, type Mutant, referenceOf, type SourceFile } from '../../../grading/mutation/mutant.js';
import { isMutable, isPython } from '../../../grading/mutation/mutable-files.js';
import { readGenerated } from '../../../grading/mutation/read-generated.js';
import { GradingFault } from '../../grading-fault.js';
import type { GradingSession } from '../../grading-session.js';
import { runLimits } from '../../run-limits.js';
import { interpreterFor } from '../interpreter.js';
import { JAVASCRIPT_GENERATOR } from './javascript-generator.js';
import { PYTHON_GENERATOR } from './python-generator.js';

/** Below the protected folder, apart from the files of documents. */
const FOLDER = '.assay-mutation';

/** How often a suite must pass the reference after the first time. */
const REWRITES = 2;

/** What a suite is tried on. */
export interface MutationPlan {
  readonly reference: readonly SourceFile[];
  readonly mutants: readonly Mutant[];
  /** The reference again, where that can be done written in another way that does the same. */
  readonly rewrites: readonly (readonly SourceFile[])[];
}

interface Generator {
  readonly language: 'python' | 'node';
  readonly file: string;
  readonly program: string;
  readonly options: readonly string[];
  readonly takes: (path: string) => boolean;
}

const GENERATORS: readonly Generator[] = [
  { language: 'python', file: 'generate.py', program: PYTHON_GENERATOR, options: ['-I', '-B'], takes: isPython },
  {
    language: 'node',
    file: 'generate.mjs',
    program: JAVASCRIPT_GENERATOR,
    options: [],
    takes: (path) => isMutable(path) && !isPython(path),
  },
];

/**
 * Makes the mutants and rewrites of a test, in the sandbox, by programs that see the reference and nothing of the submission.
 *
 * @throws GradingFault when they cannot be made: the reference is the instructor's.
 */
export async function mutationPlan(session: GradingSession, test: MutationTest): Promise<MutationPlan> {
  const reference = referenceOf(test, session.document);
  let rewrites: readonly (readonly SourceFile[])[] = Array.from({ length: REWRITES }, () => reference);
  const mutants = [...handWrittenMutants(test, reference)];
  for (const generator of GENERATORS) {
    const files = reference.filter(({ path }) => generator.takes(path));
    if (files.length === 0) continue;
    const made = readGenerated(await generate(session, test, generator, files), test, reference);
    if (!made.ok) throw new GradingFault(`Mutants could not be made: ${made.reason}`);
    mutants.push(...made.mutants);
    rewrites = rewrites.map((before, index) => overlaid(before, made.rewrites[index] ?? before, generator.takes));
  }
  if (mutants.length === 0) throw new GradingFault(`The test ${test.name} has no mutants: none could be made.`);
  return { reference, mutants, rewrites };
}

function overlaid(
  before: readonly SourceFile[],
  after: readonly SourceFile[],
  takes: (path: string) => boolean,
): readonly SourceFile[] {
  return before.map((file, index) => (takes(file.path) ? (after[index] ?? file) : file));
}

async function generate(
  session: GradingSession,
  test: MutationTest,
  { language, file, program, options }: Generator,
  files: readonly SourceFile[],
): Promise<Uint8Array> {
  const interpreter = await interpreterFor(session, language);
  await session.sandbox.put([{ path: `${FOLDER}/${file}`, content: Buffer.from(program), isProtected: true }]);
  const task = {
    files: files.map(({ path, content }) => ({ path, text: content })),
    max: test.generate?.max ?? 0,
    exclude: test.exclude,
    rewrites: REWRITES,
    salt: randomBytes(16).toString('hex'),
  };
  const outcome = await session.sandbox.run({
    argv: [interpreter, ...options, `/grader/${FOLDER}/${file}`],
    stdin: Buffer.from(JSON.stringify(task)),
    environment: {},
    limits: runLimits(limitsOf(session.document, test), session.ceilings),
    reports: true,
    showsProtected: true,
    signal: session.signal,
  });
  if (outcome.kind !== 'exited' || outcome.exitCode !== 0) {
    const said = outcome.stderr.toString('utf8').trim().split('\n').at(-1) ?? '';
    throw new GradingFault(
      `Mutants could not be made: ${outcome.kind} ${outcome.exitCode ?? outcome.reason ?? ''} ${said.slice(0, 300)}`,
    );
  }
  return outcome.report ?? new Uint8Array();
}
