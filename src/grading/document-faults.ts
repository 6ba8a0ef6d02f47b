import { commandTestFaults } from './command-test-faults.js';
import { pointer, type DocumentFault } from './document-fault.js';
import type { TestGroup } from './grading-document.js';
import { limitFaults } from './limit-faults.js';
import type { LimitCeilings } from './limits.js';
import { lintTestFaults } from './lint-test-faults.js';
import type { RawGradingDocument, RawGradingFile, RawTest } from './raw-grading-document.js';
import { pathSetFault, relativePathFault } from './relative-path.js';
import { nameFault, pointsFault, programTestFaults, textFault } from './test-faults.js';

interface Known {
  readonly runtimes: readonly string[];
  readonly ceilings: LimitCeilings;
}

/** What is wrong with a document of the right shape, in its own order as far as there is one; empty when nothing is. */
export function documentFaults(raw: RawGradingDocument, { runtimes, ceilings }: Known): DocumentFault[] {
  return [
    ...runtimeFaults(raw, runtimes),
    ...pathFaults(raw),
    ...(raw.files ?? []).flatMap((file, index) => contentFaults(file, pointer('files', index))),
    ...textFaults(raw),
    ...limitFaults(raw, ceilings),
    ...raw.tests.flatMap((test, index) => testFaults(test, pointer('tests', index), raw)),
    ...duplicates(raw.tests, 'tests', 'test'),
    ...groupFaults(raw),
  ];
}

function runtimeFaults(raw: RawGradingDocument, known: readonly string[]): DocumentFault[] {
  const runtime = raw.runtime ?? null;
  const runtimes = raw.runtimes ?? null;
  if (runtime !== null && runtimes !== null) {
    return [{ path: '/runtimes', message: 'excludes `runtime`: keep one of the two' }];
  }
  const advice = `use one of ${known.join(', ')}`;
  if (runtimes === null) {
    if (runtime === null) {
      return [{ path: '/runtime', message: `is required, unless \`runtimes\` is given: ${advice}` }];
    }
    return known.includes(runtime) ? [] : [{ path: '/runtime', message: `is not a known runtime: ${advice}` }];
  }
  return runtimes.flatMap((key, index) => {
    const path = pointer('runtimes', index);
    if (!known.includes(key)) return [{ path, message: `is not a known runtime: ${advice}` }];
    return runtimes.indexOf(key) < index ? [{ path, message: 'is listed twice: take one away' }] : [];
  });
}

function pathFaults(raw: RawGradingDocument): DocumentFault[] {
  const faults: DocumentFault[] = [];
  const look = (path: string, value: string): void => {
    const message = relativePathFault(value);
    if (message !== null) faults.push({ path, message });
  };
  if (typeof raw.entrypoint === 'string') look('/entrypoint', raw.entrypoint);
  const requiredFiles = raw.requiredFiles ?? [];
  requiredFiles.forEach((path, index) => look(pointer('requiredFiles', index), path));
  const files = raw.files ?? [];
  files.forEach((file, index) => look(pointer('files', index, 'path'), file.path));
  if (faults.length > 0) return faults;
  const requiredClash = pathSetFault(requiredFiles);
  if (requiredClash !== null) {
    faults.push({ path: '/requiredFiles', message: `cannot all be required: ${requiredClash}` });
  }
  const clash = pathSetFault(files.map((file) => file.path));
  if (clash !== null) faults.push({ path: '/files', message: `cannot lie in one folder: ${clash}` });
  return faults;
}

function testFaults(test: RawTest, path: string, document: RawGradingDocument): DocumentFault[] {
  switch (test.kind) {
    case 'program':
      return programTestFaults(test, path);
    case 'command':
      return commandTestFaults(test, path);
    case 'lint':
      return lintTestFaults(test, path, document);
  }
}

/** RFC 4648, section 4, with padding and nothing between; `atob` is lenient, so it cannot tell. */
const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;

function contentFaults(file: RawGradingFile, path: string): DocumentFault[] {
  const contentPath = `${path}/content`;
  if (file.encoding !== 'base64') {
    const message = textFault(file.content);
    return message === null ? [] : [{ path: contentPath, message }];
  }
  if (file.content.length % 4 === 0 && BASE64.test(file.content)) return [];
  return [{ path: contentPath, message: 'is not base64: encode the bytes with padding and without line breaks' }];
}

function textFaults(raw: RawGradingDocument): DocumentFault[] {
  const message = raw.build === null || raw.build === undefined ? null : textFault(raw.build.run, 'no NUL');
  return message === null ? [] : [{ path: '/build/run', message }];
}

function duplicates(named: readonly { readonly name: string }[], list: string, what: string): DocumentFault[] {
  const first = new Map<string, number>();
  return named.flatMap(({ name }, index) => {
    const before = first.get(name);
    if (before === undefined) {
      first.set(name, index);
      return [];
    }
    return [
      {
        path: pointer(list, index, 'name'),
        message: `is also the name of ${pointer(list, before)}: give each ${what} its own`,
      },
    ];
  });
}

function groupFaults(raw: RawGradingDocument): DocumentFault[] {
  const groups = raw.groups ?? [];
  const testNames = new Set(raw.tests.map((test) => test.name));
  const groupOf = new Map<string, string>();
  return [
    ...groups.flatMap((group, index) => [
      ...plainGroupFaults(group, pointer('groups', index)),
      ...group.tests.flatMap((name, position) => {
        const path = pointer('groups', index, 'tests', position);
        if (!testNames.has(name)) return [{ path, message: 'is not the name of a test in `tests`' }];
        const other = groupOf.get(name);
        if (other !== undefined) {
          return [{ path, message: `is already in ${other}: a test is in one group at most, once` }];
        }
        groupOf.set(name, pointer('groups', index));
        return [];
      }),
    ]),
    ...duplicates(groups, 'groups', 'group'),
  ];
}

function plainGroupFaults(group: TestGroup, path: string): DocumentFault[] {
  const name = nameFault(group.name);
  const points = pointsFault(group.points);
  return [
    ...(name === null ? [] : [{ path: `${path}/name`, message: name }]),
    ...(points === null ? [] : [{ path: `${path}/points`, message: points }]),
  ];
}
