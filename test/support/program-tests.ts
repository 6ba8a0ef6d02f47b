import type { GradingDocument, ProgramTest } from '../../src/grading/grading-document.js';

/** The `program` tests of a document that is to hold no others. */
export function programTests({ tests }: GradingDocument): readonly ProgramTest[] {
  return tests.map((test) => {
    if (test.kind !== 'program') throw new Error(`The test ${test.name} is of the kind ${test.kind}.`);
    return test;
  });
}
