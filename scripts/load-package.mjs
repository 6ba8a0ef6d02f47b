import { existsSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { CEILINGS, totalPoints } from './lib/package-document.mjs';
import { ensurePackages, requireNode } from './lib/packages.mjs';
import { root } from './lib/processes.mjs';
import { CommandFailure, runCommand, say, step } from './lib/progress.mjs';
import { RestClient } from './lib/rest-client.mjs';

/**
 * npm run load-package: puts Kattis problem packages and GitHub Classroom's autograding.json onto a server as assignments, or
 * prints what would be put there. docs/loading-packages.md is its manual.
 */

const USAGE = `npm run load-package -- PATH [PATH…] --course COURSE_ID [--runtime KEY[,KEY…]] [--status draft|published] [--url URL]
npm run load-package -- PATH [PATH…] --print [--runtime KEY[,KEY…]]

PATH is the folder of a Kattis problem package, an autograding.json of GitHub Classroom, or a repository that holds one.
--print writes the grading documents as YAML and needs no server. Otherwise sign in through the environment: ASSAY_TOKEN, or
ASSAY_EMAIL and ASSAY_PASSWORD. See docs/loading-packages.md.`;

const DEFAULT_URL = 'http://127.0.0.1:3000';

/** Each value in one piece, so that nothing is folded and a line of a text is a line of the file. */
const YAML_STYLE = { lineWidth: 0, doubleQuotedMinMultiLineLength: Infinity, aliasDuplicateObjects: false };

/** Of one warning that many places share, how many places are named. */
const PLACES_SHOWN = 5;

function readArguments() {
  let parsed;
  try {
    parsed = parseArgs({
      allowPositionals: true,
      options: {
        course: { type: 'string' },
        runtime: { type: 'string' },
        url: { type: 'string', default: DEFAULT_URL },
        status: { type: 'string', default: 'draft' },
        print: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    });
  } catch (error) {
    throw new CommandFailure(`${error.message}\n\n${USAGE}`);
  }
  const { values, positionals: paths } = parsed;
  if (values.help) return { ...values, paths, runtimes: [] };
  const fault =
    (paths.length === 0 && 'Name at least one package.') ||
    (values.print === (values.course !== undefined) &&
      'Name either the --course that gets the assignments, or --print.') ||
    (!['draft', 'published'].includes(values.status) && '--status is draft or published.') ||
    (!URL.canParse(values.url) && '--url is where the server is, such as http://127.0.0.1:3000.');
  if (fault) throw new CommandFailure(`${fault}\n\n${USAGE}`);
  return {
    ...values,
    paths,
    runtimes: (values.runtime ?? '')
      .split(',')
      .map((key) => key.trim())
      .filter(Boolean),
  };
}

/** A client that speaks for the person named in the environment: what stands in arguments can be read by everyone on a machine. */
async function signedIn(url) {
  const { ASSAY_TOKEN: token, ASSAY_EMAIL: email, ASSAY_PASSWORD: password } = process.env;
  const guest = new RestClient(url.replace(/\/+$/, ''));
  if (token) return guest.as(token);
  if (!email || !password) {
    throw new CommandFailure('Who are you? Set ASSAY_TOKEN, or ASSAY_EMAIL and ASSAY_PASSWORD, in the environment.');
  }
  const { body } = await reached(url, () => guest.request('POST', '/auth/login', { body: { email, password } }));
  return guest.as(body.accessToken);
}

/** Says which server it was that could not be reached. */
async function reached(url, work) {
  try {
    return await work();
  } catch (error) {
    if (error instanceof CommandFailure) throw error;
    throw new CommandFailure(
      `${url} gave no answer of an Assay server (${error.cause?.code ?? error.message}). Is it running? Else name it: --url URL`,
    );
  }
}

/**
 * Finds out what `path` is and reads it.
 *
 * @returns {Promise<import('./lib/package-document.mjs').LoadedPackage>}
 */
async function readPackage(path, runtimes) {
  const { kattisDocument } = await import('./lib/kattis-document.mjs');
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
  const { classroomDocument } = await import('./lib/classroom-document.mjs');
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

/** What a server would refuse, where this tree was built; without a build nothing is checked. */
async function faultsOf(grading) {
  const parser = join(root, 'dist', 'src', 'grading', 'parse-grading-document.js');
  const known = join(root, 'dist', 'src', 'assignments', 'known-runtimes.js');
  if (!existsSync(parser) || !existsSync(known)) return [];
  const { parseGradingDocument } = await import(pathToFileURL(parser).href);
  const { KNOWN_RUNTIMES } = await import(pathToFileURL(known).href);
  const result = parseGradingDocument(grading, { runtimes: KNOWN_RUNTIMES, ceilings: CEILINGS });
  return result.ok ? [] : result.errors;
}

async function print({ title, grading }, path) {
  const { stringify } = await import('yaml');
  process.stdout.write(`---\n# ${title} (${path})\n${stringify(grading, YAML_STYLE)}`);
  throwFaults(await faultsOf(grading));
  return 'printed';
}

async function load({ title, instructions, grading }, client, { course, status, url }) {
  const { status: answer, body } = await step(`Loading "${title}"`, () =>
    reached(url, () =>
      client.request('POST', `/courses/${encodeURIComponent(course)}/assignments`, {
        body: { title, grading, status, ...(instructions === '' ? {} : { instructions }) },
        accept: [201, 422],
      }),
    ),
  );
  if (answer === 422) throwFaults(body.errors ?? [{ path: '', message: body.detail }]);
  return `loaded as ${body.status} assignment ${body.id}`;
}

function throwFaults(faults) {
  if (faults.length === 0) return;
  const lines = faults.map(({ path, message }) => `\n  ${path === '' ? 'the document' : path} ${message}`);
  throw new CommandFailure(`the document made of it is refused:${lines.join('')}`);
}

/** Warnings that say the same are said once, with the places that they are about. */
function warningLines(warnings) {
  const places = new Map();
  for (const { path, message } of warnings) places.set(message, [...new Set([...(places.get(message) ?? []), path])]);
  return [...places].map(([message, paths]) => {
    const more = paths.length > PLACES_SHOWN ? ` and ${paths.length - PLACES_SHOWN} more` : '';
    return `  warning: ${paths.slice(0, PLACES_SHOWN).join(', ')}${more}: ${message}`;
  });
}

function summary({ title, grading }) {
  const runtimes = grading.runtime ?? grading.runtimes.join(' or ');
  const tests = grading.tests.length === 1 ? '1 test' : `${grading.tests.length} tests`;
  return `"${title}", ${tests}, ${totalPoints(grading)} points, ${runtimes}`;
}

await runCommand(async () => {
  requireNode();
  const options = readArguments();
  // With --print, standard output is for the documents.
  const tell = options.print || options.help ? (line) => process.stderr.write(`${line}\n`) : say;
  if (options.help) return tell(USAGE);
  await ensurePackages();
  const client = options.print ? null : await signedIn(options.url);
  const failed = [];
  for (const [index, path] of options.paths.entries()) {
    const place = `[${index + 1}/${options.paths.length}] ${path}`;
    try {
      const found = await readPackage(path, options.runtimes);
      tell(`${place}: ${summary(found)}`);
      for (const line of warningLines(found.warnings)) tell(line);
      tell(`  ${client === null ? await print(found, path) : await load(found, client, options)}`);
    } catch (error) {
      if (!(error instanceof CommandFailure)) throw error;
      failed.push(path);
      process.stderr.write(`${place}: FAILED: ${error.message}\n`);
    }
  }
  if (options.paths.length > 1 || failed.length > 0) {
    tell(
      `${options.paths.length - failed.length} of ${options.paths.length} packages ${options.print ? 'printed' : 'loaded'}`,
    );
  }
  return failed.length === 0 ? 0 : 1;
});
