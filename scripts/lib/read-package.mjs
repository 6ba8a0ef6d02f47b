import { existsSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { classroomDocument } from './classroom-document.mjs';
import { kattisDocument } from './kattis-document.mjs';
import { CommandFailure } from './progress.mjs';

/**
 * Finds out what `path` is and reads it.
 *
 * @returns {Promise<import('./package-document.mjs').LoadedPackage>}
 */
export async function readPackage(path, runtimes) {
  const entry = await stat(path).catch(() => null);
  if (entry === null) throw new CommandFailure('there is no such file or folder');
  if (entry.isFile() && basename(path) === 'problem.yaml') return kattisDocument(dirname(path), { runtimes });
  if (entry.isFile()) return readClassroomFile(path, runtimes);
  if (existsSync(join(path, 'problem.yaml'))) return kattisDocument(path, { runtimes });
  const file = ['.github/classroom/autograding.json', 'autograding.json']
    .map((name) => join(path, name))
    .find(existsSync);
  if (file !== undefined) return readClassroomFile(file, runtimes);
  throw new CommandFailure(
    'holds neither problem.yaml (Kattis) nor .github/classroom/autograding.json (GitHub Classroom)',
  );
}

async function readClassroomFile(file, runtimes) {
  if (/[.](zip|kpp|tgz|gz)$/i.test(file)) throw new CommandFailure('is packed: unpack it and name the folder');
  let text;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(await readFile(file));
  } catch {
    throw new CommandFailure('is not text in UTF-8: save it as UTF-8');
  }
  return classroomDocument(text, { title: titleOf(file), runtimes });
}

/** The file holds no title: its own name, or that of its repository, must do. */
function titleOf(file) {
  const path = resolve(file);
  const name = basename(path, '.json');
  if (name !== 'autograding') return name;
  const folder = dirname(path);
  return basename(folder.endsWith(join('.github', 'classroom')) ? dirname(dirname(folder)) : folder);
}
