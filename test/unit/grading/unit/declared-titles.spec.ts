import { describe, expect, it } from 'vitest';
import { declaredTitles } from '../../../../src/grading/unit/declared-titles.js';

describe('declaredTitles', () => {
  it('finds titles in calls, and not in comments, texts and regular expressions', () => {
    const source = `// it('a comment', () => {});
/* test('another') */
const text = "it('a text')", pattern = /it\\('x'\\)/;
describe('suite', () => {
  it('adds', () => {});
  test("says \\"no\\"", async () => { const x = 4 / 2; it; });
  it(\`plain\`, () => { expect(\`\${'it("inner")'}\`).toBe(1); });
});
submit('no'); rewrite.it('neither');`;
    expect(declaredTitles(source)).toEqual({
      titles: ['adds', 'says "no"', 'plain'],
      optional: ['neither'],
      isComplete: true,
    });
  });

  it('knows that it does not know titles that a program makes', () => {
    for (const source of [
      'for (const n of [1]) it(`n ${n}`, f)',
      "it.each([1])('n %i', f)",
      'test(title, f)',
      'await t.test(name)',
    ]) {
      expect(declaredTitles(source).isComplete, source).toBe(false);
    }
  });

  it('asks for none where some are skipped or chosen', () => {
    expect(declaredTitles("it('a'); it.skip('b'); xit('c');").titles).toEqual([]);
    expect(declaredTitles("describe.only('x', () => { it('a'); }); it('b');").titles).toEqual([]);
  });

  it('takes whatever it is given', () => {
    for (const source of ['`', '"', '/*', '${', 'it(', "it('", '}}}', '`${`${`', '/[', "it('\\u{110000}')"]) {
      expect(() => declaredTitles(source)).not.toThrow();
    }
  });
});
