import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { stringify } from 'yaml';
import { CEILINGS, totalPoints } from './package-document.mjs';
import { root } from './processes.mjs';
import { CommandFailure, step } from './progress.mjs';
import { readPackage } from './read-package.mjs';
import { RestClient } from './rest-client.mjs';

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

/**
 * The command `load-package`: reads each package, says what it could not take over, and prints its grading document or makes
 * an assignment of it. Goes on after a package that cannot be used.
 *
 * @param {readonly string[]} argv @param {NodeJS.ProcessEnv} env
 * @param {{ stdout: { write(text: string): unknown }, stderr: { write(text: string): unknown } }} streams
 * @returns {Promise<number>} the exit status: 1 when a package could not be used
 */
export async function loadPackages(argv, env, { stdout, stderr }) {
  const options = readArguments(argv);
  // With --print, standard output is for the documents.
  const tell = (line) => (options.print ? stderr : stdout).write(`${line}\n`);
  if (options.help) {
    tell(USAGE);
    return 0;
  }
  const client = options.print ? null : await signedIn(options.url, env);
  let failures = 0;
  for (const [index, path] of options.paths.entries()) {
    const place = `[${index + 1}/${options.paths.length}] ${path}`;
    try {
      const found = await readPackage(path, options.runtimes);
      tell(`${place}: ${summary(found)}`);
      for (const line of warningLines(found.warnings)) tell(line);
      tell(`  ${client === null ? await print(found, path, stdout) : await load(found, client, options)}`);
    } catch (error) {
      if (!(error instanceof CommandFailure)) throw error;
      failures += 1;
      stderr.write(`${place}: FAILED: ${error.message}\n`);
    }
  }
  const done = options.paths.length - failures;
  if (options.paths.length > 1) {
    tell(`${done} of ${options.paths.length} packages ${options.print ? 'printed' : 'loaded'}`);
  }
  return failures === 0 ? 0 : 1;
}

/** @param {readonly string[]} argv */
function readArguments(argv) {
  let parsed;
  try {
    parsed = parseArgs({
      args: [...argv],
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
async function signedIn(url, env) {
  const { ASSAY_TOKEN: token, ASSAY_EMAIL: email, ASSAY_PASSWORD: password } = env;
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

async function print({ title, grading }, path, stdout) {
  stdout.write(`---\n# ${title} (${path})\n${stringify(grading, YAML_STYLE)}`);
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
