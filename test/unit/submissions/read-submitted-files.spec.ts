import { randomBytes } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { DomainError } from '../../../src/errors/domain-error.js';
import { readSubmittedFiles, type SentFile } from '../../../src/submissions/read-submitted-files.js';
import { tar, tarGz, type TarMember, zip, type ZipMember } from '../../support/archives.js';

const MIB = 1024 * 1024;

const text = (path: string, content = 'x'): SentFile => ({ path, content, encoding: 'utf8' });
const binary = (path: string, content: Buffer): SentFile => ({
  path,
  content: content.toString('base64'),
  encoding: 'base64',
});

async function refusal(files: readonly SentFile[]): Promise<DomainError> {
  const caught: unknown = await readSubmittedFiles(files).then(
    () => null,
    (error: unknown) => error,
  );
  if (caught instanceof DomainError) return caught;
  throw new Error('The files were not refused.', { cause: caught });
}

const readZip = (members: readonly ZipMember[]) => readSubmittedFiles([binary('work.zip', zip(members))]);
const refusedZip = (members: readonly ZipMember[]) => refusal([binary('work.zip', zip(members))]);
const readTar = async (members: readonly TarMember[]) =>
  readSubmittedFiles([binary('work.tar.gz', await tarGz(members))]);
const refusedTar = async (members: readonly TarMember[]) => refusal([binary('work.tar.gz', await tarGz(members))]);

/** Names that may not come in, however they are packed. */
const BAD_NAMES = [
  '../escape.py',
  'a/../../escape.py',
  '/etc/passwd',
  'C:/windows/win.ini',
  'a\\b.py',
  '..\\escape.py',
  'a\u2215b.py',
  '\uff0fetc',
  'a\u202eyp.py',
  'line\nbreak.py',
  'a//b.py',
  'a/./b.py',
  'dot.',
  'n'.repeat(256),
  '1/2/3/4/5/6/7/8/9/10/11.py',
];

describe('files sent one by one', () => {
  it('are kept byte for byte', async () => {
    const bytes = randomBytes(70_000);
    const files = await readSubmittedFiles([
      text('main.py', '\ufeffprint("ä\r\n\0")'),
      binary('data/all.bin', bytes),
      text('empty', ''),
    ]);
    expect(files.map(({ path }) => path)).toEqual(['main.py', 'data/all.bin', 'empty']);
    expect(files[0]?.content.toString()).toBe('\ufeffprint("ä\r\n\0")');
    expect(files[1]?.content.equals(bytes)).toBe(true);
    expect(files[2]?.content.length).toBe(0);
  });

  it.each([...BAD_NAMES, '', 'nul\0.py', 'half\ud800.py'])('are refused with the path %j', async (path) => {
    const error = await refusal([text('fine.py'), text('fine2.py'), text('fine3.py'), text(path)]);
    expect(error).toMatchObject({ kind: 'invalid', code: 'invalid_files' });
    expect(error.errors?.[0]?.path).toBe('/files/3/path');
  });

  it('report every fault at once', async () => {
    const error = await refusal([
      text('../a'),
      text('ok'),
      text('b/'),
      { ...text('c', 'no base64!'), encoding: 'base64' },
    ]);
    expect(error.errors?.map(({ path }) => path)).toEqual(['/files/0/path', '/files/2/path', '/files/3/content']);
  });

  it.each(['AAA', 'AA=A', 'AAAA\n', 'AA-_', 'AB==', '=', 'ä'])('are refused with %j as base64', async (content) => {
    const error = await refusal([{ path: 'a', content, encoding: 'base64' }]);
    expect(error.errors?.[0]?.path).toBe('/files/0/content');
  });

  it('are refused with half a character, which could not be kept', async () => {
    expect((await refusal([text('a', 'x\ud800y')])).errors?.[0]?.path).toBe('/files/0/content');
  });

  it.each([
    [['a.py', 'b.py', 'a.py', 'c.py'], 2],
    [['a.py', 'b.py', 'A.PY'], 2],
    [['é.py', 'e\u0301.py'], 1],
    [['a', 'b', 'c', 'a/b'], 3],
    [['src/a.py', 'Src/b.py'], 1],
  ])('are refused when %j clash', async (paths, index) => {
    const error = await refusal(paths.map((path) => text(path)));
    expect(error.errors?.[0]?.path).toBe(`/files/${index}/path`);
  });

  it('take an archive among others as a file', async () => {
    const packed = zip([{ name: '../escape' }]);
    const files = await readSubmittedFiles([binary('data.zip', packed), text('main.py')]);
    expect(files[0]?.content.equals(packed)).toBe(true);
  });

  it('take 10 MiB of base64 in a moment', async () => {
    const bytes = randomBytes(7 * MIB);
    const start = performance.now();
    expect((await readSubmittedFiles([binary('big.bin', bytes)]))[0]?.content.equals(bytes)).toBe(true);
    expect(performance.now() - start).toBeLessThan(1_000);
  });
});

