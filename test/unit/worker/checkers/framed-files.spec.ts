import { describe, expect, it } from 'vitest';
import { receivedFiles } from '../../../../src/worker/checkers/framed-files.js';

const received = (text: string) =>
  receivedFiles(Buffer.from(text))?.map(({ name, isExecutable, content }) => [
    name,
    isExecutable,
    content.toString(),
  ]) ?? null;

describe('receivedFiles', () => {
  it('divides by the sizes, whatever the files hold', () => {
    expect(received('')).toEqual([]);
    expect(received('a\x000 3\x00b\x00c./d\x001 0\x00')).toEqual([
      ['a', false, 'b\0c'],
      ['./d', true, ''],
    ]);
  });

  it.each([
    'a',
    'a\x00',
    'a\x000 3\x00bc',
    'a\x002 0\x00',
    'a\x000 -1\x00',
    'a\x000 9999999999999\x00',
    '\x00\x00\x00',
  ])('takes nothing of %j, which is cut or forged', (text) => expect(received(text)).toBeNull());
});
