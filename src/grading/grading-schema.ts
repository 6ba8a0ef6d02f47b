import { COMPARE_MODES, GROUP_SCORINGS, VISIBILITIES, type TestKind } from './grading-document.js';
import { DEFAULT_BUILD_TIME_MS, DEFAULT_LIMITS, NUMERIC_LIMITS, type NumericLimit } from './limits.js';
import { PATH_LIMITS } from './relative-path.js';

/** A JSON Schema, or a part of one. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** Bounds of a grading document. Lengths are in characters; what parsing checks beyond the schema is in bytes. */
export const DOCUMENT_LIMITS = {
  /** All texts, names and numbers of the document together, in bytes of UTF-8. */
  documentBytes: 4_194_304,
  /** Objects, lists, texts, numbers and the like in the document together. */
  documentValues: 50_000,
  /** Objects and lists inside one another. */
  documentDepth: 16,
  tests: 500,
  groups: 100,
  files: 200,
  requiredFiles: 200,
  runtimes: 20,
  args: 100,
  /** Of `stdin`, and of each expected output, in bytes of UTF-8. */
  textBytes: 1_048_576,
  nameCharacters: 200,
  descriptionCharacters: 2000,
  commandCharacters: 10_000,
  argCharacters: 10_000,
  points: 1_000_000,
} as const;

/** Every kind of test that the contract names, also those that this version does not grade yet. */
export const KNOWN_TEST_KINDS = ['program', 'unit', 'http', 'sql', 'lint', 'command'] as const;

const name = {
  type: 'string',
  title: 'Name',
  minLength: 1,
  maxLength: DOCUMENT_LIMITS.nameCharacters,
};

const path = {
  type: 'string',
  title: 'Path',
  minLength: 1,
  maxLength: PATH_LIMITS.pathBytes,
};

const points = {
  type: 'number',
  title: 'Points',
  minimum: 0,
  maximum: DOCUMENT_LIMITS.points,
};

const command = {
  type: ['string', 'null'],
  minLength: 1,
  maxLength: DOCUMENT_LIMITS.commandCharacters,
};

const expectedText = {
  type: ['string', 'null'],
  maxLength: DOCUMENT_LIMITS.textBytes,
  default: null,
};

const tolerance = {
  type: ['number', 'null'],
  minimum: 0,
  default: null,
};

/** What the schema says of each numeric limit; the operator's ceilings come on top when a document is parsed. */
const LIMIT_SCHEMAS: Readonly<Record<NumericLimit, JsonSchema>> = {
  timeMs: {
    title: 'CPU time',
    description: 'CPU time of all processes together, in milliseconds. Beyond it: time_limit_exceeded.',
    minimum: 10,
    maximum: 3_600_000,
  },
  wallMs: {
    title: 'Elapsed time',
    description:
      'Elapsed time, in milliseconds, at least `timeMs`; three times `timeMs` when left out. Beyond it: time_limit_exceeded.',
    minimum: 10,
    maximum: 7_200_000,
  },
  memoryMiB: {
    title: 'Memory',
    description: 'Memory of all processes together, in MiB. Beyond it: memory_limit_exceeded.',
    minimum: 4,
    maximum: 1_048_576,
  },
  processes: {
    title: 'Processes',
    description: 'Processes and threads at a time; one more is refused.',
    minimum: 1,
    maximum: 32_768,
  },
  outputKiB: {
    title: 'Output',
    description:
      'What standard output, and as much again standard error, may hold, in KiB. Beyond it: output_limit_exceeded.',
    minimum: 1,
    maximum: 65_536,
  },
  diskMiB: {
    title: 'Disk',
    description: 'What the working folder may hold, in MiB; more cannot be written.',
    minimum: 1,
    maximum: 65_536,
  },
};

function limitsSchema(title: string, description: string, withDefaults: boolean): JsonSchema {
  const numbers = NUMERIC_LIMITS.map((limit) => [
    limit,
    {
      type: 'integer',
      ...LIMIT_SCHEMAS[limit],
      ...(withDefaults ? { default: DEFAULT_LIMITS[limit] } : {}),
      examples: [DEFAULT_LIMITS[limit]],
    },
  ]);
  return {
    type: 'object',
    title,
    description,
    additionalProperties: false,
    properties: {
      ...Object.fromEntries(numbers),
      network: {
        enum: ['none', 'loopback'],
        title: 'Network',
        description: '`none`, or `loopback`: the program reaches its own processes through 127.0.0.1 and nothing else.',
        ...(withDefaults ? { default: DEFAULT_LIMITS.network } : {}),
        examples: ['none'],
      },
    },
    examples: [{ timeMs: 5000, memoryMiB: 512 }],
  };
}

