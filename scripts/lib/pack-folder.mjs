import { existsSync } from 'node:fs';
import { readdir, readFile, realpath, stat } from 'node:fs/promises';
import { basename, join, relative, resolve, sep } from 'node:path';
import { gzipSync } from 'node:zlib';
import { CommandFailure } from './progress.mjs';

/** What lies at the root of a package of each format, the first that is there counts. */
const MARKS = {
  assay: ['assignment.yaml'],
  kattis: ['problem.yaml'],
  gradescope: ['run_autograder'],
  'github-classroom': [
    '.github/workflows/classroom.yml',
    '.github/classroom/autograding.json',
    'autograding.json',
    'classroom.yml',
  ],
};

/** What of a folder is sent; of those not named, all of it. */
const WANTED = {
  // Of a repository only what says how it is graded.
  'github-classroom': (path) => /^([.]github\/|autograding|classroom|README[.]md$)/.test(path),
  // Programs that make, check and draw test data often lean on files outside of the package, and none of them grades.
  kattis: (path) =>
    !/^(generators|input_(format_)?validators?|answer_validators?|(input_|output_)?visualizers?)\//.test(path),
};

const ARCHIVE = /[.](zip|kpp|tar[.]gz|tgz)$/i;

/** Folders that belong to tools and never to a package. */
const SKIPPED = new Set(['.git', 'node_modules', '__pycache__', '__MACOSX']);

/** What a server takes in one body. */
const MOST_BYTES = 10 * 1024 * 1024 - 4096;
const MOST_FILES = 3_000;

/**
 * Makes one file to be sent of what lies at `path`: a folder, an archive, or a single file of GitHub Classroom.
 *
 * @returns {Promise<import('./pack-folder.mjs').PackedPackage>}
 */
export async function packPackage(path, format) {
  const entry = await stat(path).catch(() => null);
  if (entry === null) throw new CommandFailure('there is no such file or folder');
  if (entry.isFile()) {
    const known = format ?? (/[.](json|ya?ml)$/i.test(path) && !ARCHIVE.test(path) ? 'github-classroom' : undefined);
    if (known === undefined) throw new CommandFailure('is a file: say what it is with --format');
    if (entry.size > MOST_BYTES) throw tooLarge();
    return { name: nameOfFile(path), format: known, content: await readFile(path) };
  }
  const found = format ?? Object.keys(MARKS).find((key) => MARKS[key].some((mark) => existsSync(join(path, mark))));
  if (found === undefined) {
    throw new CommandFailure(
      `holds none of ${Object.values(MARKS).flat().join(', ')}: no format that is known has it so`,
    );
  }
  const name = `${basename(resolve(path))}.tar.gz`;
  return { name, format: found, content: await packFolder(path, WANTED[found]) };
}

/** The file holds no title: that of its repository must do. */
function nameOfFile(path) {
  const whole = resolve(path);
  const name = basename(whole);
  if (!/^(autograding[.]json|classroom[.]ya?ml)$/.test(name)) return name;
  const folder = whole.replace(/[/\\][.]github[/\\](classroom|workflows)[/\\][^/\\]+$/, '');
  return folder === whole ? name : `${basename(folder)}${name.slice(name.lastIndexOf('.'))}`;
}

/**
 * A `.tar.gz` of a folder. Symbolic links become what they lead to within the folder; the same files give the same bytes.
 *
 * @param {string} folder @param {(path: string) => boolean} [isWanted]
 * @returns {Promise<Buffer>}
 */
export async function packFolder(folder, isWanted = () => true) {
  const root = await realpath(folder);
  // The quickstart begins where no package is installed yet.
  const { pack } = await import('tar-stream');
  const archive = pack();
  const chunks = [];
  archive.on('data', (chunk) => chunks.push(chunk));
  const files = [];
  await collect(root, '', { files, isWanted }, 0);
  const wanted = files.sort((one, other) => (one < other ? -1 : 1));
  if (wanted.length > MOST_FILES) {
    throw new CommandFailure(`holds more than ${MOST_FILES} files, the most that a server takes`);
  }
  for (const name of wanted) {
    const content = await readFile(join(root, name));
    archive.entry({ name, size: content.length, mode: 0o644, mtime: new Date(0) }, content);
  }
  const ended = new Promise((done, fail) => archive.on('end', done).on('error', fail));
  archive.finalize();
  await ended;
  const packed = gzipSync(Buffer.concat(chunks));
  if (packed.length > MOST_BYTES) throw tooLarge();
  return packed;
}

const MOST_DEPTH = 12;

async function collect(root, below, found, depth) {
  if (depth > MOST_DEPTH) {
    throw new CommandFailure(`${below} lies more than ${MOST_DEPTH} folders deep: is it a link in a circle?`);
  }
  for (const entry of await readdir(join(root, below), { withFileTypes: true })) {
    if (SKIPPED.has(entry.name)) continue;
    const path = below === '' ? entry.name : `${below}/${entry.name}`;
    if (!entry.isDirectory() && !found.isWanted(path)) continue;
    const real = await realpath(join(root, path)).catch(() => null);
    const way = real === null ? '..' : relative(root, real);
    if (way === '..' || way.startsWith(`..${sep}`)) {
      throw new CommandFailure(
        `${path} is a link that leads out of the package, or nowhere: put the file itself there`,
      );
    }
    const target = await stat(real);
    if (target.isDirectory()) await collect(root, path, found, depth + 1);
    else if (target.isFile()) found.files.push(path);
    if (found.files.length > 20 * MOST_FILES) throw new CommandFailure('holds far too many files');
  }
}

function tooLarge() {
  return new CommandFailure(
    'is larger than 10 MiB when it is packed, the most that a server takes: make its test data smaller',
  );
}
