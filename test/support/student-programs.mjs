import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';

const FOLDER = join(import.meta.dirname, '../programs');

/** As test/programs/README.md says. */
const LIMITS = { cpuTimeMs: 1_000, wallTimeMs: 15_000, memoryMiB: 256, processes: 64, outputKiB: 64, diskMiB: 16 };

const KEYS = new Set('Verdict Outcome Build BuildTimeMs Stdin Stdout Answer Limits Files Needs Why'.split(' '));

const RUNTIMES = { '.py': 'python', '.js': 'node', '.sh': 'bash', '.c': 'c', '.cpp': 'cpp', '.java': 'java' };

/**
 * Every program of test/programs/, in the order of verdicts and names. Throws for a program whose first comment is not as
 * test/programs/README.md says.
 */
export function readStudentPrograms() {
  return readdirSync(FOLDER, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort()
    .flatMap((verdict) =>
      readdirSync(join(FOLDER, verdict))
        .sort()
        .map((name) => readProgram(verdict, name)),
    );
}

function readProgram(verdict, file) {
  const name = `${verdict}/${file}`;
  const fault = (what) => new Error(`test/programs/${name}: ${what}`);
  const runtime = RUNTIMES[extname(file)];
  if (runtime === undefined) throw fault(`no runtime has files ending in "${extname(file)}"`);
  const source = readFileSync(join(FOLDER, verdict, file), 'utf8');
  const header = headerOf(source);
  for (const key of header.keys()) if (!KEYS.has(key)) throw fault(`unknown key "${key}"`);
  if (header.get('Verdict') !== verdict) throw fault('its "Verdict" is not its folder');
  if (header.get('Why') === undefined) throw fault('it does not say "Why"');
  if ((header.get('Outcome') === undefined) === (header.get('Build') === undefined)) {
    throw fault('it needs either "Outcome" or "Build"');
  }

  const json = (key, otherwise) => {
    const text = header.get(key);
    if (text === undefined) return otherwise;
    try {
      return JSON.parse(text);
    } catch (error) {
      throw new Error(`test/programs/${name}: "${key}" is no JSON`, { cause: error });
    }
  };
  const stdout = textOf(json('Stdout', null));
  return {
    verdict,
    name,
    runtime,
    files: [
      ...Object.entries(json('Files', {})).map(([path, content]) => ({ path, content })),
      { path: runtime === 'java' ? 'Main.java' : `main${extname(file)}`, content: source },
    ],
    stdin: textOf(json('Stdin', '')),
    stdout,
    answer: textOf(json('Answer', null)) ?? stdout,
    outcome: header.get('Outcome') ?? null,
    build: header.get('Build') ?? null,
    buildTimeMs: json('BuildTimeMs', 20_000),
    limits: limitsOf({ ...(verdict === 'memory_limit_exceeded' ? FOR_MEMORY : {}), ...json('Limits', {}) }),
    needsCgroup: header.get('Needs') === 'cgroup',
  };
}

/** The lines `Key: value` of the comment that a source begins with. */
function headerOf(source) {
  const header = new Map();
  for (const line of source.split('\n')) {
    if (!/^(?:#|\/\/|\/\*| \*)/.test(line)) break;
    const [, key, value] = /^(?:#|\/\/|\/\*| \*) (\w+): (.*)$/.exec(line) ?? [];
    if (key !== undefined) header.set(key, value);
  }
  return header;
}

/**
 * A virtual machine whose host has taken memory back pays some 20 µs for each page that is touched first, all of it CPU time:
 * over a second for 256 MiB. Who is to meet the memory limit must get there before.
 */
const FOR_MEMORY = { cpuTimeMs: 10_000, wallTimeMs: 40_000 };

/** A limit of elapsed time below that of CPU time makes no sense, and a grading document may not ask for it. */
function limitsOf(given) {
  const limits = { ...LIMITS, ...given };
  return { ...limits, cpuTimeMs: Math.min(limits.cpuTimeMs, limits.wallTimeMs) };
}

/** A text, or a list of texts and of pairs `[text, times]`. */
function textOf(value) {
  if (value === null || typeof value === 'string') return value;
  return value.map((part) => (typeof part === 'string' ? part : part[0].repeat(part[1]))).join('');
}
