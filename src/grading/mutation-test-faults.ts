import type { DocumentFault } from './document-fault.js';
import { pathPatternFault } from './lint/path-pattern.js';
import { isMutable } from './mutation/mutable-files.js';
import type { RawGradingDocument, RawGradingFile, RawMutationTest } from './raw-grading-document.js';
import { nameFault, pointsFault, textFault } from './test-faults.js';

type Found = (readonly [path: string, message: string | null])[];
type RawMutant = NonNullable<RawMutationTest['mutants']>[number];

/** What is wrong with a `mutation` test of the right shape that stands at `path`. */
export function mutationTestFaults(test: RawMutationTest, path: string, document: RawGradingDocument): DocumentFault[] {
  const files = new Map((document.files ?? []).map((file) => [file.path, file]));
  const faults: Found = [
    ['/name', nameFault(test.name)],
    ['/description', textFault(test.description ?? '', 'no NUL')],
    ['/points', pointsFault(test.points)],
    ...runFaults(test),
    ...(test.suite ?? []).map((pattern, index): Found[number] => [`/suite/${index}`, pathPatternFault(pattern)]),
    ...test.reference.map((reference, index): Found[number] => [
      `/reference/${index}`,
      referenceFault(reference, index, test.reference, files),
    ]),
    ...mutantsFaults(test, files),
    ['/generate', generateFault(test)],
  ];
  return faults.flatMap(([name, message]) => (message === null ? [] : [{ path: path + name, message }]));
}

function runFaults({ framework = null, run = null, minTests = 0 }: RawMutationTest): Found {
  if (framework !== null && run !== null) return [['/run', 'excludes `framework`: keep one of the two']];
  if (framework === null && run === null) {
    return [['/framework', 'is required, unless `run` is given: say what runs the suite, such as pytest']];
  }
  return [
    ['/run', textFault(run ?? '', 'no NUL')],
    [
      '/minTests',
      framework === null && minTests > 0 ? 'needs `framework`: nobody counts the tests of a command' : null,
    ],
  ];
}

function referenceFault(
  path: string,
  index: number,
  all: readonly string[],
  files: ReadonlyMap<string, RawGradingFile>,
): string | null {
  const file = files.get(path);
  if (file === undefined) return 'is not the path of a file in `files`: put the reference solution there';
  if (file.encoding === 'base64') return 'is in base64: give a reference as text';
  return all.indexOf(path) < index ? 'is listed twice: take one away' : null;
}

function mutantsFaults(test: RawMutationTest, files: ReadonlyMap<string, RawGradingFile>): Found {
  const mutants = test.mutants ?? [];
  return mutants.flatMap((mutant, index): Found => {
    const at = `/mutants/${index}`;
    const first = mutants.findIndex(({ id }) => id === mutant.id);
    return [
      [`${at}/id`, first < index ? `is also the id of mutant ${first}: give each its own` : nameFault(mutant.id)],
      [`${at}/description`, textFault(mutant.description ?? '', 'no NUL')],
      [at, isEmpty(mutant) ? 'must change something: give `files` or `replace`' : null],
      ...(mutant.files ?? []).flatMap(({ path, content }, position): Found => [
        [`${at}/files/${position}/path`, mutatedPathFault(path, test)],
        [`${at}/files/${position}/content`, textFault(content)],
      ]),
      ...(mutant.replace ?? []).flatMap(({ path, find, with: text }, position): Found => [
        [`${at}/replace/${position}/path`, mutatedPathFault(path, test)],
        [`${at}/replace/${position}/find`, findFault(find, files.get(path))],
        [`${at}/replace/${position}/with`, textFault(text)],
      ]),
    ];
  });
}

function isEmpty({ files = [], replace = [] }: RawMutant): boolean {
  return files.length === 0 && replace.length === 0;
}

function mutatedPathFault(path: string, { reference }: RawMutationTest): string | null {
  return reference.includes(path) ? null : 'is not a file of `reference`';
}

function findFault(find: string, file: RawGradingFile | undefined): string | null {
  if (file === undefined) return null;
  const first = file.content.indexOf(find);
  if (first === -1) return 'does not stand in that file';
  return file.content.includes(find, first + 1)
    ? 'stands in that file more than once: take more of what is around it'
    : null;
}

function generateFault({ generate, mutants = [], reference }: RawMutationTest): string | null {
  const isWanted = generate === undefined ? mutants.length === 0 : generate !== null;
  if (!isWanted) return mutants.length === 0 ? 'must not be null where `mutants` is empty' : null;
  return reference.some(isMutable)
    ? null
    : 'needs a file of Python or JavaScript in `reference`: write `mutants` by hand';
}