describe('a single .zip', () => {
  it('is unpacked as it is', async () => {
    const bytes = randomBytes(100_000);
    const files = await readZip([
      { name: 'project/', mode: 0o040755, stored: true },
      { name: 'project/main.py', content: 'print(1)\r\n' },
      { name: 'project/stored.bin', content: bytes, stored: true },
      { name: 'project/deflated.bin', content: bytes },
      { name: 'project/ünï.txt', content: '' },
      { name: 'project/inner.zip', content: zip([{ name: '../x' }]) },
    ]);
    expect(files.map(({ path }) => path)).toEqual([
      'project/main.py',
      'project/stored.bin',
      'project/deflated.bin',
      'project/ünï.txt',
      'project/inner.zip',
    ]);
    expect(files[0]?.content.toString()).toBe('print(1)\r\n');
    expect(files[1]?.content.equals(bytes)).toBe(true);
    expect(files[2]?.content.equals(bytes)).toBe(true);
    expect(files[3]?.content.length).toBe(0);
  });

  it.each(BAD_NAMES)('is refused with the name %j in it, which is named', async (name) => {
    const error = await refusedZip([{ name: 'main.py' }, { name }]);
    expect(error).toMatchObject({ kind: 'invalid', code: 'invalid_files' });
    expect(error.errors?.[0]?.path).toBe('/files/0/content');
    expect(error.errors?.[0]?.message).toContain(JSON.stringify(name.slice(0, 300)));
  });

  it('is refused with a NUL in a name', async () => {
    expect(await refusedZip([{ name: 'main.py\0.txt' }])).toMatchObject({ code: 'invalid_files' });
  });

  it('is refused with a folder that leads out', async () => {
    expect(await refusedZip([{ name: '../', mode: 0o040755, stored: true }])).toMatchObject({ code: 'invalid_files' });
  });

  it.each([
    ['a symbolic link', { name: 'passwd', content: '/etc/passwd', mode: 0o120777 }, 'symbolic link'],
    ['a device', { name: 'zero', mode: 0o020666 }, 'device'],
    ['a block device', { name: 'sda', mode: 0o060666 }, 'device'],
    ['a pipe', { name: 'pipe', mode: 0o010666 }, 'pipe'],
    ['a socket', { name: 'socket', mode: 0o140666 }, 'socket'],
    ['an encrypted file', { name: 'secret.py', content: 'x', encrypted: true }, 'encrypted'],
    ['an unknown method', { name: 'odd.py', content: 'x', method: 12 }, 'deflate'],
    ['a wrong checksum', { name: 'main.py', content: 'x', claimedCrc: 7 }, 'checksum'],
    ['a folder with content', { name: 'folder/', content: 'x' }, 'folder'],
    ['a size that claims too little', { name: 'bomb', content: Buffer.alloc(30 * MIB), claimedSize: 100 }, 'size'],
    ['a size that claims too much', { name: 'short', content: 'abc', claimedSize: 1_000 }, 'size'],
  ] as const)('is refused with %s', async (_, member, word) => {
    const error = await refusedZip([{ name: 'main.py', content: 'x' }, member]);
    expect(error).toMatchObject({ kind: 'invalid', code: 'invalid_files' });
    expect(error.message).toContain(word);
    expect(error.message).toContain(member.name);
  });

  it.each([
    ['the same name twice', ['a.py', 'a.py']],
    ['names that differ only in case', ['a.py', 'A.py']],
    ['a file that is also a folder', ['a', 'a/b']],
  ])('is refused with %s', async (_, names) => {
    expect((await refusedZip(names.map((name) => ({ name })))).message).toContain('clash');
  });

  it('is refused when it is empty', async () => {
    expect(await refusedZip([])).toMatchObject({ code: 'invalid_files' });
    expect(await refusedZip([{ name: 'only/', mode: 0o040755, stored: true }])).toMatchObject({
      code: 'invalid_files',
    });
  });

  it('is refused as too large when it would unpack to more than 50 MiB', async () => {
    const noise = randomBytes(600_000);
    const half = Buffer.concat(Array.from({ length: 50 }, () => noise));
    const members = ['a', 'b', 'c'].map((name) => ({ name, content: half, stored: true }));
    expect(await refusedZip(members)).toMatchObject({ kind: 'too_large', code: 'submission_too_large' });
  });

  it('is refused as too large when it unpacks to more than a hundred times its size, at little cost', async () => {
    const bomb = zip([{ name: 'zeros', content: Buffer.alloc(49 * MIB) }]);
    const before = process.memoryUsage().arrayBuffers;
    const start = performance.now();
    expect(await refusal([binary('bomb.zip', bomb)])).toMatchObject({ kind: 'too_large' });
    expect(performance.now() - start).toBeLessThan(500);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(20 * MIB);
  });

  it('takes a small file of zeros, however well it packs', async () => {
    expect((await readZip([{ name: 'zeros', content: Buffer.alloc(MIB) }]))[0]?.content.length).toBe(MIB);
  });

  it('is refused as too large with more than 500 files', async () => {
    const members = Array.from({ length: 501 }, (_, number) => ({ name: `f${number}` }));
    expect(await refusedZip(members)).toMatchObject({ kind: 'too_large' });
    expect(await readZip(members.slice(1))).toHaveLength(500);
  });

  it('is refused when it claims more members than it has', async () => {
    expect(await refusal([binary('a.zip', zip([{ name: 'a' }], 60_000))])).toMatchObject({ code: 'invalid_files' });
  });

  it('is refused when many members share one part of it and so multiply', async () => {
    // Overlapping members (D. Fifield): each directory entry points to the same compressed data.
    const content = Buffer.alloc(MIB / 2);
    const one = zip([{ name: 'a000', content }]);
    const directory = one.subarray(one.length - 22 - 50, one.length - 22);
    const copies = Array.from({ length: 400 }, (_, number) => {
      const copy = Buffer.from(directory);
      copy.write(`a${String(number).padStart(3, '0')}`, 46);
      return copy;
    });
    const end = Buffer.from(one.subarray(one.length - 22));
    end.writeUInt16LE(400, 8);
    end.writeUInt16LE(400, 10);
    const bomb = Buffer.concat([one.subarray(0, one.length - 72), ...copies, end]);
    expect(await refusal([binary('bomb.zip', bomb)])).toMatchObject({ kind: 'too_large' });
  });

  it.each([
    ['nothing', Buffer.alloc(0)],
    ['no archive', Buffer.from('print(1)')],
    ['half an archive', zip([{ name: 'a', content: randomBytes(1_000) }]).subarray(0, 500)],
  ])('is refused when it is %s', async (_, content) => {
    expect(await refusal([binary('a.zip', content)])).toMatchObject({ code: 'invalid_files' });
  });

  it('is refused or read, and never more, with any byte changed', async () => {
    const sound = zip([
      { name: 'a.py', content: 'print(1)' },
      { name: 'b/c.bin', content: randomBytes(50), stored: true },
    ]);
    for (let at = 0; at < sound.length; at += 1) {
      const changed = Buffer.from(sound);
      changed[at] = (changed[at] ?? 0) ^ 0xff;
      const outcome: unknown = await readSubmittedFiles([binary('a.zip', changed)]).catch((error: unknown) => error);
      expect(Array.isArray(outcome) || outcome instanceof DomainError, `byte ${at}: ${String(outcome)}`).toBe(true);
    }
  });
});

