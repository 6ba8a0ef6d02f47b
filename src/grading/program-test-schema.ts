import { checkerProperties } from './checker-schema.js';
import { COMPARE_MODES } from './compare-options.js';
import { command, DOCUMENT_LIMITS, expectedText, type JsonSchema, limitsSchema, tolerance } from './schema-parts.js';
import { commonTestProperties, testArguments } from './test-schema-parts.js';

/** How output is compared: of a test, and, for tests that name no `compare`, of the groups around them. */
export const compareProperties = {
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
} satisfies JsonSchema;

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
    ...compareProperties,
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

/** A test of the kind `program`. */
export const programTest: JsonSchema = {
  type: 'object',
  title: 'Program test',
  description: 'Runs the submission once and compares what it wrote.',
  additionalProperties: false,
  required: ['kind', 'name', 'points'],
  properties: {
    kind: { const: 'program', title: 'Kind', description: 'The kind of this test.', examples: ['program'] },
    ...commonTestProperties,
    stdin: {
      type: 'string',
      title: 'Standard input',
      description: 'What the program can read from its standard input.',
      maxLength: DOCUMENT_LIMITS.textBytes,
      default: '',
      examples: ['1 2\n'],
    },
    args: testArguments,
    run: {
      ...command,
      title: 'Command',
      description: 'Run by `/bin/sh -c` inside the sandbox in place of the entrypoint; `args` reach it as "$@".',
      default: null,
      examples: ['python3 main.py < data.csv'],
    },
    expect: expectation,
    ...checkerProperties,
    limits: limitsSchema('Limits of this test', "Replace single ones of the document's limits.", false),
  },
  examples: [{ kind: 'program', name: 'adds', points: 2, stdin: '1 2\n', expect: { stdout: '3\n' } }],
};
