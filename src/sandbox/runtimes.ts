import { access } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { firstExecutable, firstLine } from './host-programs.js';
import type { RunLimits } from './limits.js';

/** Keys of all runtimes that Assay knows, whether this machine has them or not. */
export const RUNTIME_KEYS = ['python', 'node', 'bash', 'c', 'cpp', 'java'] as const;

export type RuntimeKey = (typeof RUNTIME_KEYS)[number];

/** One file of the host that a runtime needs besides the base system; shown read-only inside. */
export interface RuntimeBind {
  readonly source: string;
  readonly destination: string;
}

/** A language that programs may be written in, as found on this machine. */
export interface Runtime {
  readonly key: RuntimeKey;
  readonly title: string;
  /** Such as `3.11.2`; null when not available. */
  readonly version: string | null;
  readonly available: boolean;
  /** Why it is not available and what to install; null when it is. */
  readonly reason: string | null;
  /** The file that is run when nobody names one; null where the build makes the program. */
  readonly defaultEntrypoint: string | null;
  /** Default build, a `/bin/sh -c` command inside the sandbox; null for interpreted languages. */
  readonly build: string | null;
  /** What the language wants in the environment, below what a step asks for. */
  readonly environment: Readonly<Record<string, string>>;
  /** Mounted besides the base system. */
  readonly binds: readonly RuntimeBind[];
  /**
   * Folders of the system with packages that were installed for everybody: hidden, unless a sandbox shall show them. What the
   * interpreter finds there costs its start, and is code that nobody chose for the course.
   */
  readonly sitePackages: readonly string[];
  /**
   * The interpreter itself, where it is so large that starting it from a copy in huge pages saves much. Shown in its place when
   * there is such a copy.
   */
  readonly largeProgram: RuntimeBind | null;
  /** Copies of an interpreter that has started can be its programs: the sandbox knows how to stop it before one. */
  readonly hasForkServer: boolean;
  /**
   * Argument list that runs a program inside the sandbox, from the working folder. `entrypoint` is relative to that folder;
   * null means the default. Java: `Main.java` or `a/b/Main.java` runs class `Main` or `a.b.Main`. C and C++: a source file
   * as entrypoint means the program that the default build makes.
   */
  command(entrypoint: string | null, args: readonly string[], limits: RunLimits): readonly string[];
  /**
   * The same with an interpreter that is told its memory limit and so collects its garbage in time, where that makes each
   * start slower: for a program that met the limit with {@link command}. Null: `command` does what can be done.
   */
  readonly thriftyCommand: Runtime['command'] | null;
}

/**
 * What makes each start of Node cheaper and changes nothing that a program sees: one thread in place of four that mostly
 * wait (1.5 ms), and OpenSSL's settings as they are built in, without the machine's file of them, which names nothing of
 * Node's (0.4 ms).
 */
const NODE_OPTIONS = ['--v8-pool-size=1', '--openssl-config=/dev/null'];

/** Compiled programs are named so by the default build of C and C++. */
const COMPILED_PROGRAM = 'program';
const WORKING_FOLDER = '/box';

/**
 * What a JVM needs besides its heap (class data, code cache, threads), in MiB. A heap as large as the limit would let the
 * kernel kill a program that the garbage collector could have served.
 */
const JAVA_OVERHEAD_MIB = 64;
const JAVA_SMALLEST_HEAP_MIB = 16;

interface Interpreter {
  /** Path on the host, all links resolved. */
  readonly hostPath: string;
  /** Path inside the sandbox. */
  readonly path: string;
  readonly version: string;
}

/** Where this Python looks for packages that are not its own. Those that are not there need no hiding. */
async function sitePackagesOf(python: Interpreter): Promise<readonly string[]> {
  const line = await firstLine(python.hostPath, '-c', 'import site; print(":".join(site.getsitepackages()))');
  const folders = (line ?? '').split(':').filter((folder) => /^\/usr\/.*\/(?:site|dist)-packages$/.test(folder));
  const isThere = await Promise.all(
    folders.map((folder) =>
      access(folder).then(
        () => true,
        () => false,
      ),
    ),
  );
  return folders.filter((_, index) => isThere[index] === true);
}