const expectation: JsonSchema = {
  type: 'object',
  title: 'Expectation',
  description:
    'What the program must have done. Left out: it must end with exit status 0, and may write what it likes.',
  additionalProperties: false,
  properties: {
    stdout: {
      ...expectedText,
      title: 'Standard output',
      description: 'The expected standard output, or, with `compare: regex`, a pattern. Null: not compared.',
      examples: ['3\n'],
    },
    stderr: {
      ...expectedText,
      title: 'Standard error',
      description: 'The expected standard error, compared in the same way. Null: not compared.',
      examples: ['usage: main.py FILE\n'],
    },
    compare: {
      enum: COMPARE_MODES,
      title: 'How output is compared',
      description:
        '`exact`: the same bytes. `trimmed`: the same lines, without white space at the end of each and blank lines at ' +
        'the end. `tokens`: the same words, however separated. `contains`: the text stands somewhere in the output. ' +
        '`regex`: the RE2 pattern matches somewhere in the output (`^` and `$` are its ends; look-around is refused).',
      default: 'trimmed',
      examples: ['tokens'],
    },
    caseSensitive: {
      type: 'boolean',
      title: 'Case-sensitive',
      description:
        'Whether `A`–`Z` differ from `a`–`z`. Left out: false with `compare: tokens`; the others always are case-sensitive.',
      examples: [true],
    },
    floatTolerance: {
      type: ['object', 'null'],
      title: 'Tolerance for numbers',
      description:
        'With `compare: tokens` only: how far numbers may be off. Either tolerance suffices; name one of them or both.',
      additionalProperties: false,
      properties: {
        absolute: {
          ...tolerance,
          title: 'Absolute tolerance',
          description: 'The largest |s − a| for a submitted s and an expected a.',
          examples: [1e-6],
        },
        relative: {
          ...tolerance,
          title: 'Relative tolerance',
          description: 'The largest |s − a| as a part of |a|.',
          examples: [1e-6],
        },
      },
      default: null,
      examples: [{ absolute: 1e-6, relative: 1e-6 }],
    },
    exitCode: {
      type: ['integer', 'null'],
      title: 'Exit status',
      description:
        'The expected exit status; another is wrong_answer. Null: 0 is expected, and another is runtime_error.',
      minimum: 0,
      maximum: 255,
      default: null,
      examples: [2],
    },
  },
  examples: [{ stdout: '3\n', compare: 'tokens' }],
};

const programTest: JsonSchema = {
  type: 'object',
  title: 'Program test',
  description: 'Runs the submission once and compares what it wrote.',
  additionalProperties: false,
  required: ['kind', 'name', 'points'],
  properties: {
    kind: { const: 'program', title: 'Kind', description: 'The kind of this test.', examples: ['program'] },
    name: {
      ...name,
      description: 'What people call the test; no two tests share a name.',
      examples: ['adds two numbers'],
    },
    description: {
      type: ['string', 'null'],
      title: 'Description',
      description: 'What the test is about, for readers.',
      maxLength: DOCUMENT_LIMITS.descriptionCharacters,
      default: null,
      examples: ['Both numbers are positive.'],
    },
    points: { ...points, description: 'What the test gives: 0 or more, at most three decimals.', examples: [2] },
    visibility: {
      enum: VISIBILITIES,
      title: 'Visibility',
      description:
        '`visible`; `hidden`: students see name, kind, verdict and points; `secret`: not listed, but counts; `after-due`: ' +
        'hidden until the assignment is due, and for ever when it has no due date.',
      default: 'visible',
      examples: ['hidden'],
    },
    stdin: {
      type: 'string',
      title: 'Standard input',
      description: 'What the program can read from its standard input.',
      maxLength: DOCUMENT_LIMITS.textBytes,
      default: '',
      examples: ['1 2\n'],
    },
    args: {
      type: 'array',
      title: 'Arguments',
      description: 'Arguments of the program, each passed as it is.',
      maxItems: DOCUMENT_LIMITS.args,
      items: {
        type: 'string',
        title: 'Argument',
        description: 'One argument.',
        maxLength: DOCUMENT_LIMITS.argCharacters,
        examples: ['--verbose'],
      },
      default: [],
      examples: [['--count', '3']],
    },
    run: {
      ...command,
      title: 'Command',
      description: 'Run by `/bin/sh -c` inside the sandbox in place of the entrypoint; `args` reach it as "$@".',
      default: null,
      examples: ['python3 main.py < data.csv'],
    },
    expect: expectation,
    limits: limitsSchema('Limits of this test', "Replace single ones of the document's limits.", false),
  },
  examples: [{ kind: 'program', name: 'adds', points: 2, stdin: '1 2\n', expect: { stdout: '3\n' } }],
};

