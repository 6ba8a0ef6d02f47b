import type { DocumentFault } from './document-fault.js';
import type { RawCommandTest } from './raw-grading-document.js';
import { relativePathFault } from './relative-path.js';
import { nameFault, pointsFault, textFault } from './test-faults.js';

/** What is wrong with a `command` test of the right shape that stands at `path`. */
export function commandTestFaults(test: RawCommandTest, path: string): DocumentFault[] {
  const faults: (readonly [string, string | null])[] = [
    ['/name', nameFault(test.name)],
    ['/description', textFault(test.description ?? '', 'no NUL')],
    ['/points', pointsFault(test.points)],
    ['/run', textFault(test.run, 'no NUL')],
    ...(test.args ?? []).map((arg, index) => [`/args/${index}`, textFault(arg, 'no NUL')] as const),
    ['/output', outputFault(test)],
  ];
  return faults.flatMap(([name, message]) => (message === null ? [] : [{ path: path + name, message }]));
}

function outputFault({ output = null, format = 'exit-code' }: RawCommandTest): string | null {
  if (output === null) return null;
  if (format === 'exit-code') return 'needs a `format` that has results: gradescope, junit-xml or tap';
  return relativePathFault(output);
}
