import { PackageFault, type PackageProblem } from '../package-fault.js';
import { type PackageTree, utf8Text } from '../package-tree.js';
import { isMap } from '../read-yaml.js';
import { FileReference } from './file-reference.js';

/** Deeper than any grading document may be. */
const DEEPEST = 32;

const MOST_PROBLEMS = 50;

/** Puts the content of files in the place of references to them, and says which files that were. */
export function resolveReferences(
  value: unknown,
  tree: PackageTree,
  path: string,
): { readonly value: unknown; readonly used: ReadonlySet<string> } {
  const used = new Set<string>();
  const problems: PackageProblem[] = [];

  const contentOf = (reference: FileReference, at: string, isBase64: boolean): string => {
    const bytes = tree.files.get(reference.path);
    const text = bytes === undefined ? null : isBase64 ? Buffer.from(bytes).toString('base64') : utf8Text(bytes);
    if (text === null && problems.length < MOST_PROBLEMS) {
      const reason =
        bytes === undefined
          ? 'which is not in the package: paths begin at its root'
          : 'which is not text in UTF-8: say `encoding: base64` beside it, where that is possible';
      problems.push({ path: at, message: `refers to ${JSON.stringify(reference.path)}, ${reason}` });
    }
    used.add(reference.path);
    return text ?? '';
  };
  const walk = (part: unknown, at: string, depth: number, isBase64 = false): unknown => {
    if (part instanceof FileReference) return contentOf(part, at, isBase64);
    if (typeof part !== 'object' || part === null) return part;
    if (depth > DEEPEST) throw PackageFault.at(at, `lies more than ${DEEPEST} deep`);
    if (Array.isArray(part)) return part.map((item, index) => walk(item, `${at}/${index}`, depth + 1));
    if (!isMap(part)) return part;
    const entries = Object.entries(part).map(([name, item]): [string, unknown] => [
      name,
      walk(item, `${at}/${name}`, depth + 1, name === 'content' && part['encoding'] === 'base64'),
    ]);
    return Object.fromEntries(entries);
  };

  const resolved = walk(value, path, 0);
  if (problems.length > 0) throw new PackageFault(problems);
  return { value: resolved, used };
}
