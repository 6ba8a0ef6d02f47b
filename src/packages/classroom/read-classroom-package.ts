import { oneLine } from '../document-parts.js';
import { PackageFault } from '../package-fault.js';
import type { PackageTree } from '../package-tree.js';
import { type TranslatedPackage, type TranslationOptions, Warnings } from '../translated-package.js';
import { classroomDocument } from './classroom-document.js';
import { readAutograding } from './read-autograding.js';
import { readWorkflow } from './read-workflow.js';

/** Where the tests lie in a repository, the first that is there counts; or they come as a file alone. */
const AUTOGRADING = /^(?:\.github\/classroom\/)?[^/]*\.json$/;
const WORKFLOW = /^(?:\.github\/workflows\/)?[^/]*\.ya?ml$/;

const MOST_PROBLEMS = 50;
/** What an assignment takes. */
const MOST_INSTRUCTIONS = 200_000;

/**
 * Reads the tests of GitHub Classroom: `.github/classroom/autograding.json` or `.github/workflows/classroom.yml`, each alone or
 * within its repository.
 *
 * @throws PackageFault
 */
export function readClassroomPackage(tree: PackageTree, options: TranslationOptions): TranslatedPackage {
  const warnings = new Warnings();
  const paths = [...tree.files.keys()].toSorted((one, other) => one.length - other.length);
  const named = (pattern: RegExp, words: RegExp): string | undefined =>
    paths.find((path) => pattern.test(path) && words.test(path)) ??
    (paths.length === 1 ? paths.find((path) => pattern.test(path)) : undefined);
  const workflow = named(WORKFLOW, /classroom/);
  const autograding = named(AUTOGRADING, /autograding/);
  const tests = workflow === undefined ? [] : readWorkflow(tree, workflow, warnings.warn);
  const file = tests.length > 0 ? workflow : autograding;
  if (file === undefined) {
    throw PackageFault.at(
      workflow ?? '',
      workflow === undefined
        ? 'holds neither .github/classroom/autograding.json nor .github/workflows/classroom.yml'
        : 'has no step that grades (classroom-resources/autograding-command-grader, -io-grader or -python-grader)',
    );
  }
  const found = tests.length > 0 ? tests : readAutograding(tree.text(file), file, warnings.warn);
  // Whoever is refused gets no warnings: what they would say is why nothing was found.
  const [first] = warnings.list();
  if (found.length === 0 && first !== undefined) throw new PackageFault(warnings.list().slice(0, MOST_PROBLEMS));
  const grading = classroomDocument(found, options, file, warnings.warn);
  const readme = tree.has('README.md') ? tree.text('README.md') : '';
  const instructions = readme === '' || readme.length > MOST_INSTRUCTIONS ? {} : { instructions: readme };
  return {
    assignment: { title: oneLine(options.name), ...instructions, grading },
    models: [],
    warnings: warnings.list(),
  };
}
