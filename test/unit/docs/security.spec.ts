import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const root = new URL('../../../', import.meta.url);
const document = readFileSync(new URL('docs/security.md', root), 'utf8');

/** Rows of the table of requirements: numbers, and where the proof is. */
const rows = [...document.matchAll(/^\| (\d[^|]*)\|[^|]*\| `(test\/[^`]+)`: ([^|]+)\|$/gm)].map(
  ([, requirement = '', file = '', title = '']) => ({ requirement, file, title: title.trim() }),
);
const lines = document.split('\n').filter((line) => /^\| \d/.test(line));

describe('docs/security.md', () => {
  it('names a proof for each requirement that it lists', () => {
    expect(rows).toHaveLength(lines.length);
    const numbers = rows.flatMap(({ requirement }) => requirement.match(/\d+\.\d+\.\d+/g) ?? []);
    expect(new Set(numbers).size).toBe(numbers.length);
    expect(numbers.length).toBeGreaterThanOrEqual(50);
  });

  it.each(rows)('$requirement is proved by a test that is there', ({ file, title }) => {
    expect(readFileSync(new URL(file, root), 'utf8')).toContain(title);
  });
});
