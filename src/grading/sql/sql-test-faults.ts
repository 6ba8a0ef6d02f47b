import { pointer, type DocumentFault } from '../document-fault.js';
import type { RawGradingFile } from '../raw-grading-document.js';
import { relativePathFault } from '../relative-path.js';
import { nameFault, pointsFault, textFault } from '../test-faults.js';
import { setupList } from './normalise-sql-test.js';
import type { RawSqlTest } from './raw-sql-test.js';
import { splitScript } from './split-script.js';
import type { SqlEngineName } from './sql-engine-name.js';

type Found = readonly [string, string | null];

/** What is wrong with a `sql` test of the right shape that stands at `path`, in a document with `files`. */
export function sqlTestFaults(test: RawSqlTest, files: readonly RawGradingFile[], path: string): DocumentFault[] {
  const seeds = test.seeds ?? [];
  const faults: Found[] = [
    ['/name', nameFault(test.name)],
    ['/description', textFault(test.description ?? '', 'no NUL')],
    ['/points', pointsFault(test.points)],
    ...setupFaults(test.setup, files, test.engine, '/setup'),
    ['/run', runFault(test.run, files)],
    ['/query', queryFault(test)],
    ...expectationFaults(test),
    ['/model', modelFault(test, files)],
    ...seeds.flatMap((seed, index): Found[] => {
      const at = pointer('seeds', index);
      const twin = seeds.findIndex((other) => other.name === seed.name);
      return [
        [`${at}/name`, nameFault(seed.name) ?? (twin < index ? `is also the name of /seeds/${twin}` : null)],
        ...setupFaults(seed.setup, files, test.engine, `${at}/setup`),
      ];
    }),
  ];
  return faults.flatMap(([name, message]) => (message === null ? [] : [{ path: path + name, message }]));
}

function runFault(run: string, files: readonly RawGradingFile[]): string | null {
  if (files.some((file) => file.path === run)) {
    return 'is a file in `files`, which would stand in the place of what is handed in: name a file of the submission';
  }
  return relativePathFault(run);
}

function setupFaults(
  setup: RawSqlTest['setup'],
  files: readonly RawGradingFile[],
  engine: SqlEngineName,
  at: string,
): Found[] {
  return setupList(setup).map((file, index) => [
    typeof setup === 'string' ? at : at + pointer(index),
    fileFault(file, files, engine),
  ]);
}

function fileFault(path: string, files: readonly RawGradingFile[], engine: SqlEngineName): string | null {
  const file = files.find((other) => other.path === path);
  if (file === undefined) return 'is not the path of a file in `files`: put the SQL there';
  if (file.encoding === 'base64') return 'is a file in base64: give SQL as text';
  const split = splitScript(file.content, engine);
  return split.ok ? null : `cannot be run, because of line ${split.line}: ${split.fault}`;
}

function queryFault({ query = null, engine, resultSet = null }: RawSqlTest): string | null {
  if (query === null) return null;
  if (resultSet !== null) return 'excludes `resultSet`: its own result is compared';
  const fault = textFault(query, 'no NUL');
  if (fault !== null) return fault;
  const split = splitScript(query, engine);
  if (!split.ok) return `cannot be run: ${split.fault}`;
  return split.statements.length === 1 ? null : `must be one statement, and is ${split.statements.length}`;
}

function modelFault({ model = null, engine }: RawSqlTest, files: readonly RawGradingFile[]): string | null {
  if (model === null) return null;
  const fault = fileFault(model, files, engine);
  if (fault !== null) return fault;
  const isHidden = files.some((file) => file.path === model && file.hidden === true);
  return isHidden ? null : 'is shown to students: set `hidden: true` on the file';
}

function expectationFaults({ expect = {}, model = null, resultSet = null }: RawSqlTest): Found[] {
  const { columns = null, types = null, rows = null, floatTolerance = null } = expect;
  const width = columns?.length ?? types?.length ?? rows?.[0]?.length ?? 0;
  const uneven = (rows ?? []).findIndex((row) => row.length !== width);
  const checksResult = rows !== null || columns !== null || types !== null || model !== null;
  return [
    ['/expect/rows', rows !== null && model !== null ? 'excludes `model`: keep one of the two' : null],
    [
      `/expect/rows/${Math.max(0, uneven)}`,
      uneven === -1 ? null : `has ${rows?.[uneven]?.length ?? 0} values, and ${width} are needed`,
    ],
    [
      '/expect/types',
      types !== null && columns !== null && types.length !== columns.length
        ? `has ${types.length} types for ${columns.length} columns`
        : null,
    ],
    [
      '/expect/checkNames',
      expect.checkNames === true && columns === null && model === null ? 'needs `columns` or a `model`' : null,
    ],
    ['/expect/checkTypes', expect.checkTypes === true && model === null ? 'needs a `model`: else use `types`' : null],
    [
      '/expect/floatTolerance',
      floatTolerance !== null &&
      (floatTolerance.absolute ?? null) === null &&
      (floatTolerance.relative ?? null) === null
        ? 'must name `absolute`, `relative` or both'
        : null,
    ],
    ['/resultSet', resultSet !== null && !checksResult ? 'needs something that is expected of the result' : null],
  ];
}