describe('a single .tar.gz', () => {
  it.each(['work.tar.gz', 'Work.TAR.GZ', 'work.tgz'])('named %s is unpacked as it is', async (path) => {
    const bytes = randomBytes(100_000);
    const packed = await tarGz([
      { name: './', type: 'directory' },
      { name: './project/', type: 'directory' },
      { name: './project/main.py', content: 'print(1)' },
      { name: `project/${'日本'.repeat(40)}/data.bin`, content: bytes },
      { name: 'empty', content: '' },
    ]);
    const files = await readSubmittedFiles([binary(path, packed)]);
    expect(files.map((file) => file.path)).toEqual([
      'project/main.py',
      `project/${'日本'.repeat(40)}/data.bin`,
      'empty',
    ]);
    expect(files[1]?.content.equals(bytes)).toBe(true);
  });

  it.each(BAD_NAMES)('is refused with the name %j in it, which is named', async (name) => {
    const error = await refusedTar([
      { name: 'main.py', content: 'x' },
      { name, content: 'x' },
    ]);
    expect(error).toMatchObject({ kind: 'invalid', code: 'invalid_files' });
    expect(error.message).toContain(JSON.stringify(name.slice(0, 300)));
  });

  it.each([
    ['a symbolic link', { name: 'passwd', type: 'symlink', linkname: '/etc/passwd' }, 'symbolic link'],
    ['a hard link', { name: 'shadow', type: 'link', linkname: '/etc/shadow' }, 'link'],
    ['a device', { name: 'zero', type: 'character-device', devmajor: 1, devminor: 5 }, 'device'],
    ['a block device', { name: 'sda', type: 'block-device', devmajor: 8 }, 'device'],
    ['a pipe', { name: 'pipe', type: 'fifo' }, 'pipe'],
  ] as const)('is refused with %s', async (_, member, word) => {
    const error = await refusedTar([{ name: 'main.py', content: 'x' }, member]);
    expect(error).toMatchObject({ kind: 'invalid', code: 'invalid_files' });
    expect(error.message).toContain(word);
    expect(error.message).toContain(member.name);
  });

  it('is refused with a link first and a file through it', async () => {
    const error = await refusedTar([
      { name: 'out', type: 'symlink', linkname: '/tmp' },
      { name: 'out/file', content: 'x' },
    ]);
    expect(error.message).toContain('symbolic link');
  });

  it('is refused with the same name twice', async () => {
    const twice = [
      { name: 'a', content: '1' },
      { name: './a', content: '2' },
    ];
    expect((await refusedTar(twice)).message).toContain('clash');
  });

  it('is refused with more than 500 files, or with folders without end', async () => {
    const files = Array.from({ length: 501 }, (_, number) => ({ name: `f${number}`, content: '' }));
    expect(await refusedTar(files)).toMatchObject({ kind: 'too_large' });
    expect(await readTar(files.slice(1))).toHaveLength(500);
    const folders = Array.from({ length: 5_001 }, (_, number) => ({ name: `d${number}/`, type: 'directory' as const }));
    expect(await refusedTar([...folders, { name: 'a', content: '' }])).toMatchObject({ kind: 'too_large' });
  });

  it('is refused when a header claims a size that the archive does not have', async () => {
    const archive = await tar([{ name: 'a', content: 'x'.repeat(100) }]);
    archive.write('77777777777', 124);
    const sum = [...archive.subarray(0, 512)].reduce(
      (total, byte, at) => total + (at >= 148 && at < 156 ? 32 : byte),
      0,
    );
    archive.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
    expect(await refusal([binary('a.tar.gz', gzipSync(archive))])).toMatchObject({ code: 'invalid_files' });
  });

  it('is refused as too large when it is a bomb, at bounded cost', async () => {
    const bomb = gzipSync(await tar([{ name: 'zeros', content: Buffer.alloc(120 * MIB) }]));
    const before = process.memoryUsage().arrayBuffers;
    const start = performance.now();
    expect(await refusal([binary('bomb.tar.gz', bomb)])).toMatchObject({ kind: 'too_large' });
    expect(performance.now() - start).toBeLessThan(1_500);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(100 * MIB);
  });

  it.each([
    ['nothing', Buffer.alloc(0)],
    ['no gzip', Buffer.from('print(1)')],
    ['a gzip of something else', gzipSync(randomBytes(2_000))],
    ['half a gzip', gzipSync(randomBytes(2_000)).subarray(0, 1_000)],
  ])('is refused when it is %s', async (_, content) => {
    expect(await refusal([binary('a.tar.gz', content)])).toMatchObject({ code: 'invalid_files' });
  });

  it('is refused or read, and never more, with any byte of its frame changed', async () => {
    const sound = await tar([
      { name: 'a.py', content: 'print(1)' },
      { name: 'ü/b.py', content: 'print(2)' },
    ]);
    for (let at = 0; at < sound.length; at += 3) {
      const changed = Buffer.from(sound);
      changed[at] = (changed[at] ?? 0) ^ 0x5a;
      const outcome: unknown = await readSubmittedFiles([binary('a.tgz', gzipSync(changed))]).catch(
        (error: unknown) => error,
      );
      expect(Array.isArray(outcome) || outcome instanceof DomainError, `byte ${at}: ${String(outcome)}`).toBe(true);
    }
  });
});
