import { ASSIGNMENT_FILE, readAssayPackage } from './assay/read-assay-package.js';
import { readClassroomPackage } from './classroom/read-classroom-package.js';
import { RUN_FILE, readGradescopePackage } from './gradescope/read-gradescope-package.js';
import { PROBLEM_FILE } from './kattis/problem-type.js';
import { readKattisPackage } from './kattis/read-kattis-package.js';
import { PackageFault } from './package-fault.js';
import { type PackageFiles, PackageTree } from './package-tree.js';
import type { PackageFormat, TranslatedPackage, TranslationOptions } from './translated-package.js';

type Reader = (tree: PackageTree, options: TranslationOptions) => TranslatedPackage;

const READERS: Readonly<Record<PackageFormat, Reader>> = {
  assay: readAssayPackage,
  kattis: readKattisPackage,
  'github-classroom': readClassroomPackage,
  gradescope: readGradescopePackage,
};

/** The file that lies at the root of a package; those of GitHub Classroom may be called anything. */
const MARKS: Readonly<Partial<Record<PackageFormat, string>>> = {
  assay: ASSIGNMENT_FILE,
  kattis: PROBLEM_FILE,
  gradescope: RUN_FILE,
};

/**
 * Says with an assignment what a package says. Pure: the same files give the same.
 *
 * @throws PackageFault
 */
export function translatePackage(
  files: PackageFiles,
  format: PackageFormat,
  options: TranslationOptions,
): TranslatedPackage {
  const mark = MARKS[format];
  const rooted = withoutRoot(files, mark ?? '.github/');
  const tree = new PackageTree(rooted);
  if (mark !== undefined && !tree.has(mark)) {
    throw PackageFault.at(mark, `is missing at the root of the package: it is none of the format ${format}`);
  }
  return READERS[format](tree, options);
}

/** Archives are often made of the folder that holds the package: one folder around everything says nothing. */
function withoutRoot(files: PackageFiles, mark: string): PackageFiles {
  const paths = [...files.keys()];
  if (paths.some((path) => path === mark || path.startsWith(mark))) return files;
  const folders = new Set(
    paths.filter((path) => !path.startsWith('__MACOSX/')).map((path) => path.split('/', 1)[0] ?? ''),
  );
  const [folder] = folders;
  if (folders.size !== 1 || folder === undefined) return files;
  if (!paths.some((path) => path.startsWith(`${folder}/${mark}`))) return files;
  const inside = [...files].filter(([path]) => path.startsWith(`${folder}/`));
  return new Map(inside.map(([path, content]) => [path.slice(folder.length + 1), content]));
}
