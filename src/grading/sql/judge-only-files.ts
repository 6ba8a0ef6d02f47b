import type { GradingDocument } from '../grading-document.js';

/**
 * Paths of files that answer what the submission is asked: models, and the hidden files of seeds. They are never laid beside a
 * submission, whose programs could read them.
 */
export function judgeOnlyFiles({ files, tests }: Pick<GradingDocument, 'files' | 'tests'>): ReadonlySet<string> {
  const hidden = new Set(files.flatMap((file) => (file.hidden ? [file.path] : [])));
  const named = tests.flatMap((test) => {
    if (test.kind !== 'sql') return [];
    return [...(test.model === null ? [] : [test.model]), ...test.seeds.flatMap((seed) => seed.setup)];
  });
  return new Set(named.filter((path) => hidden.has(path)));
}