/** The kinds of test that this version grades. To add one: its schema here, and its type in `grading-document.ts`. */
const TEST_SCHEMAS: Readonly<Record<TestKind, JsonSchema>> = {
  program: programTest,
};

/** The keys of that table. */
export const SUPPORTED_TEST_KINDS: readonly string[] = Object.keys(TEST_SCHEMAS);

const test: JsonSchema = {
  type: 'object',
  title: 'Test',
  description: 'One test; `kind` decides what else it holds.',
  required: ['kind'],
  properties: {
    kind: {
      enum: SUPPORTED_TEST_KINDS,
      title: 'Kind',
      description: 'What the test does.',
      examples: ['program'],
    },
  },
  allOf: Object.entries(TEST_SCHEMAS).map(([kind, schema]) => ({
    if: { type: 'object', properties: { kind: { const: kind } }, required: ['kind'] },
    then: schema,
  })),
};

const file: JsonSchema = {
  type: 'object',
  title: 'File',
  description: 'A file laid beside each submission, over it where names clash.',
  additionalProperties: false,
  required: ['path', 'content'],
  properties: {
    path: { ...path, description: 'Relative path with "/" between folders.', examples: ['data.csv'] },
    content: {
      type: 'string',
      title: 'Content',
      description: 'What the file holds, as `encoding` says.',
      maxLength: DOCUMENT_LIMITS.documentBytes,
      examples: ['name,age\nAda,36\n'],
    },
    encoding: {
      enum: ['utf8', 'base64'],
      title: 'Encoding',
      description: '`utf8`: the content is the text; `base64`: its bytes in base64, with padding.',
      default: 'utf8',
      examples: ['base64'],
    },
    hidden: {
      type: 'boolean',
      title: 'Hidden',
      description: 'Never shown to students. Their programs can read it all the same.',
      default: false,
      examples: [true],
    },
    executable: {
      type: 'boolean',
      title: 'Executable',
      description: 'Whether it may be run as a command.',
      default: false,
      examples: [true],
    },
  },
  examples: [{ path: 'data.csv', content: 'name,age\nAda,36\n' }],
};

const group: JsonSchema = {
  type: 'object',
  title: 'Group',
  description: 'Tests that are scored together; the points of the group replace those of its tests.',
  additionalProperties: false,
  required: ['name', 'points', 'scoring', 'tests'],
  properties: {
    name: {
      ...name,
      description: 'What people call the group; no two groups share a name.',
      examples: ['large inputs'],
    },
    points: {
      ...points,
      description: 'What the whole group gives: 0 or more, at most three decimals.',
      examples: [50],
    },
    scoring: {
      enum: GROUP_SCORINGS,
      title: 'Scoring',
      description:
        '`all`: all points when every test passes, else none. `sum`: the part of the points of its tests that was ' +
        'reached. `min`: the part that its worst test reached. `avg`: the mean of the parts that its tests reached.',
      examples: ['all'],
    },
    tests: {
      type: 'array',
      title: 'Tests',
      description: 'Names of its tests. A test is in one group at most.',
      minItems: 1,
      maxItems: DOCUMENT_LIMITS.tests,
      items: { ...name, description: 'Name of a test of this document.', examples: ['a million numbers'] },
      examples: [['a million numbers', 'a long line']],
    },
  },
  examples: [{ name: 'large inputs', points: 50, scoring: 'all', tests: ['a million numbers', 'a long line'] }],
};

const runtime = { type: 'string', minLength: 1, maxLength: 50 };

/**
 * The published schema of grading documents, JSON Schema 2020-12. It holds no `$id` and no `$ref`, so that it can be put
 * into another document, such as an OpenAPI one, as it is. What no schema can say is checked by `parseGradingDocument`:
 * exactly one of `runtime` and `runtimes`, known runtimes, unique names, three decimals, paths, patterns, ceilings, sizes
 * in bytes.
 */
