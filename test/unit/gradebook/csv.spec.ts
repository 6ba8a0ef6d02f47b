import { describe, expect, it } from 'vitest';
import { csvRecord, inertText, textOfInert } from '../../../src/gradebook/csv.js';

const DANGEROUS = [
  '=1+1',
  '+1',
  '-1',
  '@SUM(A1)',
  '\tx',
  '\rx',
  ' =1',
  '\u00a0=1',
  '\u3000=1',
  '\u200b=1',
  '\ufeff=1',
  'a\n=1',
  'a\r\n =1',
  '\n=1',
  "'=1",
  "''=1",
  "'\t",
  '＝1',
  '＠x',
];
const HARMLESS = ['', 'Ada', "O'Brien", "'quoted'", 'a=b', 'a-b', 'a@b.org', 'x\ty', '1', 'über', 'a\nb', ' a'];

describe('inertText', () => {
  it.each(DANGEROUS)('leaves no line of %j to begin like a formula', (text) => {
    const inert = inertText(text);
    expect(inert).not.toBe(text);
    for (const line of inert.split(/[\r\n]+/)) expect(line).not.toMatch(/^[\s\p{Cf}]*[=+\-@＝＋－＠]/u);
  });

  it.each(HARMLESS)('leaves %j as it is', (text) => {
    expect(inertText(text)).toBe(text);
  });

  it.each([...DANGEROUS, ...HARMLESS])('can be undone for %j', (text) => {
    expect(textOfInert(inertText(text))).toBe(text);
  });
});

describe('csvRecord', () => {
  it('quotes texts, and leaves numbers, negative ones too, as they are', () => {
    expect(csvRecord(['a', 1.5, -2, null, 'say "hi",\r\nyou', '-2'])).toBe(
      `"a",1.5,-2,,"say ""hi"",\r\nyou","'-2"\r\n`,
    );
  });
});
