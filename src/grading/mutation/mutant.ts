import type { GradingDocument, MutationTest } from '../grading-document.js';

/** Bounds of what is told of mutants. */
const DIFF_LINES = 12;

/** A text of the reference, or of a mutant, by its path. */
export interface SourceFile {
  readonly path: string;
  readonly content: string;
}

/** The reference with a fault in it. */
export interface Mutant {
  readonly id: string;
  /** What is wrong with it, in a line; null where nobody said. */
  readonly description: string | null;
  /** The files that stand in place of those of the reference. */
  readonly files: readonly SourceFile[];
  /** The lines that differ. */
  readonly diff: string;
}

/** The reference solution of a test, in the order in which the test names its files. */
export function referenceOf(test: MutationTest, document: GradingDocument): readonly SourceFile[] {
  return test.reference.flatMap((path) => document.files.filter((file) => file.path === path));
}

/** True where students may see all of the reference, so that what a suite prints while it runs on it tells them nothing new. */
export function isReferenceShown(test: MutationTest, document: GradingDocument): boolean {
  return document.files.every(({ path, hidden }) => !hidden || !test.reference.includes(path));
}

/** The mutants that a test names itself, without those that do not count. */
export function handWrittenMutants(test: MutationTest, reference: readonly SourceFile[]): readonly Mutant[] {
  return test.mutants
    .filter(({ id }) => !test.exclude.includes(id))
    .map(({ id, description, files, replace }) => {
      const contents = new Map(reference.map(({ path, content }) => [path, content]));
      for (const { path, content } of files) contents.set(path, content);
      // A function: signs such as $& mean nothing in a text of the instructor's.
      for (const { path, find, with: text } of replace) {
        contents.set(
          path,
          (contents.get(path) ?? '').replace(find, () => text),
        );
      }
      return mutantOf(id, description, reference, contents);
    });
}

/** The mutant that `contents` are, by path. */
export function mutantOf(
  id: string,
  description: string | null,
  reference: readonly SourceFile[],
  contents: ReadonlyMap<string, string>,
): Mutant {
  const changed = reference.flatMap(({ path, content }) => {
    const mutated = contents.get(path) ?? content;
    return mutated === content ? [] : [{ path, before: content, after: mutated }];
  });
  return {
    id,
    description,
    files: changed.map(({ path, after }) => ({ path, content: after })),
    diff: changed.map(({ path, before, after }) => diffOf(path, before, after)).join('\n'),
  };
}

/** The lines between the first and the last that differ, as `-` and `+`. */
function diffOf(path: string, before: string, after: string): string {
  const [old, young] = [before.split('\n'), after.split('\n')];
  let start = 0;
  while (start < old.length && start < young.length && old[start] === young[start]) start += 1;
  let end = 0;
  const rest = Math.min(old.length, young.length) - start;
  while (end < rest && old.at(-1 - end) === young.at(-1 - end)) end += 1;
  return [
    `${path}:${start + 1}`,
    ...marked('-', old.slice(start, old.length - end)),
    ...marked('+', young.slice(start, young.length - end)),
  ].join('\n');
}

function marked(mark: string, lines: readonly string[]): readonly string[] {
  const kept = lines.slice(0, DIFF_LINES).map((line) => `${mark} ${line}`);
  return lines.length > DIFF_LINES ? [...kept, `${mark} …`] : kept;
}
