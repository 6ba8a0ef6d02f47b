import { readdir, readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { packPackage } from './pack-folder.mjs';
import { root } from './processes.mjs';

const folder = join(root, 'demo');

/**
 * Puts the demo course of `demo/` onto a server: each assignment is a package, which is imported as any other. What is there
 * already is left as it is, so it may run at every start. Its model submissions are not graded now: that would take minutes.
 * `POST /assignments/{assignmentId}/verify` does it, and the tests have done it before.
 *
 * @param {import('./rest-client.mjs').RestClient} instructor
 * @param {(done: number, total: number, title: string) => void} progress
 * @returns {Promise<{ course: any, assignments: any[] }>} in the order of their folders
 */
export async function seedDemoCourse(instructor, progress) {
  const { parse } = await import('yaml');
  const wanted = parse(await readFile(join(folder, 'course.yaml'), 'utf8'));
  const course =
    (await find(instructor.list('/courses'), (one) => one.code === wanted.code)) ??
    (await create(instructor, '/courses', wanted));

  const there = new Map();
  for await (const assignment of instructor.list(`/courses/${course.id}/assignments`)) {
    there.set(assignment.slug, assignment);
  }
  const names = (await readdir(join(folder, 'assignments'))).sort();
  const assignments = [];
  for (const [index, name] of names.entries()) {
    const path = join(folder, 'assignments', name);
    // What else stands there may refer to files (`!file`): only the server needs to understand it.
    const definition = parse(await readFile(join(path, 'assignment.yaml'), 'utf8'), { logLevel: 'silent' });
    const assignment = there.get(definition.slug) ?? (await importPackage(instructor, course.id, path));
    assignments.push({ ...assignment, folder: path });
    progress(index + 1, names.length, definition.title);
  }
  return { course, assignments };
}

async function importPackage(instructor, courseId, path) {
  const { name, format, content } = await packPackage(path, 'assay');
  const form = new FormData();
  form.append('format', format);
  form.append('verify', 'false');
  form.append('file', new Blob([content]), name);
  const { body } = await instructor.request('POST', `/courses/${courseId}/assignments/import`, { body: form });
  const published = { status: 'published' };
  const { id } = body.assignment;
  return (await instructor.request('PATCH', `/assignments/${id}?unproven=true`, { body: published })).body;
}

/**
 * The demo solutions of one assignment: the verdict that each must get, and its files as a submission takes them.
 *
 * @param {string} assignmentFolder
 * @returns {Promise<{ verdict: string, name: string, files: { path: string, content: string, encoding: 'base64' }[] }[]>}
 */
export async function demoSolutions(assignmentFolder) {
  const solutions = [];
  const base = join(assignmentFolder, 'submissions');
  for (const verdict of (await readdir(base)).sort()) {
    const entries = await readdir(join(base, verdict), { withFileTypes: true });
    // Either the files lie right here, or each folder is a solution of its own.
    const folders = entries.some((entry) => entry.isFile()) ? [''] : entries.map((entry) => entry.name).sort();
    for (const name of folders) {
      solutions.push({
        verdict,
        name: name === '' ? verdict : `${verdict}/${name}`,
        files: await filesOf(join(base, verdict, name)),
      });
    }
  }
  return solutions;
}

async function filesOf(path) {
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return Promise.all(
    files.sort().map(async (file) => ({
      path: relative(path, file).split(sep).join('/'),
      content: (await readFile(file)).toString('base64'),
      encoding: 'base64',
    })),
  );
}

async function create(client, path, body) {
  return (await client.request('POST', path, { body })).body;
}

async function find(items, matches) {
  for await (const item of items) if (matches(item)) return item;
  return null;
}
