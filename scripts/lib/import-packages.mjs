import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { packPackage } from './pack-folder.mjs';
import { differenceOf, ImportReport } from './import-report.mjs';
import { CommandFailure, step } from './progress.mjs';
import { RestClient } from './rest-client.mjs';

const FORMATS = ['assay', 'kattis', 'github-classroom', 'gradescope'];

const USAGE = `npm run import -- PATH [PATH…] --course COURSE_ID [--format ${FORMATS.join('|')}]
               [--runtime KEY[,KEY…]] [--status draft|published] [--no-verify] [--unproven]
               [--json FILE] [--url URL]

PATH is the folder of a package (Assay's own, or a Kattis problem), a repository of GitHub Classroom or its autograding.json or
classroom.yml, an autograder of Gradescope, or an archive of one of these (then say which with --format). --json FILE keeps what became of each
package; packages that FILE has imported already are left out. Sign in through the environment: ASSAY_TOKEN, or ASSAY_EMAIL and
ASSAY_PASSWORD. See docs/importing.md.`;

const DEFAULT_URL = 'http://127.0.0.1:3000';

/** Of one warning that many places share, how many places are named. */
const PLACES_SHOWN = 5;

const POLL_MS = 1_000;
/** Polls in a row that may fail. */
const MOST_BROKEN = 10;

/**
 * The command `import`: sends each package, says what could not be taken over, and how its model submissions were graded. Goes
 * on after a package that is refused.
 *
 * @param {readonly string[]} argv @param {NodeJS.ProcessEnv} env
 * @param {{ stdout: { write(text: string): unknown }, stderr: { write(text: string): unknown } }} streams
 * @returns {Promise<number>} the exit status: 1 when a package was refused or not proved
 */
export async function importPackages(argv, env, { stdout, stderr }) {
  const options = readArguments(argv);
  const tell = (line) => stdout.write(`${line}\n`);
  if (options.help) {
    tell(USAGE);
    return 0;
  }
  const session = new Session(options.url, env);
  await session.client();
  const report = await ImportReport.at(options.json);
  for (const [index, path] of options.paths.entries()) {
    const place = `[${index + 1}/${options.paths.length}] ${path}`;
    if (report.has(path)) {
      tell(`${place}: is in ${options.json} already`);
      continue;
    }
    try {
      await report.add(await importOne(path, place, await session.client(), options, tell));
    } catch (error) {
      if (!(error instanceof CommandFailure)) throw error;
      await report.add({ path, refusal: error.message });
      stderr.write(`${place}: FAILED: ${error.message}\n`);
    }
  }
  if (options.paths.length > 1) for (const line of report.summary(options.paths)) tell(line);
  return report.isGood(options.paths) ? 0 : 1;
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
        format: { type: 'string' },
        runtime: { type: 'string' },
        url: { type: 'string', default: DEFAULT_URL },
        status: { type: 'string', default: 'draft' },
        'no-verify': { type: 'boolean', default: false },
        unproven: { type: 'boolean', default: false },
        json: { type: 'string' },
        help: { type: 'boolean', default: false },
      },
    });
  } catch (error) {
    throw new CommandFailure(`${error.message}\n\n${USAGE}`);
  }
  const { values, positionals: paths } = parsed;
  if (values.help) return { ...values, paths };
  const fault =
    (paths.length === 0 && 'Name at least one package.') ||
    (values.course === undefined && 'Name the --course that gets the assignments.') ||
    (values.format !== undefined && !FORMATS.includes(values.format) && `--format is one of ${FORMATS.join(', ')}.`) ||
    (!['draft', 'published'].includes(values.status) && '--status is draft or published.') ||
    (!URL.canParse(values.url) && '--url is where the server is, such as http://127.0.0.1:3000.');
  if (fault) throw new CommandFailure(`${fault}\n\n${USAGE}`);
  return { ...values, paths };
}

/** A token that one signs in for is good for 15 minutes; many packages take longer. */
const SIGNED_IN_MS = 10 * 60_000;

/**
 * Speaks for the person named in the environment, and signs in again in time: what stands in arguments can be read by everyone on
 * a machine.
 */
class Session {
  #guest;
  #url;
  #env;
  #client = null;
  #until = 0;

  constructor(url, env) {
    this.#url = url;
    this.#env = env;
    this.#guest = new RestClient(url.replace(/\/+$/, ''));
  }

