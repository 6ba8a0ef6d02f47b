import { randomBytes } from 'node:crypto';
import { chmod, mkdir, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { Logger } from '@nestjs/common';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { parseEnvironment } from '../../src/config/env.js';
import type { FileStorage } from '../../src/storage/file-storage.js';
import { FolderStorage } from '../../src/storage/folder-storage.js';
import { createTemporaryFolder, type TemporaryFolder } from '../support/temporary-folder.js';

const realFileSystem = vi.hoisted(() => ({ failNextOpen: null as null | ((path: string) => string) }));

// The one thing that is not real: which file a path opens. What that file then answers comes from the kernel.
vi.mock('node:fs/promises', async (importOriginal) => {
  const original = await importOriginal<typeof import('node:fs/promises')>();
  return {
    ...original,
    open: (path: string, flags: string, mode?: number) => {
      const other = flags === 'wx' ? realFileSystem.failNextOpen?.(path) : undefined;
      return other === undefined ? original.open(path, flags, mode) : original.open(other, 'w');
    },
  };
});

// Failures are logged with their cause; here they are wanted.
Logger.overrideLogger(false);

let folder: TemporaryFolder;

function folderStorage(): FolderStorage {
  return new FolderStorage(parseEnvironment({ STORAGE_URL: `file:${folder.path}/deep/files` }));
}

async function allFiles(): Promise<string[]> {
  const names = await readdir(folder.path, { recursive: true, withFileTypes: true });
  return names.filter((name) => name.isFile()).map((name) => join(name.parentPath, name.name));
}

beforeEach(async () => {
  folder = await createTemporaryFolder();
});

afterEach(async () => {
  realFileSystem.failNextOpen = null;
  await folder.remove();
});

const adapters: readonly { readonly adapter: string; readonly make: () => FileStorage }[] = [
  { adapter: 'FolderStorage', make: folderStorage },
];

describe.each(adapters)('$adapter, as every FileStorage,', ({ make }) => {
  it('gives back what was stored, byte for byte', async () => {
    const storage = make();
    const content = randomBytes(3_000_000);
    await storage.put('submissions/one.tar', content);
    expect((await storage.get('submissions/one.tar')).equals(content)).toBe(true);
  });

  it('gives it back as a stream as well', async () => {
    const storage = make();
    const content = randomBytes(3_000_000);
    await storage.put('submissions/one.tar', content);
    expect((await buffer(await storage.open('submissions/one.tar'))).equals(content)).toBe(true);
    await expect(storage.open('submissions/none.tar')).rejects.toMatchObject({ kind: 'not_found' });
  });

  it('keeps an empty blob', async () => {
    const storage = make();
    await storage.put('submissions/empty.tar', Buffer.alloc(0));
    expect((await storage.get('submissions/empty.tar')).length).toBe(0);
  });

  it('replaces a blob as a whole', async () => {
    const storage = make();
    await storage.put('submissions/one.tar', Buffer.from('a longer first content'));
    await storage.put('submissions/one.tar', Buffer.from('second'));
    expect((await storage.get('submissions/one.tar')).toString()).toBe('second');
  });

  it('is seen by another instance at once', async () => {
    await make().put('submissions/shared.tar', Buffer.from('shared'));
    expect((await make().get('submissions/shared.tar')).toString()).toBe('shared');
  });

  it('stores many at a time', async () => {
    const storage = make();
    const numbers = Array.from({ length: 50 }, (_, number) => number);
    await Promise.all(numbers.map((number) => storage.put(`submissions/${number}.tar`, Buffer.from(`n${number}`))));
    const read = await Promise.all(numbers.map((number) => storage.get(`submissions/${number}.tar`)));
    expect(read.map(String)).toEqual(numbers.map((number) => `n${number}`));
  });

  it('answers not_found for what is not there', async () => {
    await expect(make().get('submissions/none.tar')).rejects.toMatchObject({ kind: 'not_found' });
  });

  it('deletes, and deletes again without harm', async () => {
    const storage = make();
    await storage.put('submissions/one.tar', Buffer.from('x'));
    await storage.delete('submissions/one.tar');
    await storage.delete('submissions/one.tar');
    await expect(storage.get('submissions/one.tar')).rejects.toMatchObject({ kind: 'not_found' });
  });

  it('lists the keys of a folder, and none of one that is not there', async () => {
    const storage = make();
    for (const name of ['one', 'two', 'three']) await storage.put(`submissions/${name}.tar`, Buffer.from('x'));
    await storage.put('exports/four.tar', Buffer.from('x'));
    await storage.delete('submissions/two.tar');
    const listed: string[] = [];
    for await (const key of storage.list('submissions')) listed.push(key);
    for await (const key of storage.list('nothing')) listed.push(key);
    expect(listed.toSorted()).toEqual(['submissions/one.tar', 'submissions/three.tar']);
  });

  it.each([
    '',
    '../escape',
    'a/../../b',
    '/etc/passwd',
    'a//b',
    '.hidden',
    'a/.hidden',
    'a\\b',
    'a\0b',
    'a b',
    'ä',
    `a${'b'.repeat(300)}`,
  ])('refuses the key %j', async (key) => {
    const storage = make();
    await expect(storage.put(key, Buffer.from('x'))).rejects.toThrow('key');
    await expect(storage.get(key)).rejects.toThrow('key');
    await expect(storage.delete(key)).rejects.toThrow('key');
  });
});

describe('FolderStorage on a disk that fails', () => {
  it('answers storage_full when the disk is full, and leaves nothing behind', async () => {
    const storage = folderStorage();
    await storage.put('submissions/before.tar', Buffer.from('before'));
    realFileSystem.failNextOpen = () => '/dev/full';
    await expect(storage.put('submissions/one.tar', randomBytes(10_000))).rejects.toMatchObject({
      kind: 'storage_full',
    });
    realFileSystem.failNextOpen = null;
    await expect(storage.get('submissions/one.tar')).rejects.toMatchObject({ kind: 'not_found' });
    expect((await allFiles()).map((file) => file.slice(folder.path.length))).toEqual([
      '/deep/files/submissions/before.tar',
    ]);
    await storage.put('submissions/one.tar', Buffer.from('room again'));
    expect((await storage.get('submissions/one.tar')).toString()).toBe('room again');
  });

  it('answers unavailable when a file stands where the folder should be', async () => {
    await mkdir(join(folder.path, 'deep'));
    await writeFile(join(folder.path, 'deep', 'files'), 'in the way');
    const storage = folderStorage();
    await expect(storage.put('submissions/one.tar', Buffer.from('x'))).rejects.toMatchObject({ kind: 'unavailable' });
    await expect(storage.get('submissions/one.tar')).rejects.toMatchObject({ kind: 'unavailable' });
  });

  it('goes on after the folder was taken away and given back', async () => {
    const storage = folderStorage();
    await storage.put('submissions/one.tar', Buffer.from('x'));
    await rm(join(folder.path, 'deep'), { recursive: true });
    await storage
      .put('submissions/two.tar', Buffer.from('y'))
      .catch(() => storage.put('submissions/two.tar', Buffer.from('y')));
    expect((await storage.get('submissions/two.tar')).toString()).toBe('y');
  });

  it('tells the outside neither path nor system error', async () => {
    await chmod(folder.path, 0o700);
    await writeFile(join(folder.path, 'deep'), 'in the way');
    const error: unknown = await folderStorage()
      .put('submissions/one.tar', Buffer.from('x'))
      .catch((caught: unknown) => caught);
    expect(String(error)).not.toContain(folder.path);
    expect(String(error)).not.toMatch(/ENOTDIR|EEXIST/);
  });

  it('writes files that other accounts cannot read', async () => {
    await folderStorage().put('submissions/one.tar', Buffer.from('x'));
    expect((await stat(join(folder.path, 'deep/files/submissions/one.tar'))).mode & 0o077).toBe(0);
  });

  it('removes at start what a killed process left half-written, and nothing else', async () => {
    const storage = folderStorage();
    await storage.put('submissions/one.tar', Buffer.from('x'));
    const incoming = join(folder.path, 'deep/files/.incoming');
    await writeFile(join(incoming, 'abandoned'), 'half');
    await writeFile(join(incoming, 'under-way'), 'half');
    const longAgo = new Date(Date.now() - 2 * 3_600_000);
    await utimes(join(incoming, 'abandoned'), longAgo, longAgo);
    await utimes(join(folder.path, 'deep/files/submissions/one.tar'), longAgo, longAgo);
    await folderStorage().onApplicationBootstrap();
    expect(await readdir(incoming)).toEqual(['under-way']);
    expect(await readFile(join(folder.path, 'deep/files/submissions/one.tar'), 'utf8')).toBe('x');
  });
});
