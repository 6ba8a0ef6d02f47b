import { DomainError, type FieldError } from '../errors/domain-error.js';
import { pathSetFault, relativePathFault } from '../grading/relative-path.js';
import { ArchiveFault } from './archive-fault.js';
import type { SubmissionFile } from './submission-archive.js';
import { mostUnpackedBytes, SUBMISSION_LIMITS } from './submission-limits.js';
import { unpackTarGz } from './unpack-tar-gz.js';
import { unpackZip } from './unpack-zip.js';

/** A file as it was sent. */
export interface SentFile {
  readonly path: string;
  readonly content: string;
  readonly encoding: 'utf8' | 'base64';
}

const CODE = 'invalid_files';
const MOST_FAULTS = 50;
const LONE_SURROGATE = /\p{Surrogate}/u;

/**
 * The files of a submission, from what was sent: each checked and decoded, and a single `.zip` or `.tar.gz` unpacked as it
 * is. All in memory and within bounds; what is accepted is kept byte for byte.
 *
 * @throws DomainError `invalid` (`invalid_files`) with a JSON Pointer for each fault, `too_large` beyond a bound.
 */
export async function readSubmittedFiles(sent: readonly SentFile[]): Promise<SubmissionFile[]> {
  const files = sent.map(({ path, content, encoding }) => ({ path, content: Buffer.from(content, encoding) }));
  requireSound(sent.flatMap((file, index) => faultsOf(file, files[index]?.content, index)));
  const [only] = files;
  const unpack = files.length === 1 && only !== undefined ? unpackerOf(only.path) : null;
  if (unpack === null || only === undefined) {
    requireTogether(files);
    return files;
  }
  return unpacked(only.content, unpack);
}

/** At most how many bytes the files of a submission may have, without looking at their content. */
export function mostBytesOf(sent: readonly SentFile[]): number {
  const bytes = sent.reduce((sum, { content }) => sum + content.length, 0);
  const [only] = sent;
  return sent.length === 1 && only !== undefined && unpackerOf(only.path) !== null ? mostUnpackedBytes(bytes) : bytes;
}

function faultsOf({ path, content, encoding }: SentFile, decoded: Buffer | undefined, index: number): FieldError[] {
  const faults: FieldError[] = [];
  const pathFault = relativePathFault(path);
  if (pathFault !== null) faults.push({ path: `/files/${index}/path`, message: pathFault });
  const contentFault = encoding === 'base64' ? base64Fault(content, decoded) : textFault(content);
  if (contentFault !== null) faults.push({ path: `/files/${index}/content`, message: contentFault });
  return faults;
}

function base64Fault(content: string, decoded: Buffer | undefined): string | null {
  // Node leaves out what is not base64; written again, the text must be the same.
  return decoded?.toString('base64') === content
    ? null
    : 'must be base64 (RFC 4648, section 4), padded and without line breaks';
}

function textFault(content: string): string | null {
  // Encoded, it would silently become another text.
  return LONE_SURROGATE.test(content) ? 'must be valid Unicode: send other content as base64' : null;
}

function requireSound(faults: readonly FieldError[]): void {
  if (faults.length > 0) throw DomainError.invalid(faults.slice(0, MOST_FAULTS), CODE);
}

function requireTogether(files: readonly SubmissionFile[]): void {
  const paths = files.map(({ path }) => path);
  const fault = pathSetFault(paths);
  if (fault !== null) requireSound([{ path: `/files/${firstClash(paths)}/path`, message: `clashes: ${fault}` }]);
  const bytes = files.reduce((sum, { content }) => sum + content.length, 0);
  if (files.length > SUBMISSION_LIMITS.files || bytes > SUBMISSION_LIMITS.unpackedBytes) {
    throw tooLarge('The submission holds too much');
  }
}

/** Index of the first path that clashes with one before it. */
function firstClash(paths: readonly string[]): number {
  let sound = 0;
  let clashing = paths.length;
  while (clashing - sound > 1) {
    const middle = (sound + clashing) >>> 1;
    if (pathSetFault(paths.slice(0, middle)) === null) sound = middle;
    else clashing = middle;
  }
  return clashing - 1;
}

type Unpacker = typeof unpackZip;

function unpackerOf(path: string): Unpacker | null {
  if (/\.zip$/i.test(path)) return unpackZip;
  return /\.(?:tar\.gz|tgz)$/i.test(path) ? unpackTarGz : null;
}

async function unpacked(packed: Buffer, unpack: Unpacker): Promise<SubmissionFile[]> {
  try {
    const files = await unpack(packed);
    if (files.length === 0) throw new ArchiveFault('holds no file');
    const fault = pathSetFault(files.map(({ path }) => path));
    if (fault !== null) throw new ArchiveFault(`holds files that clash: ${fault}`);
    return files;
  } catch (error) {
    if (!(error instanceof ArchiveFault)) throw error;
    if (error.isTooLarge) throw tooLarge(`The archive ${error.message}`);
    throw DomainError.invalid([{ path: '/files/0/content', message: error.message }], CODE);
  }
}

function tooLarge(what: string): DomainError {
  const { files, unpackedBytes } = SUBMISSION_LIMITS;
  return new DomainError(
    'too_large',
    'submission_too_large',
    `${what}: at most ${files} files with ${unpackedBytes / 1024 / 1024} MiB in all are taken.`,
  );
}