/**
 * Looks at absolute paths only: a version manager's shim on the PATH is a script that costs ten times the interpreter's
 * start, and lives in a home directory.
 */
async function findInterpreter(
  candidates: readonly string[],
  insideName: string,
  versionFlag = '--version',
): Promise<Interpreter | null> {
  const hostPath = await firstExecutable(candidates);
  if (hostPath === null) return null;
  const line = await firstLine(hostPath, versionFlag);
  const version = line === null ? null : (/\d+(?:\.\d+)+|\d+/.exec(line.replace(/\([^)]*\)/g, ''))?.[0] ?? null);
  if (version === null) return null;
  // Only the one file is shown, never its folder: that could be somebody's home.
  return { hostPath, version, path: hostPath.startsWith('/usr/') ? hostPath : `/opt/${insideName}` };
}

function bindsFor(interpreter: Interpreter): readonly RuntimeBind[] {
  return interpreter.path === interpreter.hostPath
    ? []
    : [{ source: interpreter.hostPath, destination: interpreter.path }];
}

interface Description {
  readonly key: RuntimeKey;
  readonly title: string;
  readonly defaultEntrypoint: string | null;
  readonly build: string | null;
  readonly environment?: Readonly<Record<string, string>>;
  readonly sitePackages?: readonly string[];
  readonly hasForkServer?: boolean;
  readonly isLarge?: boolean;
  /** Said when it is missing. */
  readonly missing: string;
}

type InterpreterCommand = (
  path: string,
  entrypoint: string | null,
  args: readonly string[],
  limits: RunLimits,
) => readonly string[];

function describeRuntime(
  description: Description,
  found: Interpreter | null,
  command: InterpreterCommand,
  thriftyCommand: InterpreterCommand | null = null,
): Runtime {
  const path = found?.path ?? description.key;
  return {
    key: description.key,
    title: description.title,
    version: found?.version ?? null,
    available: found !== null,
    reason: found === null ? description.missing : null,
    defaultEntrypoint: description.defaultEntrypoint,
    build: description.build,
    environment: description.environment ?? {},
    binds: found === null ? [] : bindsFor(found),
    sitePackages: description.sitePackages ?? [],
    largeProgram:
      found === null || description.isLarge !== true ? null : { source: found.hostPath, destination: found.path },
    hasForkServer: description.hasForkServer === true,
    command: (entrypoint, args, limits) => command(path, entrypoint, args, limits),
    thriftyCommand:
      thriftyCommand === null ? null : (entrypoint, args, limits) => thriftyCommand(path, entrypoint, args, limits),
  };
}

function compiledCommand(entrypoint: string | null, args: readonly string[]): readonly string[] {
  const program = entrypoint === null || /\.(?:c|cc|cpp|cxx|h|hpp)$/i.test(entrypoint) ? COMPILED_PROGRAM : entrypoint;
  return [join(WORKING_FOLDER, program), ...args];
}

