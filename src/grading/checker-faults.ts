import { pointer, type DocumentFault } from './document-fault.js';
import { fileContentFaults } from './file-faults.js';
import { ceilingFaults } from './limit-faults.js';
import type { LimitCeilings } from './limits.js';
import { checkerLimits } from './normalise-grading-document.js';
import type { RawChecker, RawGradingDocument } from './raw-grading-document.js';
import { pathSetFault, relativePathFault } from './relative-path.js';
import { nameFault, textFault } from './test-faults.js';

/** Where Assay lays what a checker is given. */
const RESERVED_FOLDER = '.judge';

/** What is wrong with the checkers of a document of the right shape, and with what says which test has which. */
export function checkerFaults(
  raw: RawGradingDocument,
  runtimes: readonly string[],
  ceilings: LimitCeilings,
): DocumentFault[] {
  const names = new Set((raw.checkers ?? []).map(({ name }) => name));
  const known = [...names].map((name) => `"${name}"`).join(', ');
  const users = [
    { path: '', user: raw },
    ...(raw.groups ?? []).map((user, index) => ({ path: pointer('groups', index), user })),
    ...raw.tests.flatMap((user, index) => (user.kind === 'program' ? [{ path: pointer('tests', index), user }] : [])),
  ];
  return [
    ...(raw.checkers ?? []).flatMap((checker, index) =>
      definitionFaults(checker, pointer('checkers', index), runtimes, ceilings),
    ),
    ...users.flatMap(({ path, user: { checker = null, checkerArgs = [] } }) => [
      ...(checker === null || names.has(checker)
        ? []
        : [
            {
              path: `${path}/checker`,
              message: `is not the name of a checker in \`checkers\`${known === '' ? '' : `: use ${known}`}`,
            },
          ]),
      ...checkerArgs.flatMap((arg, index) => at(`${path}/checkerArgs/${index}`, textFault(arg, 'no NUL'))),
    ]),
  ];
}

function definitionFaults(
  checker: RawChecker,
  path: string,
  runtimes: readonly string[],
  ceilings: LimitCeilings,
): DocumentFault[] {
  const { name, runtime, entrypoint = null, files, build, limits = {} } = checker;
  const paths = files.flatMap((file, index) => at(`${path}/files/${index}/path`, pathFault(file.path)));
  const merged = checkerLimits(limits, ceilings);
  const aboveCeiling = ceilingFaults(limits, `${path}/limits`, ceilings);
  return [
    ...at(`${path}/name`, nameFault(name)),
    ...at(
      `${path}/runtime`,
      runtimes.includes(runtime) ? null : `is not a known runtime: use one of ${runtimes.join(', ')}`,
    ),
    ...at(`${path}/entrypoint`, entrypoint === null ? null : relativePathFault(entrypoint)),
    ...paths,
    ...(paths.length > 0 ? [] : at(`${path}/files`, pathSetFault(files.map((file) => file.path)))),
    ...files.flatMap((file, index) => fileContentFaults(file, `${path}/files/${index}`)),
    ...at(`${path}/build/run`, textFault(build?.run ?? '', 'no NUL')),
    ...aboveCeiling,
    ...(aboveCeiling.length > 0 || merged.wallMs >= merged.timeMs
      ? []
      : at(`${path}/limits/wallMs`, `is ${merged.wallMs} ms, less than timeMs (${merged.timeMs} ms)`)),
    ...at(`${path}/limits/network`, limits.network === 'loopback' ? 'must be none: a checker has no network' : null),
  ];
}

function pathFault(path: string): string | null {
  return path.split('/')[0] === RESERVED_FOLDER
    ? `must not begin with ${RESERVED_FOLDER}: Assay puts its files there`
    : relativePathFault(path);
}

function at(path: string, message: string | null): DocumentFault[] {
  return message === null ? [] : [{ path, message }];
}