  async client() {
    const { ASSAY_TOKEN: token, ASSAY_EMAIL: email, ASSAY_PASSWORD: password } = this.#env;
    if (token) return this.#guest.as(token);
    if (!email || !password) {
      throw new CommandFailure('Who are you? Set ASSAY_TOKEN, or ASSAY_EMAIL and ASSAY_PASSWORD, in the environment.');
    }
    if (this.#client === null || Date.now() > this.#until) {
      const { body } = await reached(this.#url, () =>
        this.#guest.request('POST', '/auth/login', { body: { email, password } }),
      );
      this.#client = this.#guest.as(body.accessToken);
      this.#until = Date.now() + SIGNED_IN_MS;
    }
    return this.#client;
  }
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

/** Imports one package, and gives what the report keeps of it. */
async function importOne(path, place, client, options, tell) {
  const { name, format, content } = await packPackage(path, options.format);
  const form = new FormData();
  form.append('format', format);
  if (options.runtime !== undefined) form.append('runtime', options.runtime);
  if (options['no-verify']) form.append('verify', 'false');
  form.append('file', new Blob([content]), name);
  const { status, body } = await step(`Importing ${name}`, () =>
    reached(options.url, () =>
      client.request('POST', `/courses/${encodeURIComponent(options.course)}/assignments/import`, {
        body: form,
        accept: [201, 413, 422],
      }),
    ),
  );
  if (status !== 201) throw refusal(body);
  const { assignment, warnings, verification } = body;
  tell(`${place}: "${assignment.title}", ${assignment.maxPoints} points, is the draft ${assignment.id}`);
  for (const line of warningLines(warnings)) tell(line);
  const models = verification === null ? [] : await proved(verification, client, tell);
  const isProved = models.every(({ ok }) => ok);
  if (options.status === 'published' && (isProved || options.unproven)) {
    const query = options.unproven ? '?unproven=true' : '';
    await client.request('PATCH', `/assignments/${assignment.id}${query}`, { body: { status: 'published' } });
    tell('  published');
  } else if (options.status === 'published') {
    tell('  stays a draft: look at what differs, or publish it all the same with --unproven');
  }
  return { path, title: assignment.title, assignmentId: assignment.id, warnings, models };
}

/** How the model submissions were graded. */
async function proved({ id, total }, client, tell) {
  const verification = await step(`Grading ${total} model submissions`, async () => {
    for (let broken = 0; ;) {
      try {
        const { body } = await client.request('GET', `/verifications/${id}`);
        if (body.status !== 'running') return body;
        broken = 0;
      } catch (error) {
        // A connection may break while one waits for minutes; the verification goes on.
        broken += 1;
        if (error instanceof CommandFailure) throw error;
        if (broken >= MOST_BROKEN) throw new CommandFailure(`the server gave no answer any more (${error.message})`);
      }
      await pause(POLL_MS);
    }
  });
  const models = [];
  for (const item of verification.items) {
    const { path, ok, expected, actual, refusal: reason, submissionId } = item;
    const culprit = ok ? null : await culpritOf(submissionId, client);
    models.push({ path, ok, expected, actual, refusal: reason, submissionId, culprit });
    if (ok) continue;
    tell(`  differs: ${differenceOf(item)}`);
    if (culprit === null) continue;
    tell(`    at ${culprit.name}, ${culprit.timeMs ?? 0} ms: ${culprit.message ?? culprit.verdict}`);
  }
  tell(`  ${verification.right} of ${verification.total} model submissions are graded as they should be`);
  return models;
}

/** The first test that was not passed; null where there is none. */
async function culpritOf(submissionId, client) {
  if (submissionId === null) return null;
  const { body } = await client.request('GET', `/submissions/${submissionId}`);
  const found = body.tests.find(({ verdict }) => verdict !== 'accepted' && verdict !== 'skipped');
  if (found === undefined) return null;
  const { name, verdict, message, timeMs } = found;
  return { name, verdict, message, timeMs };
}

function refusal({ detail, errors = [] }) {
  const lines = errors.map(({ path, message }) => `\n  ${path.replace(/^\/file\/?/, '') || 'the package'} ${message}`);
  return new CommandFailure(lines.length === 0 ? detail : `the package is refused:${lines.join('')}`);
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
