import { describe, expect, it } from 'vitest';
import { checkableFiles } from '../../../../src/grading/lint/checkable-files.js';
import { fileRuleFindings } from '../../../../src/grading/lint/file-rules.js';
import { LINT_LIMITS } from '../../../../src/grading/lint/lint-finding.js';
import { bytes } from '../builders.js';

const NONE = { required: [], forbidden: [], shebang: [], executable: [], finalNewline: [] };

const found = (rules: object, path: string, content: string, executable = false): string[] =>
  fileRuleFindings({ ...NONE, ...rules }, [{ path, content: bytes(content), executable }]).map(
    ({ path: where, rule }) => `${where} ${rule}`,
  );

describe('fileRuleFindings', () => {
  it('asks for files, and refuses others', () => {
    expect(found({ required: ['a', 'lib/*.py'] }, 'a', '')).toEqual(['lib/*.py required-file']);
    expect(found({ forbidden: ['**/*.pyc'] }, 'x/y.pyc', '')).toEqual(['x/y.pyc forbidden-file']);
  });

  it.each([
    ['#!/bin/sh\n', []],
    ['#! /usr/bin/env python3\necho', []],
    ['#!/bin/sh\r\n', ['a.sh shebang']],
    ['#!sh\n', ['a.sh shebang']],
    [' #!/bin/sh\n', ['a.sh shebang']],
    ['\ufeff#!/bin/sh\n', ['a.sh shebang']],
    ['', ['a.sh shebang']],
  ])('looks at the first line of %j', (content, expected) => {
    expect(found({ shebang: ['*.sh'] }, 'a.sh', content)).toEqual(expected);
  });

  it('asks for the executable bit and the last line feed, once for a file that two patterns name', () => {
    expect(found({ executable: ['*', 'a'] }, 'a', '')).toEqual(['a executable']);
    expect(found({ executable: ['*'] }, 'a', '', true)).toEqual([]);
    expect(found({ finalNewline: ['*'] }, 'a', 'x')).toEqual(['a final-newline']);
    expect(found({ finalNewline: ['*'] }, 'a', '')).toEqual(['a final-newline']);
    expect(found({ finalNewline: ['*'] }, 'a', 'x\r\n')).toEqual([]);
  });
});

describe('checkableFiles', () => {
  const named = { paths: ['**'], exclude: ['skip/**'] };

  it('gives text only, in the order of paths', () => {
    const files = ['b', 'a', 'skip/c'].map((path) => ({ path, content: bytes(path) }));
    expect(checkableFiles(named, files).files.map(({ text }) => text)).toEqual(['a', 'b']);
  });

  it.each([
    ['not-text', bytes('a\0')],
    ['not-utf-8', new Uint8Array([0xe9, 0x0a])],
    ['too-large', new Uint8Array(LINT_LIMITS.fileBytes + 1).fill(0x20)],
  ])('cannot check what is %s', (rule, content) => {
    const { files, findings } = checkableFiles(named, [{ path: 'a', content }]);
    expect(files).toEqual([]);
    expect(findings).toMatchObject([{ path: 'a', rule, isUnchecked: true }]);
  });

  it('checks so much of all files together and no more', () => {
    const content = new Uint8Array(LINT_LIMITS.fileBytes).fill(0x20);
    const { files, findings } = checkableFiles(
      named,
      Array.from({ length: 10 }, (_, index) => ({ path: `f${index}`, content })),
    );
    expect([files.length, findings.length]).toEqual([8, 2]);
  });
});
