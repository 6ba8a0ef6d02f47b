/**
 * Makes mutants of JavaScript sources with the instrumenter of Stryker, from the toolbox, and writes the sources in other ways. Reads
 * the task from standard input and reports as JSON to the descriptor 3. It parses sources of the instructor and runs none; no
 * code of students is near it. Which mutants are taken is decided as in `python-generator.ts`.
 */
export const JAVASCRIPT_GENERATOR = String.raw`
import { createHash, randomInt } from 'node:crypto';
import { readFileSync, writeSync } from 'node:fs';

const task = JSON.parse(readFileSync(0, 'utf8'));
const nothing = () => {};
const silent = { debug: nothing, info: nothing, trace: nothing, warn: nothing, error: nothing, fatal: nothing };
const log = { ...silent, isDebugEnabled: () => false, isTraceEnabled: () => false };

function report(value) {
  const bytes = Buffer.from(JSON.stringify(value));
  for (let at = 0; at < bytes.length; ) at += writeSync(3, bytes, at);
}

function offsets(text) {
  const starts = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return ({ line, column }) => starts[line] + column;
}

const oneLine = (text) => text.replace(/\s+/g, ' ').trim().slice(0, 90);

/** Where a block of statements ends, more can stand that does nothing: after all of them, and ended by signs of its own. */
function rewritten(text, ends) {
  const word = () => randomInt(1_000_000, 1_000_000_000);
  const chosen = ends.filter(() => randomInt(2) === 0).sort((a, b) => b - a);
  const some = chosen.length > 0 ? chosen : ends.slice(0, 1);
  const filled = some.reduce((made, end) => made.slice(0, end) + ';void ' + word() + ';' + made.slice(end), text);
  return filled + '\n// ' + word() + '\n';
}

async function generate() {
  const { Instrumenter } = await import('@stryker-mutator/instrumenter');
  const bases = {};
  const possible = [];
  const ends = {};
  for (const { path, text } of task.files) {
    const options = { plugins: null, excludedMutations: [], ignorers: [] };
    const { mutants } = await new Instrumenter(log).instrument([{ name: path, mutate: true, content: text }], options);
    const offset = offsets(text);
    const counts = new Map();
    bases[path] = text;
    ends[path] = [];
    for (const { location, replacement, mutatorName } of mutants) {
      const [start, end] = [offset(location.start), offset(location.end)];
      if (mutatorName === 'BlockStatement') ends[path].push(end - 1);
      const place = path + ':' + (location.start.line + 1) + ':' + mutatorName;
      counts.set(place, (counts.get(place) ?? 0) + 1);
      const description = oneLine(text.slice(start, end)) + ' → ' + oneLine(replacement);
      possible.push({ id: place + '-' + counts.get(place), path, start, end, text: replacement, description });
    }
  }
  const order = ({ id }) => createHash('sha256').update(id).digest('hex');
  const mutants = possible
    .filter(({ id }) => !task.exclude.includes(id))
    .map((mutant) => [order(mutant), mutant])
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .slice(0, task.max)
    .map(([, mutant]) => mutant);
  const rewrites = Array.from({ length: task.rewrites }, () =>
    Object.fromEntries(task.files.map(({ path, text }) => [path, rewritten(text, ends[path])])),
  );
  return { bases, mutants, rewrites };
}

try {
  report(await generate());
} catch (error) {
  const isMissing = error?.code === 'ERR_MODULE_NOT_FOUND';
  const missing = 'Stryker is not in the toolbox; install that with npm run toolbox';
  report({ fault: isMissing ? missing : 'the reference cannot be read as JavaScript: ' + String(error?.message) });
}
`;
