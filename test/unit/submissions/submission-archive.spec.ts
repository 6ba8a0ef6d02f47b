import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { setImmediate } from 'node:timers/promises';
import { pack } from 'tar-stream';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { listArchive, openFile, packArchive, readArchive } from '../../../src/submissions/submission-archive.js';

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

function streamOf(blob: Buffer): Readable {
  return Readable.from(
    (function* () {
      for (let at = 0; at < blob.length; at += 1_000) yield blob.subarray(at, at + 1_000);
    })(),
    { objectMode: false },
  );
}

async function readAll(archive: Readable): Promise<Buffer | null> {
  const opened = await openFile(archive, 'a');
  return opened === null ? null : buffer(opened.content);
}

describe('the archive of a submission, as a stream,', () => {
  const MIB = 1024 * 1024;

  it('tells paths and sizes', async () => {
    const blob = await packArchive([file('b/c', randomBytes(5_000)), file('a', ''), file('ä', 'ö')]);
    expect(await listArchive(streamOf(blob))).toEqual([
      { path: 'a', size: 0 },
      { path: 'b/c', size: 5_000 },
      { path: 'ä', size: 2 },
    ]);
    expect(await listArchive(streamOf(await packArchive([])))).toEqual([]);
  });

  it.each([0, 1, 512, 100_000])('gives each file of %i bytes back, byte for byte', async (size) => {
    const files = ['a', 'b', 'c'].map((path) => file(path, randomBytes(size)));
    const blob = await packArchive(files);
    for (const { path, content } of files) {
      const source = streamOf(blob);
      const opened = await openFile(source, path);
      expect(opened).toMatchObject({ path, size });
      const read = opened === null ? null : await buffer(opened.content);
      expect(read?.equals(content)).toBe(true);
      expect(content.subarray(0, opened?.beginning.length).equals(opened?.beginning ?? randomBytes(1))).toBe(true);
      await vi.waitFor(() => expect(source.destroyed).toBe(true));
    }
    expect(await openFile(streamOf(blob), 'd')).toBeNull();
  });

  it('reads no more than is taken, and closes the blob when nobody wants the rest', async () => {
    let given = 0;
    const head = (await packArchive([file('a', randomBytes(40 * MIB))])).subarray(0, 512);
    const source = new Readable({
      read() {
        given += 65_536;
        this.push(given === 65_536 ? head : Buffer.alloc(65_536));
      },
    });
    const opened = await openFile(source, 'a');
    await setImmediate();
    expect(given).toBeLessThan(2 * MIB);
    opened?.content.destroy();
    await vi.waitFor(() => expect(source.destroyed).toBe(true));
  });

  it('refuses a blob that is cut off, is no archive, or cannot be read', async () => {
    const blob = await packArchive([file('a', randomBytes(2_000))]);
    const broken = new Readable({ read: () => broken.destroy(new Error('a broken disk')) });
    await expect(listArchive(streamOf(blob.subarray(0, 1_000)))).rejects.toThrow('Unexpected end of data');
    await expect(listArchive(streamOf(Buffer.alloc(1_024, 'x')))).rejects.toThrow('Invalid tar header');
    await expect(listArchive(broken)).rejects.toThrow('a broken disk');
    const large = await packArchive([file('a', randomBytes(100_000))]);
    for (const bytes of [1_000, 50_000]) {
      await expect(readAll(streamOf(large.subarray(0, bytes)))).rejects.toThrow('Unexpected end of data');
    }
  });
});
