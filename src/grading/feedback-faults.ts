import { pointer, type DocumentFault } from './document-fault.js';
import { type RawFeedback, TELLS_VERDICT } from './feedback.js';
import type { RawGradingDocument, RawTest } from './raw-grading-document.js';
import { textFault } from './test-faults.js';

/**
 * What is wrong with what a document says of feedback.
 *
 * @param written as it stands there
 * @param tests the same tests, with what groups and document hand to them
 */
export function feedbackFaults(written: RawGradingDocument, tests: readonly RawTest[]): DocumentFault[] {
  return [
    ...partFaults(written.feedback, '/feedback'),
    ...(written.groups ?? []).flatMap(({ feedback }, index) =>
      partFaults(feedback, pointer('groups', index, 'feedback')),
    ),
    ...written.tests.flatMap(({ feedback }, index) => {
      const path = pointer('tests', index, 'feedback');
      return [...partFaults(feedback, path), ...hintFaults(feedback?.hint ?? null, tests[index]?.feedback, path)];
    }),
  ];
}

function partFaults(feedback: RawFeedback | null | undefined, path: string): DocumentFault[] {
  return (['now', 'afterDue'] as const).flatMap((moment) => {
    const parts = feedback?.[moment] ?? [];
    if (parts.includes('score')) return [];
    return TELLS_VERDICT.filter((part) => parts.includes(part)).map((part) => ({
      path: `${path}/${moment}`,
      message: `shows \`${part}\` without \`score\`: that there is one tells the verdict, so list both or neither`,
    }));
  });
}

function hintFaults(hint: string | null, settled: RawFeedback | null | undefined, path: string): DocumentFault[] {
  if (hint === null) return [];
  const fault = textFault(hint, 'no NUL');
  if (fault !== null) return [{ path: `${path}/hint`, message: fault }];
  const isShown = [settled?.now, settled?.afterDue].some((parts) => parts?.includes('hint') === true);
  if (isShown) return [];
  return [{ path: `${path}/hint`, message: 'is never shown: list `hint` in `now` or `afterDue`' }];
}
