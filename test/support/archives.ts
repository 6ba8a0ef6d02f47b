import { crc32, deflateRawSync, gzipSync } from 'node:zlib';
import { type Header, pack } from 'tar-stream';

/** A member of a zip archive; what is left out is as an honest program writes it. */
export interface ZipMember {
  readonly name: string | Buffer;
  readonly content?: Buffer | string;
  /** Mode of a Unix file, such as 0o120777 for a symbolic link. */
  readonly mode?: number;
  readonly stored?: boolean;
  readonly encrypted?: boolean;
  readonly method?: number;
  /** What the directory says instead of the truth. */
  readonly claimedSize?: number;
  readonly claimedCrc?: number;
}

/** Writes a zip archive byte by byte, so that it can say whatever a test needs. */
export function zip(members: readonly ZipMember[], claimedCount = members.length): Buffer {
  const locals: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const member of members) {
    const name = Buffer.isBuffer(member.name) ? member.name : Buffer.from(member.name);
    const content = Buffer.from(member.content ?? '');
    const method = member.method ?? (member.stored === true ? 0 : 8);
    const data = method === 8 ? deflateRawSync(content) : content;
    const size = member.claimedSize ?? content.length;
    const crc = member.claimedCrc ?? crc32(content);
    const flags = 0x800 | (member.encrypted === true ? 1 : 0);
    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50, 0);
    local.writeUInt16LE(20, 4);
    local.writeUInt16LE(flags, 6);
    local.writeUInt16LE(method, 8);
    local.writeUInt32LE(crc, 14);
    local.writeUInt32LE(data.length, 18);
    local.writeUInt32LE(size, 22);
    local.writeUInt16LE(name.length, 26);
    const central = Buffer.alloc(46);
    central.writeUInt32LE(0x02014b50, 0);
    central.writeUInt16LE((3 << 8) | 20, 4);
    central.writeUInt16LE(20, 6);
    central.writeUInt16LE(flags, 8);
    central.writeUInt16LE(method, 10);
    central.writeUInt32LE(crc, 16);
    central.writeUInt32LE(data.length, 20);
    central.writeUInt32LE(size, 24);
    central.writeUInt16LE(name.length, 28);
    central.writeUInt32LE(((member.mode ?? 0o100644) << 16) >>> 0, 38);
    central.writeUInt32LE(offset, 42);
    locals.push(local, name, data);
    directory.push(central, name);
    offset += local.length + name.length + data.length;
  }
  const directoryBytes = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(claimedCount, 8);
  end.writeUInt16LE(claimedCount, 10);
  end.writeUInt32LE(directoryBytes.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...locals, directoryBytes, end]);
}

export interface TarMember extends Partial<Header> {
  readonly name: string;
  readonly content?: Buffer | string;
}

/** Writes a tar archive with whatever names and types it is given. */
export async function tar(members: readonly TarMember[]): Promise<Buffer> {
  const archive = pack();
  for (const { content, ...header } of members) {
    if (content === undefined) archive.entry(header);
    else archive.entry(header, Buffer.from(content));
  }
  archive.finalize();
  const chunks: Uint8Array[] = [];
  for await (const chunk of archive) chunks.push(chunk as Uint8Array);
  return Buffer.concat(chunks);
}

export async function tarGz(members: readonly TarMember[]): Promise<Buffer> {
  return gzipSync(await tar(members));
}
