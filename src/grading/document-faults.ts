import { commandTestFaults } from './command-test-faults.js';
import { checkerFaults } from './checker-faults.js';
import { pointer, type DocumentFault } from './document-fault.js';
import { feedbackFaults } from './feedback-faults.js';
import { fileContentFaults } from './file-faults.js';
import { groupFaults } from './group-faults.js';
import { httpTestFaults } from './http/http-test-faults.js';
import { withInheritedSettings } from './inherited-settings.js';
import { limitFaults } from './limit-faults.js';
import type { LimitCeilings } from './limits.js';
import { lintTestFaults } from './lint-test-faults.js';
import { mutationTestFaults } from './mutation-test-faults.js';
import type { RawGradingDocument, RawTest } from './raw-grading-document.js';
import { pathSetFault, relativePathFault } from './relative-path.js';
import { serviceFaults } from './services.js';
import { sqlTestFaults } from './sql/sql-test-faults.js';
import { programTestFaults, textFault } from './test-faults.js';
import { unitTestFaults } from './unit-test-faults.js';

interface Known {
  readonly runtimes: readonly string[];
  readonly ceilings: LimitCeilings;
}

/** What is wrong with a document of the right shape, in its own order as far as there is one; empty when nothing is. */
export function documentFaults(written: RawGradingDocument, { runtimes, ceilings }: Known): DocumentFault[] {
  const inGroups = groupFaults(written);
  // What a group says wrongly is told of the group, and not of each of its tests.
  const raw = inGroups.length === 0 ? withInheritedSettings(written) : written;
  return [
    ...runtimeFaults(raw, runtimes),
    ...pathFaults(raw),
    ...(raw.files ?? []).flatMap((file, index) => fileContentFaults(file, pointer('files', index))),
    ...textFaults(raw),
    ...serviceFaults(raw),
    ...limitFaults(written, raw, ceilings),
    ...raw.tests.flatMap((test, index) => testFaults(test, pointer('tests', index), raw)),
    ...feedbackFaults(written, raw.tests),
    ...duplicates(raw.tests, 'tests', 'test'),
    ...inGroups,
    ...checkerFaults(raw, runtimes, ceilings),
    ...duplicates(raw.checkers ?? [], 'checkers', 'checker'),
    ...duplicates(raw.groups ?? [], 'groups', 'group'),
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
    case 'http':
      return httpTestFaults(test, path);
    case 'command':
      return commandTestFaults(test, path);
    case 'lint':
      return lintTestFaults(test, path, document);
    case 'sql':
      return sqlTestFaults(test, document.files ?? [], path);
    case 'unit':
      return unitTestFaults(test, document, path);
    case 'mutation':
      return mutationTestFaults(test, path, document);
  }
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
