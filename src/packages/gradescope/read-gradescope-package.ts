import { guessRuntime, unmetNeeds } from '../classroom/commands.js';
import { cappedLimit, oneLine, runtimeFields, withinCeilings } from '../document-parts.js';
import { PackageFault } from '../package-fault.js';
import { type PackageTree, utf8Text } from '../package-tree.js';
import { type TranslatedPackage, type TranslationOptions, type Warn, Warnings } from '../translated-package.js';

/** The file that runs an autograder; whatever has it at its root is one. */
export const RUN_FILE = 'run_autograder';

/** A zip says nothing of points: those of its tests are scaled to these. */
const POINTS = 100;

/** What Gradescope gives where nothing else is chosen. */
const TEN_MINUTES_MS = 600_000;
const ROOM = { memoryMiB: 768, processes: 256, diskMiB: 256 } as const;

/** Where everything lies that is not the student's, below the submission and below `/grader`. */
const FOLDER = '.gradescope';

/** Files of an autograder, beside the two that Assay adds. */
const MOST_FILES = 198;

/**
 * Lays things where an autograder of Gradescope looks for them: `/autograder` leads to `/tmp/autograder` in every sandbox. What
 * is the instructor's comes from `/grader`, where no submission can change it.
 */
const WRAPPER = `#!/bin/sh
set -eu
rm -rf /tmp/autograder
mkdir -p /tmp/autograder/results /tmp/autograder/submission
cp -R /grader/${FOLDER}/source /tmp/autograder/source
cp /grader/${FOLDER}/submission_metadata.json /tmp/autograder/submission_metadata.json
for file in /box/* /box/.[!.]* /box/..?*; do
  [ "$file" != /box/${FOLDER} ] || continue
  if [ -e "$file" ] || [ -L "$file" ]; then cp -R -P "$file" /tmp/autograder/submission/; fi
done
cp /tmp/autograder/source/${RUN_FILE} /tmp/autograder/${RUN_FILE}
chmod +x /tmp/autograder/${RUN_FILE}
cd /autograder
status=0
./${RUN_FILE} || status=$?
cp results/results.json /box/${FOLDER}/results.json || true
exit "$status"
`;

/**
 * Reads the zip of a Gradescope autograder: `run_autograder` becomes one test of the kind `command`.
 *
 * @throws PackageFault
 */
export function readGradescopePackage(tree: PackageTree, options: TranslationOptions): TranslatedPackage {
  const warnings = new Warnings();
  const { warn } = warnings;
  const { ceilings, name } = options;
  if (!tree.has(RUN_FILE)) {
    throw PackageFault.at(RUN_FILE, 'is missing: a Gradescope autograder holds it beside setup.sh');
  }
  const run = tree.text(RUN_FILE);
  if (!run.startsWith('#!')) {
    throw PackageFault.at(RUN_FILE, 'must begin with "#!" and the program that runs it, such as "#!/bin/sh"');
  }
  if (/^#!.*\r/.test(run)) throw PackageFault.at(RUN_FILE, 'has line ends of Windows: no shell can run it');
  for (const reason of unmetNeeds(run)) warn(RUN_FILE, reason);
  warnOfSetup(tree, warn);
  warn(RUN_FILE, `gives ${POINTS} points in all: the package does not say how many; set "points" of the test`);
  const wallMs = cappedLimit('wallMs', TEN_MINUTES_MS, ceilings, RUN_FILE, warn);
  const room = withinCeilings(ROOM, ceilings);
  const grading = {
    ...runtimeFields(options.runtimes.length > 0 ? options.runtimes : [guessRuntime([{ setup: '', run }]) ?? 'python']),
    // Gradescope builds nothing by itself.
    build: { run: 'true' },
    systemSitePackages: true,
    limits: { timeMs: Math.min(wallMs, ceilings.timeMs), wallMs, ...room },
    files: [
      hidden(`${FOLDER}/run.sh`, Buffer.from(WRAPPER), true),
      hidden(`${FOLDER}/submission_metadata.json`, Buffer.from(metadata(name)), false),
      ...sourceFiles(tree, warn),
    ],
    tests: [
      {
        kind: 'command',
        name: 'autograder',
        points: POINTS,
        run: `/bin/sh /grader/${FOLDER}/run.sh`,
        format: 'gradescope',
        output: `${FOLDER}/results.json`,
      },
    ],
  };
  return { assignment: { title: oneLine(name), grading }, models: [], warnings: warnings.list() };
}

function sourceFiles(tree: PackageTree, warn: Warn): object[] {
  const paths = [...tree.files.keys()].toSorted();
  if (paths.length > MOST_FILES) {
    throw PackageFault.at(
      '',
      `holds ${paths.length} files, and an assignment takes ${MOST_FILES}: leave out what is not needed`,
    );
  }
  return paths.flatMap((path) => {
    const bytes = tree.bytes(path);
    const isProgram = utf8Text(bytes.subarray(0, 2)) === '#!';
    if (isProgram && /^#![^\n]*\r/.test(Buffer.from(bytes.subarray(0, 200)).toString('latin1'))) {
      warn(path, 'has line ends of Windows: no shell can run it');
    }
    return [hidden(`${FOLDER}/source/${path}`, bytes, isProgram)];
  });
}

function hidden(path: string, bytes: Uint8Array, executable: boolean): object {
  const text = utf8Text(bytes);
  return {
    path,
    ...(text === null ? { content: Buffer.from(bytes).toString('base64'), encoding: 'base64' } : { content: text }),
    hidden: true,
    ...(executable ? { executable } : {}),
  };
}

/** What an autograder may read of the submission. It is the same for all: a test does not know whose work it runs. */
function metadata(title: string): string {
  const value = {
    id: 0,
    created_at: '1970-01-01T00:00:00.000000+00:00',
    assignment: {
      due_date: null,
      group_size: null,
      group_submission: false,
      id: 0,
      course_id: 0,
      late_due_date: null,
      title,
      total_points: String(POINTS),
    },
    submission_method: 'upload',
    users: [],
    previous_submissions: [],
  };
  return `${JSON.stringify(value, null, 2)}\n`;
}

const INSTALLS = /\b(?:apt(?:-get)?|pip3?|conda|npm|yarn|gem|curl|wget|git\s+clone|python3?\s+-m\s+pip)\b/;

/** What `setup.sh` does is done once for a machine, and not by an assignment. */
function warnOfSetup(tree: PackageTree, warn: Warn): void {
  if (!tree.has('setup.sh')) return;
  const lines = tree
    .text('setup.sh')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
  for (const line of lines.filter((one) => INSTALLS.test(one))) {
    warn('setup.sh', `is not run: install where grading runs what it installs by "${line.slice(0, 200)}"`);
  }
  if (lines.some((line) => !INSTALLS.test(line))) {
    warn('setup.sh', 'is not run, and does more than install programs: move that to run_autograder');
  }
  if (tree.has('requirements.txt')) {
    warn('requirements.txt', 'is not installed: packages of Python must be there where grading runs');
  }
}
