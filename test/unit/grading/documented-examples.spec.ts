import { describe, expect, it } from 'vitest';
import { parseGradingDocument } from '../../../src/grading/parse-grading-document.js';
import { documentedDocuments } from '../../support/documented.js';
import { CEILINGS } from '../../support/grading-session.js';

const PAGES = ['grading-lint.md', 'grading-mutation.md'];
const RUNTIMES = ['python', 'node', 'bash', 'c', 'cpp', 'java'];

describe.each(PAGES)('the examples of docs/%s', (page) => {
  const examples = documentedDocuments(page).map((example, index) => [index + 1, example] as const);

  it.each(examples)('are documents: %d', (_, example) => {
    const parsed = parseGradingDocument(example, { runtimes: RUNTIMES, ceilings: CEILINGS });
    expect(parsed).toMatchObject({ ok: true });
    if (!parsed.ok) return;
    // What is kept must be what can be sent.
    expect(parseGradingDocument(parsed.document, { runtimes: RUNTIMES, ceilings: CEILINGS })).toEqual(parsed);
  });
});
