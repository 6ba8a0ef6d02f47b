import { promisify } from 'node:util';
import { crc32, deflateRaw } from 'node:zlib';
import type { PackageFiles } from '../packages/package-tree.js';

const deflate = promisify(deflateRaw);

const LOCAL_HEADER = 0x04034b50;
const DIRECTORY_HEADER = 0x02014b50;
const DIRECTORY_END = 0x06054b50;
/** Names are UTF-8 (APPNOTE, appendix D). */
const UTF8_NAMES = 0x800;
const VERSION = 20;
const MADE_ON_UNIX = 3 << 8;
const DEFLATED = 8;
/** 1 January 1980, the first day that the format knows. */
const FIRST_DAY = 0x21;
const PLAIN_FILE = 0o100644;

/**
 * Packs files into a `.zip`, in the order of their paths. The same files give the same bytes: no times and owners go in. For at
 * most 65,535 files and 4 GiB.
 */
export async function packZip(files: PackageFiles): Promise<Buffer> {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const [path, content] of [...files].toSorted(([one], [other]) => (one < other ? -1 : 1))) {
    const name = Buffer.from(path);
    const data = await deflate(content);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(VERSION, 0);
    common.writeUInt16LE(UTF8_NAMES, 2);
    common.writeUInt16LE(DEFLATED, 4);
    common.writeUInt16LE(FIRST_DAY, 8);
    common.writeUInt32LE(crc32(content), 10);
    common.writeUInt32LE(data.length, 14);
    common.writeUInt32LE(content.length, 18);
    common.writeUInt16LE(name.length, 22);
    const local = Buffer.concat([signature(LOCAL_HEADER), common, name, data]);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE((PLAIN_FILE << 16) >>> 0, 6);
    tail.writeUInt32LE(offset, 10);
    const madeBy = Buffer.alloc(2);
    madeBy.writeUInt16LE(MADE_ON_UNIX | VERSION);
    directory.push(signature(DIRECTORY_HEADER), madeBy, common, tail, name);
    parts.push(local);
    offset += local.length;
  }
  const entries = Buffer.concat(directory);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(files.size, 4);
  end.writeUInt16LE(files.size, 6);
  end.writeUInt32LE(entries.length, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([...parts, entries, signature(DIRECTORY_END), end]);
}

function signature(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}
