import { describe, expect, it } from 'vitest';
import { pathSetFault, relativePathFault } from '../../../src/grading/relative-path.js';

describe('relativePathFault', () => {
  it.each([
    'main.py',
    'src/main.py',
    'a/b/c/d/e/f/g/h/i/j',
    '.gitignore',
    '~x',
    'a b.txt',
    'über.py',
    'a..b',
    '..a',
    'xy:z',
    '日本.py',
    '-rf',
    'a\'b"c$(d)',
    'ä'.repeat(127),
  ])('lets %j through', (path) => expect(relativePathFault(path)).toBeNull());

  it.each([
    ['', 'empty'],
    ['/etc/passwd', 'relative'],
    ['//x', 'relative'],
    ['C:\\x', 'backslash'],
    ['C:x', 'drive letter'],
    ['c:/x', 'drive letter'],
    ['..', 'stay in its folder'],
    ['../x', 'stay in its folder'],
    ['a/../../x', 'stay in its folder'],
    ['a/..', 'stay in its folder'],
    ['..\\x', 'backslash'],
    ['.', 'the name "."'],
    ['./a', 'the name "."'],
    ['a/./b', 'the name "."'],
    ['a//b', 'empty name'],
    ['a/', 'empty name'],
    ['a\0.py', 'control characters'],
    ['a\nb', 'control characters'],
    ['a\u0085b', 'control characters'],
    ['\u007f', 'control characters'],
    ['a\u2215b', 'look like a slash'],
    ['..\u2044x', 'look like a slash'],
    ['..\uff0fx', 'look like a slash'],
    ['a\u202etxt.py', 'direction'],
    ['a\u2028b', 'direction'],
    ['a.', 'dot or a space'],
    ['a /b', 'dot or a space'],
    ['...', 'dot or a space'],
    ['\ud800', 'Unicode'],
    ['a/b/c/d/e/f/g/h/i/j/k', '10 names'],
    ['a'.repeat(256), '255 bytes'],
    ['ä'.repeat(128), '255 bytes'],
    [`${'a'.repeat(200)}/`.repeat(6), '1024 bytes'],
  ])('refuses %j and says why', (path, reason) => expect(relativePathFault(path)).toContain(reason));

  it('lets nothing through that leaves the folder, however the parts are put together', () => {
    const parts = ['..', '.', '', 'a', 'b.py', '\0', '\\', 'C:'];
    const paths = parts.flatMap((a) => parts.flatMap((b) => parts.map((c) => [a, b, c])));
    const accepted = paths.filter((path) => relativePathFault(path.join('/')) === null);
    // "C:" is a plain name anywhere but at the start.
    const harmless = paths.filter(
      (path) => path[0] !== 'C:' && path.every((name) => ['a', 'b.py', 'C:'].includes(name)),
    );
    expect(accepted).toEqual(harmless);
  });
});

describe('pathSetFault', () => {
  it('lets files lie beside and below each other', () => {
    expect(pathSetFault([])).toBeNull();
    expect(pathSetFault(['a', 'b/a', 'b/c', 'b/d/a', 'ab', 'b.c'])).toBeNull();
  });

  it.each([
    [['a', 'b', 'a'], '"a" is named twice'],
    [['Main.py', 'main.py'], 'differ only in case'],
    [['\u00e9', 'e\u0301'], 'composed'],
    [['a', 'a/b'], '"a" is a file and, in "a/b", also a folder'],
    [['a/b/c', 'a/b'], 'also a folder'],
    [['A', 'a/b'], 'also a folder'],
    [['src/a', 'SRC/b'], 'the folders "src" and "SRC"'],
  ])('refuses %j', (paths, reason) => expect(pathSetFault(paths)).toContain(reason));

  it('looks at 500 deep paths at once', () => {
    const deep = Array.from({ length: 500 }, (_, i) => `a/b/c/d/e/f/g/h/i/${i}`);
    expect(pathSetFault(deep)).toBeNull();
    expect(pathSetFault([...deep, 'a/b/c'])).toContain('also a folder');
  });
});
