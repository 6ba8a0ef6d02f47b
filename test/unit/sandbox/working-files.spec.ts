import { Readable } from 'node:stream';

import { pack, type Header } from 'tar-stream';
import { describe, expect, it } from 'vitest';

import { readArchive, WorkingFiles, WorkingFolderTooLarge } from '../../../src/sandbox/working-files.js';

const MEBIBYTE = 1 << 20;

function archiveOf(...entries: readonly (readonly [Partial<Header> & Pick<Header, 'name'>, string?])[]): Readable {
  const archive = pack();
  for (const [header, content] of entries) archive.entry(header, content ?? '');
  archive.finalize();
  return Readable.from(archive);
}

const file = (path: string, content = path) => ({ path, content: Buffer.from(content) });
const listed = async (files: WorkingFiles) => [
  ...(await readArchive(Readable.from([await files.archive()]), MEBIBYTE)).entries(),
];

describe('what a program left', () => {
  it('is kept as files, folders and links', async () => {
    const entries = await readArchive(
      archiveOf(
        [{ name: './', type: 'directory' }],
        [{ name: './a', mode: 0o755 }, 'run'],
        [{ name: './b/', type: 'directory' }],
        [{ name: './b/c', type: 'symlink', linkname: '/etc/shadow' }],
      ),
      MEBIBYTE,
    );
    expect([...entries.keys()]).toEqual(['a', 'b', 'b/c']);
    expect(entries.get('a')).toMatchObject({ kind: 'file', executable: true, content: Buffer.from('run') });
    expect(entries.get('b/c')).toMatchObject({ kind: 'link', target: '/etc/shadow', content: Buffer.alloc(0) });
  });

  it('loses pipes, devices, and names that lead outside or are not UTF-8', async () => {
    const entries = await readArchive(
      archiveOf(
        [{ name: 'pipe', type: 'fifo' }],
        [{ name: 'device', type: 'character-device', devmajor: 1, devminor: 3 }],
        [{ name: '../outside' }, 'x'],
        [{ name: 'a/../../outside' }, 'x'],
        [{ name: '/absolute' }, 'x'],
        [{ name: 'bad\uFFFDname' }, 'x'],
        [{ name: 'a/../good' }, 'x'],
      ),
      MEBIBYTE,
    );
    expect([...entries.keys()]).toEqual(['good']);
  });

  it('is refused when its files are larger than the limit', async () => {
    const large = archiveOf([{ name: 'a' }, 'x'.repeat(MEBIBYTE)], [{ name: 'b' }, 'x']);
    await expect(readArchive(large, MEBIBYTE)).rejects.toBeInstanceOf(WorkingFolderTooLarge);
  });

  it('is refused while it comes when it never ends', async () => {
    const endless = Readable.from(
      (function* () {
        for (;;) yield Buffer.alloc(MEBIBYTE);
      })(),
    );
    await expect(readArchive(endless, MEBIBYTE)).rejects.toBeInstanceOf(WorkingFolderTooLarge);
    expect(endless.destroyed).toBe(true);
  });

  it('is refused when there is too much of it', async () => {
    const many = Array.from({ length: 20_001 }, (_, index): readonly [{ name: string }] => [{ name: `f${index}` }]);
    await expect(readArchive(archiveOf(...many), MEBIBYTE)).rejects.toBeInstanceOf(WorkingFolderTooLarge);
  });

  it('is refused when it is half an archive', async () => {
    const whole = await new Response(Readable.toWeb(archiveOf([{ name: 'a' }, 'x'.repeat(5_000)]))).arrayBuffer();
    await expect(readArchive(Readable.from([Buffer.from(whole).subarray(0, 2_000)]), MEBIBYTE)).rejects.toThrow(
      /unexpected end/i,
    );
  });
});

describe('the files of a session', () => {
  it('are an archive that is made once until they change', async () => {
    const files = new WorkingFiles();
    files.put([file('a')]);
    const first = await files.archive();
    expect(await files.archive()).toBe(first);
    files.put([file('b')]);
    expect((await listed(files)).map(([path]) => path)).toEqual(['a', 'b']);
  });

  it('replace whatever stands where they must be', async () => {
    const files = new WorkingFiles();
    files.replaceBy(
      await readArchive(
        archiveOf(
          [{ name: 'link', type: 'symlink', linkname: 'elsewhere' }],
          [{ name: 'folder', type: 'directory' }],
          [{ name: 'folder/inner' }, 'x'],
          [{ name: 'folder-like' }, 'x'],
        ),
        MEBIBYTE,
      ),
    );
    files.put([file('link/file'), file('folder')]);
    expect((await listed(files)).map(([path, entry]) => [path, entry.kind])).toEqual([
      ['folder-like', 'file'],
      ['link/file', 'file'],
      ['folder', 'file'],
    ]);
  });

  it('need a path inside the folder', () => {
    const files = new WorkingFiles();
    for (const path of ['', '.', '..', '../a', '/a', 'a\0b']) {
      expect(() => files.put([file(path)])).toThrow(/relative path/);
    }
  });

  it('may have long names that are not ASCII', async () => {
    const files = new WorkingFiles();
    const path = `${'tief/'.repeat(60)}größe–数.txt`;
    files.put([file(path)]);
    expect((await listed(files)).map(([name]) => name)).toEqual([path]);
  });
});
