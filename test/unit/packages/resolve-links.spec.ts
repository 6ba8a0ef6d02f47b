import { describe, expect, it } from 'vitest';
import { PackageFault } from '../../../src/packages/package-fault.js';
import { resolveLinks } from '../../../src/packages/resolve-links.js';

const LIMITS = { files: 3_000, bytes: 1_000_000 };
const bytes = (text: string): Uint8Array => Buffer.from(text);

function resolved(files: Record<string, string>, links: Record<string, string>, limits = LIMITS): unknown {
  const found = resolveLinks(
    new Map(Object.entries(files).map(([path, text]) => [path, bytes(text)])),
    new Map(Object.entries(links)),
    limits,
  );
  return Object.fromEntries([...found].map(([path, content]) => [path, Buffer.from(content).toString()]));
}

function faults(files: Record<string, string>, links: Record<string, string>, limits = LIMITS): string[] {
  try {
    resolved(files, links, limits);
  } catch (error) {
    if (error instanceof PackageFault) return error.problems.map(({ path }) => path).toSorted();
    throw error;
  }
  return [];
}

describe('links of a package', () => {
  it('are the files that they lead to, also over other links, in whatever order they come', () => {
    const files = { 'data/secret/1.in': 'one', 'data/secret/1.ans': 'two' };
    const links = { 'a.in': 'b/1.in', b: './data/sample', 'data/sample': 'secret', 'data/c/d.ans': '../../b/1.ans' };
    expect(resolved(files, links)).toEqual({
      ...files,
      'a.in': 'one',
      'b/1.in': 'one',
      'b/1.ans': 'two',
      'data/sample/1.in': 'one',
      'data/sample/1.ans': 'two',
      'data/c/d.ans': 'two',
    });
  });

  it('to a folder bring what the links within it lead to', () => {
    expect(resolved({ 'a/x': '1', 'c/y': '2' }, { b: 'a', 'a/z': '../c/y' })).toEqual({
      'a/x': '1',
      'c/y': '2',
      'a/z': '2',
      'b/x': '1',
      'b/z': '2',
    });
  });

  it('are refused, each by its name, where they lead away, nowhere, in a circle or into themselves', () => {
    expect(faults({ a: '1' }, { b: '/etc/passwd' })).toEqual(['b']);
    expect(faults({ a: '1' }, { 'd/b': '../../a' })).toEqual(['d/b']);
    expect(faults({ a: '1' }, { b: 'missing', good: 'a' })).toEqual(['b']);
    expect(faults({ a: '1' }, { b: 'c', c: 'd', d: 'b', e: 'b', good: 'a' })).toEqual(['b', 'c', 'd', 'e']);
    expect(faults({ 'a/x': '1' }, { 'a/b': '../a' })).toEqual(['a/b']);
    expect(faults({ a: '1' }, { b: '.' })).toEqual(['b']);
  });

  it('hold within bounds what they would unfold to', () => {
    const links = Object.fromEntries(Array.from({ length: 30 }, (_, index) => [`l${index + 1}`, `l${index}`]));
    expect(faults({ 'l0/a': 'x', 'l0/b': 'y' }, links, { files: 20, bytes: 1_000 })).toHaveLength(1);
    expect(faults({ 'l0/a': 'x'.repeat(100) }, links, { files: 1_000, bytes: 1_000 })).toHaveLength(1);
  });

  it('may follow each other by the thousand, the last first', () => {
    const count = 5_900;
    const links = Object.fromEntries(
      Array.from({ length: count }, (_, index) => [`l${count - index}`, `l${count - index - 1}`]),
    );
    expect(Object.keys(resolved({ l0: 'x' }, links, { ...LIMITS, files: 6_000 }) ?? {})).toHaveLength(count + 1);
  });
});