export const gradingDocumentSchema: JsonSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'Grading document',
  description:
    'How submissions to an assignment are graded. Null is the same as leaving a property out, where it is allowed.',
  type: 'object',
  additionalProperties: false,
  required: ['tests'],
  properties: {
    runtime: {
      ...runtime,
      type: ['string', 'null'],
      title: 'Runtime',
      description: 'The runtime of every submission: a key of GET /runtimes. Either this or `runtimes` is required.',
      default: null,
      examples: ['python'],
    },
    runtimes: {
      type: ['array', 'null'],
      title: 'Runtimes',
      description: 'In place of `runtime`: those among which the student chooses.',
      minItems: 1,
      maxItems: DOCUMENT_LIMITS.runtimes,
      items: { ...runtime, title: 'Runtime', description: 'A key of GET /runtimes.', examples: ['node'] },
      default: null,
      examples: [['python', 'node']],
    },
    entrypoint: {
      ...path,
      type: ['string', 'null'],
      title: 'Entrypoint',
      description:
        'The file that a program test runs when it names no `run`. Left out: main.py (python), main.js (node), main.sh ' +
        '(bash); compiled runtimes need none.',
      default: null,
      examples: ['main.py'],
    },
    requiredFiles: {
      type: 'array',
      title: 'Required files',
      description: 'Files without which a submission is refused.',
      maxItems: DOCUMENT_LIMITS.requiredFiles,
      items: { ...path, description: 'Relative path with "/" between folders.', examples: ['main.py'] },
      default: [],
      examples: [['main.py']],
    },
    files: {
      type: 'array',
      title: 'Files',
      description: 'Files laid beside each submission.',
      maxItems: DOCUMENT_LIMITS.files,
      items: file,
      default: [],
      examples: [[{ path: 'data.csv', content: 'name,age\nAda,36\n' }]],
    },
    build: {
      type: ['object', 'null'],
      title: 'Build',
      description:
        'Run once for each submission, before its tests. Left out: the default of the runtime, if it has one.',
      additionalProperties: false,
      required: ['run'],
      properties: {
        run: {
          ...command,
          type: 'string',
          title: 'Command',
          description: 'Run by `/bin/sh -c` inside the sandbox.',
          examples: ['make'],
        },
        timeMs: {
          type: 'integer',
          title: 'CPU time',
          description: 'CPU time of the build, in milliseconds.',
          minimum: 10,
          maximum: 3_600_000,
          default: DEFAULT_BUILD_TIME_MS,
          examples: [20_000],
        },
      },
      default: null,
      examples: [{ run: 'make', timeMs: 10_000 }],
    },
    limits: limitsSchema('Limits', 'What each run of a submission may use, at most what the operator allows.', true),
    runner: {
      enum: ['auto', 'exec'],
      title: 'Runner',
      description: 'How programs are started: `auto` as is fastest, `exec` each as a fresh process.',
      default: 'auto',
      examples: ['auto'],
    },
    reuse: {
      enum: ['submission', 'lane'],
      title: 'Reuse of sandboxes',
      description: '`submission`: a sandbox serves one submission; `lane`: one after the other.',
      default: 'submission',
      examples: ['submission'],
    },
    stopOnFailure: {
      type: 'boolean',
      title: 'Stop at the first failure',
      description: 'Whether the tests after the first that is not accepted are skipped.',
      default: false,
      examples: [false],
    },
    tests: {
      type: 'array',
      title: 'Tests',
      description: 'The tests, in the order in which they run.',
      minItems: 1,
      maxItems: DOCUMENT_LIMITS.tests,
      items: test,
      examples: [[{ kind: 'program', name: 'adds', points: 2, stdin: '1 2\n', expect: { stdout: '3\n' } }]],
    },
    groups: {
      type: 'array',
      title: 'Groups',
      description: 'Tests that are scored together. Tests in no group are scored by themselves.',
      maxItems: DOCUMENT_LIMITS.groups,
      items: group,
      default: [],
      examples: [[{ name: 'large inputs', points: 50, scoring: 'all', tests: ['a million numbers', 'a long line'] }]],
    },
  },
  examples: [
    {
      runtime: 'python',
      entrypoint: 'main.py',
      requiredFiles: ['main.py'],
      tests: [
        { kind: 'program', name: 'adds', points: 2, stdin: '1 2\n', expect: { stdout: '3\n', compare: 'tokens' } },
      ],
    },
  ],
};
