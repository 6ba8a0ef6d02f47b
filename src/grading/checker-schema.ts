import { file } from './file-schema.js';
import { DEFAULT_BUILD_TIME_MS } from './limits.js';
import { command, DOCUMENT_LIMITS, type JsonSchema, limitsSchema, name, path } from './schema-parts.js';
import { testArguments } from './test-schema-parts.js';

/** Which checker judges a test; left out, what the groups around it say, else the document. */
export const checkerProperties = {
  checker: {
    ...name,
    type: ['string', 'null'],
    title: 'Checker',
    description:
      'Name of the checker that judges standard output in place of a comparison; it gets `expect.stdout` as its answer file.',
    default: null,
    examples: ['any order'],
  },
  checkerArgs: {
    ...testArguments,
    title: 'Arguments of the checker',
    description: 'Passed to the checker after its three files.',
  },
} satisfies JsonSchema;

/** A program of the instructor that judges what submissions write. */
export const checker: JsonSchema = {
  type: 'object',
  title: 'Checker',
  description:
    'A program that is started as `checker input answer feedback/ arguments… < output` and ends with 42 (accepted) or 43 (wrong).',
  additionalProperties: false,
  required: ['name', 'runtime', 'files'],
  properties: {
    name: { ...name, description: 'What tests call it; no two checkers share a name.', examples: ['any order'] },
    runtime: {
      type: 'string',
      title: 'Runtime',
      description: 'What it is written in: a key of GET /runtimes.',
      minLength: 1,
      maxLength: 50,
      examples: ['python'],
    },
    entrypoint: {
      ...path,
      type: ['string', 'null'],
      title: 'Entrypoint',
      description: 'The file that is run. Left out: as for submissions in that runtime.',
      default: null,
      examples: ['main.py'],
    },
    files: {
      type: 'array',
      title: 'Files',
      description: 'Its own files. They never come near a submission, and students are not shown them.',
      minItems: 1,
      maxItems: DOCUMENT_LIMITS.files,
      items: file,
      examples: [[{ path: 'main.py', content: 'import sys\nsys.exit(42)\n' }]],
    },
    build: {
      type: ['object', 'null'],
      title: 'Build',
      description:
        'Run once, before it is used for the first time. Left out: the default of its runtime, if it has one.',
      additionalProperties: false,
      required: ['run'],
      properties: {
        run: {
          ...command,
          type: 'string',
          title: 'Command',
          description: 'Run by `/bin/sh -c` inside a sandbox.',
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
    interactive: {
      type: 'boolean',
      title: 'Interactive',
      description:
        'Whether it talks with the submission while both run: what each writes to standard output the other can read.',
      default: false,
      examples: [true],
    },
    limits: limitsSchema(
      'Limits of the checker',
      'What one run of it may use. Left out: 20 s of CPU time, 1024 MiB, or what the operator allows. There is no network.',
      false,
    ),
  },
  examples: [
    { name: 'any order', runtime: 'python', files: [{ path: 'main.py', content: 'import sys\nsys.exit(42)\n' }] },
  ],
};
