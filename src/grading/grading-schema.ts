import { commandTest } from './command-test-schema.js';
import type { TestKind } from './grading-document.js';
import { checker, checkerProperties } from './checker-schema.js';
import { inheritedFeedback } from './feedback-schema.js';
import { file } from './file-schema.js';
import { group } from './group-schema.js';
import { httpTest } from './http/http-test-schema.js';
import { DEFAULT_BUILD_TIME_MS } from './limits.js';
import { lintTest } from './lint-test-schema.js';
import { mutationTest } from './mutation-test-schema.js';
import { programTest } from './program-test-schema.js';
import { command, DOCUMENT_LIMITS, type JsonSchema, limitsSchema, path } from './schema-parts.js';
import { servicesSchema } from './services.js';
import { sqlTest } from './sql/sql-test-schema.js';
import { unitTest } from './unit-test-schema.js';

/** The kinds of test. To add one: its schema here, and its type in `grading-document.ts`. */
const TEST_SCHEMAS: Readonly<Record<TestKind, JsonSchema>> = {
  program: programTest,
  http: httpTest,
  command: commandTest,
  unit: unitTest,
  lint: lintTest,
  sql: sqlTest,
  mutation: mutationTest,
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
    services: servicesSchema,
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
      description:
        '`submission`: namespaces of its own for each submission. `lane`: user and network namespaces serve one after the ' +
        'other, which is faster. Processes, files and memory are new for each test either way.',
      default: 'submission',
      examples: ['submission'],
    },
    systemSitePackages: {
      type: 'boolean',
      title: 'System site packages',
      description:
        'Whether Python programs may import the packages that are installed on the grading machine, besides the standard ' +
        'library. They make each start of the interpreter slower.',
      default: false,
      examples: [true],
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
      description:
        'Tests and groups that are scored together. Tests in no group are scored by themselves. See docs/grading-groups.md.',
      maxItems: DOCUMENT_LIMITS.groups,
      items: group,
      default: [],
      examples: [[{ name: 'large inputs', points: 50, scoring: 'all', tests: ['a million numbers', 'a long line'] }]],
    },
    checkers: {
      type: 'array',
      title: 'Checkers',
      description:
        'Programs of yours that judge what submissions write, by the protocol of output validators. See docs/grading-checkers.md.',
      maxItems: DOCUMENT_LIMITS.checkers,
      items: checker,
      default: [],
      examples: [[{ name: 'any order', runtime: 'python', files: [{ path: 'main.py', content: '…' }] }]],
    },
    ...checkerProperties,
    feedback: inheritedFeedback,
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
