import { randomBytes } from 'node:crypto';
import { pack } from 'tar-stream';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { packArchive, readArchive } from '../../../src/submissions/submission-archive.js';

const file = (path: string, content: Buffer | string): { path: string; content: Buffer } => ({
  path,
  content: Buffer.from(content),
});

describe('packArchive and readArchive', () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  it('gives back every file byte for byte, in order of their paths', async () => {
    const files = [
      file('src/main.py', 'print("ä")\r\n'),
      file('empty.txt', ''),
      file('data.bin', randomBytes(300_000)),
      file('block.bin', randomBytes(512)),
      file('ünïcödé/日本語.txt', '\0\0'),
    ];
    const read = await readArchive(await packArchive(files));
    expect(read.map(({ path }) => path)).toEqual([
      'block.bin',
      'data.bin',
      'empty.txt',
      'src/main.py',
      'ünïcödé/日本語.txt',
    ]);
    for (const { path, content } of files) {
      expect(read.find((one) => one.path === path)?.content.equals(content)).toBe(true);
    }
  });

  it('keeps the longest paths that a submission may have', async () => {
    const paths = [
      'n'.repeat(255),
      `${'日'.repeat(85)}/${'a'.repeat(255)}/${'b'.repeat(255)}/${'c'.repeat(250)}`,
      Array.from({ length: 10 }, (_, depth) => `folder-${depth}`).join('/'),
    ];
    const read = await readArchive(await packArchive(paths.map((path) => file(path, path))));
    expect(new Set(read.map(({ path }) => path))).toEqual(new Set(paths));
    for (const { path, content } of read) expect(content.toString()).toBe(path);
  });

  it('gives the same bytes whatever the order and the time', async () => {
    const files = [file('b', '2'), file('a', '1'), file('c/d', '3')];
    const one = await packArchive(files);
    vi.useFakeTimers({ toFake: ['Date'], now: new Date('2031-02-03T04:05:06Z') });
    expect((await packArchive(files.toReversed())).equals(one)).toBe(true);
  });

  it('takes no files at all', async () => {
    expect(await readArchive(await packArchive([]))).toEqual([]);
  });

  it('refuses a blob that is cut off', async () => {
    const blob = await packArchive([file('a', randomBytes(2_000))]);
    await expect(readArchive(blob.subarray(0, 1_000))).rejects.toThrow('Unexpected end of data');
  });

  it('refuses a blob that is no archive', async () => {
    await expect(readArchive(Buffer.alloc(1_024, 'x'))).rejects.toThrow('Invalid tar header');
  });

  it('refuses a blob with a link in it', async () => {
    const archive = pack();
    archive.entry({ name: 'passwd', type: 'symlink', linkname: '/etc/passwd' });
    archive.finalize();
    const chunks: Buffer[] = [];
    for await (const chunk of archive) chunks.push(chunk as Buffer);
    await expect(readArchive(Buffer.concat(chunks))).rejects.toThrow('symlink');
  });
});
