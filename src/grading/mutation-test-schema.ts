import { MUTANT_DISCLOSURES, MUTATION_FRAMEWORKS } from './grading-document.js';
import { command, DOCUMENT_LIMITS, type JsonSchema, limitsSchema, path } from './schema-parts.js';
import { commonTestProperties } from './test-schema-parts.js';

/** Bounds of a `mutation` test. */
const MOST_MUTANTS = 100;
const MOST_PATTERNS = 20;
const MOST_PARTS = 20;
const ID_CHARACTERS = 150;

const id: JsonSchema = {
  type: 'string',
  title: 'Id',
  description: 'What the mutant is called; no two of a test share one.',
  minLength: 1,
  maxLength: ID_CHARACTERS,
  examples: ['off by one'],
};

const text: JsonSchema = { type: 'string', maxLength: DOCUMENT_LIMITS.textBytes };
const mutatedPath: JsonSchema = { ...path, description: 'Path of a file of the reference.', examples: ['calc.py'] };

const mutant: JsonSchema = {
  type: 'object',
  title: 'Mutant',
  description: 'The reference solution with a fault in it: whole files, single texts, or both.',
  additionalProperties: false,
  required: ['id'],
  properties: {
    id,
    description: {
      type: ['string', 'null'],
      title: 'Description',
      description: 'What is wrong with it. Shown with `show: diffs`.',
      maxLength: 200,
      default: null,
      examples: ['forgets the last element'],
    },
    files: {
      type: 'array',
      title: 'Files',
      description: 'Whole files in place of those of the reference.',
      maxItems: MOST_PARTS,
      items: {
        type: 'object',
        title: 'Mutated file',
        description: 'A file in place of one of the reference.',
        additionalProperties: false,
        required: ['path', 'content'],
        properties: {
          path: mutatedPath,
          content: { ...text, title: 'Content', description: 'What the file holds.', examples: ['x = 2\n'] },
        },
        examples: [{ path: 'calc.py', content: 'def add(a, b):\n    return a - b\n' }],
      },
      default: [],
      examples: [[{ path: 'calc.py', content: 'def add(a, b):\n    return a - b\n' }]],
    },
    replace: {
      type: 'array',
      title: 'Replacements',
      description: 'Texts of the reference, and what stands there instead.',
      maxItems: MOST_PARTS,
      items: {
        type: 'object',
        title: 'Replacement',
        description: 'A text that stands once in a file of the reference.',
        additionalProperties: false,
        required: ['path', 'find', 'with'],
        properties: {
          path: mutatedPath,
          find: { ...text, title: 'Text', description: 'What stands there, once.', minLength: 1, examples: ['a + b'] },
          with: { ...text, title: 'Instead', description: 'What stands there instead.', examples: ['a - b'] },
        },
        examples: [{ path: 'calc.py', find: 'a + b', with: 'a - b' }],
      },
      default: [],
      examples: [[{ path: 'calc.py', find: 'a + b', with: 'a - b' }]],
    },
  },
  examples: [{ id: 'subtracts', replace: [{ path: 'calc.py', find: 'a + b', with: 'a - b' }] }],
};

/** A test of the kind `mutation`. */
export const mutationTest: JsonSchema = {
  type: 'object',
  title: 'Mutation test',
  description:
    'The submission is a test suite. It must pass the reference solution, and is scored by the share of mutants, which are ' +
    'the reference with a fault each, that it does not pass.',
  additionalProperties: false,
  required: ['kind', 'name', 'points', 'reference'],
  properties: {
    kind: { const: 'mutation', title: 'Kind', description: 'The kind of this test.', examples: ['mutation'] },
    ...commonTestProperties,
    framework: {
      enum: [...MUTATION_FRAMEWORKS, null],
      title: 'Framework',
      description: 'What runs the suite. Either this or `run` is required.',
      default: null,
      examples: ['pytest'],
    },
    run: {
      ...command,
      title: 'Command',
      description:
        'In place of `framework`: run by `/bin/sh -c` inside the sandbox; the files of the suite reach it as "$@". Exit ' +
        'status 0 says that the suite passed.',
      default: null,
      examples: ['prove "$@"'],
    },
    suite: {
      type: 'array',
      title: 'Suite',
      description:
        'Patterns of the files that are the suite: `*` and `?` within a name, `**` for any number of folders. Left out or ' +
        "empty: the framework's usual names.",
      maxItems: MOST_PATTERNS,
      items: {
        type: 'string',
        title: 'Pattern of paths',
        description: 'Which files of the submission belong to the suite.',
        minLength: 1,
        maxLength: 200,
        examples: ['tests/test_*.py'],
      },
      examples: [['test_*.py']],
    },
    reference: {
      type: 'array',
      title: 'Reference',
      description:
        'Which of `files` are the reference solution. Where one of them is `hidden`, nothing that the suite prints is shown.',
      minItems: 1,
      maxItems: MOST_PARTS,
      items: { ...path, description: 'Path of one of `files`.', examples: ['calc.py'] },
      examples: [['calc.py']],
    },
    mutants: {
      type: 'array',
      title: 'Mutants',
      description: 'Mutants by your own hand. Never shown to students.',
      maxItems: MOST_MUTANTS,
      items: mutant,
      default: [],
      examples: [[{ id: 'subtracts', replace: [{ path: 'calc.py', find: 'a + b', with: 'a - b' }] }]],
    },
    generate: {
      type: ['object', 'null'],
      title: 'Generate',
      description:
        'Mutants made from the reference, of Python and JavaScript. Left out: 30 of them where `mutants` is empty, else none.',
      additionalProperties: false,
      properties: {
        max: {
          type: 'integer',
          title: 'Most',
          description: 'How many; always the same of those that there could be.',
          minimum: 1,
          maximum: MOST_MUTANTS,
          default: 30,
          examples: [50],
        },
      },
      examples: [{ max: 50 }],
    },
    exclude: {
      type: 'array',
      title: 'Exclude',
      description: 'Ids of mutants that do not count, such as those that no test can tell from the reference.',
      maxItems: 500,
      items: { ...id, description: 'Id of a mutant.', examples: ['calc.py:12:compare-1'] },
      default: [],
      examples: [['calc.py:12:compare-1']],
    },
    show: {
      enum: MUTANT_DISCLOSURES,
      title: 'Show',
      description:
        'What students are told of mutants, where they may see the test. `none`; `count`: how many were found; `names`: which; ' +
        '`diffs`: how they differ from the reference, too. Staff see all.',
      default: 'count',
      examples: ['names'],
    },
    minTests: {
      type: 'integer',
      title: 'Fewest tests',
      description: 'How many tests the suite must have, as the framework counts those that pass the reference.',
      minimum: 0,
      maximum: 1000,
      default: 1,
      examples: [5],
    },
    target: {
      type: 'number',
      title: 'Target',
      description: 'The share of the mutants that gives all points.',
      minimum: 0.01,
      maximum: 1,
      default: 1,
      examples: [0.9],
    },
    limits: limitsSchema(
      'Limits of this test',
      'What each run of the suite may use. Left out: 10 s of CPU time and 512 MiB, as far as the operator allows it.',
      false,
    ),
    tamperProof: {
      const: false,
      title: 'Tamper-proof',
      description: 'Always false: a suite could look at the source in place of testing it.',
      default: false,
      examples: [false],
    },
  },
  examples: [{ kind: 'mutation', name: 'suite', points: 10, framework: 'pytest', reference: ['calc.py'] }],
};