/** The class that an entrypoint means: `a/b/Main.java` → `a.b.Main`; a class name stays as it is. */
export function mainClassOf(entrypoint: string): string {
  return entrypoint
    .replace(/^\.\//, '')
    .replace(/\.(?:java|class)$/, '')
    .replaceAll('/', '.');
}

function javaHeapMiB(limits: RunLimits): number {
  return Math.max(JAVA_SMALLEST_HEAP_MIB, limits.memoryMiB - JAVA_OVERHEAD_MIB);
}

async function findRuntimes(): Promise<readonly Runtime[]> {
  const [python, node, bash, c, cpp, java] = await Promise.all([
    findInterpreter(['/usr/bin/python3', '/usr/local/bin/python3'], 'python3'),
    findInterpreter(['/usr/bin/node', '/usr/local/bin/node', process.execPath], 'node'),
    findInterpreter(['/usr/bin/bash', '/bin/bash'], 'bash'),
    findInterpreter(['/usr/bin/gcc'], 'gcc', '-dumpfullversion'),
    findInterpreter(['/usr/bin/g++'], 'g++', '-dumpfullversion'),
    findInterpreter(['/usr/bin/java'], 'java'),
  ]);
  // A run-time environment without the compiler cannot build what students hand in.
  const javac = java === null ? null : await firstExecutable([join(dirname(java.hostPath), 'javac'), '/usr/bin/javac']);
  const jdk = java !== null && javac !== null && java.hostPath.startsWith('/usr/') ? java : null;
  const compiler = javac ?? '/usr/bin/javac';

  return [
    describeRuntime(
      {
        key: 'python',
        title: 'Python',
        defaultEntrypoint: 'main.py',
        build: null,
        // One hash seed for all: a set's order, and so a test's result, does not change from run to run.
        environment: { PYTHONHASHSEED: '0' },
        sitePackages: python === null ? [] : await sitePackagesOf(python),
        hasForkServer: true,
        missing: 'Python is not installed in /usr: apt-get install python3',
      },
      python,
      // Not -E: the environment is ours from the first byte, and -E would also ignore PYTHONHASHSEED.
      (path, entrypoint, args) => [path, '-B', '-s', entrypoint ?? 'main.py', ...args],
    ),
    describeRuntime(
      {
        key: 'node',
        title: 'JavaScript (Node.js)',
        defaultEntrypoint: 'main.js',
        build: null,
        isLarge: true,
        missing: 'Node.js was not found.',
      },
      node,
      (path, entrypoint, args) => [path, ...NODE_OPTIONS, entrypoint ?? 'main.js', ...args],
      // Any option of V8's makes it refuse the code that was compiled when Node was built: 3 ms for each start. Told its
      // limit, the collector works in time; a real leak still meets the limit of the whole tree first.
      (path, entrypoint, args, limits) => [
        path,
        ...NODE_OPTIONS,
        `--max-old-space-size=${limits.memoryMiB}`,
        entrypoint ?? 'main.js',
        ...args,
      ],
    ),
    describeRuntime(
      {
        key: 'bash',
        title: 'Bash',
        defaultEntrypoint: 'main.sh',
        build: null,
        missing: 'Bash is not installed: apt-get install bash',
      },
      bash,
      (path, entrypoint, args) => [path, entrypoint ?? 'main.sh', ...args],
    ),
    describeRuntime(
      {
        key: 'c',
        title: 'C (GCC)',
        defaultEntrypoint: null,
        build: `gcc -O2 -std=gnu17 -o ${COMPILED_PROGRAM} *.c -lm`,
        missing: 'GCC is not installed: apt-get install gcc libc6-dev',
      },
      c,
      (_path, entrypoint, args) => compiledCommand(entrypoint, args),
    ),
    describeRuntime(
      {
        key: 'cpp',
        title: 'C++ (GCC)',
        defaultEntrypoint: null,
        build: `g++ -O2 -std=gnu++20 -o ${COMPILED_PROGRAM} $(ls *.cpp *.cc *.cxx 2>/dev/null)`,
        missing: 'G++ is not installed: apt-get install g++',
      },
      cpp,
      (_path, entrypoint, args) => compiledCommand(entrypoint, args),
    ),
    describeRuntime(
      {
        key: 'java',
        title: 'Java (OpenJDK)',
        defaultEntrypoint: 'Main.java',
        build: `find . -name '*.java' > /tmp/sources && ${compiler} -J-XX:+UseSerialGC -J-XX:TieredStopAtLevel=1 -encoding UTF-8 -d . @/tmp/sources`,
        missing: 'A JDK is not installed in /usr: apt-get install default-jdk-headless',
      },
      jdk,
      (path, entrypoint, args, limits) => [
        path,
        '-XX:+UseSerialGC',
        '-XX:TieredStopAtLevel=1',
        '-XX:-UsePerfData',
        '-Xshare:auto',
        `-Xmx${javaHeapMiB(limits)}m`,
        '-cp',
        WORKING_FOLDER,
        mainClassOf(entrypoint ?? 'Main.java'),
        ...args,
      ],
    ),
  ];
}

let found: Promise<readonly Runtime[]> | undefined;

/**
 * Examines the machine once; later calls give the same answer. Every key of {@link RUNTIME_KEYS} is there, in that order;
 * a missing one has `available: false` and says what to install.
 */
export function detectRuntimes(): Promise<readonly Runtime[]> {
  found ??= findRuntimes();
  return found;
}
