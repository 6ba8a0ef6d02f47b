import { IN_PROCESS_FRAMEWORKS, REPORT_FORMATS } from './grading-document.js';
import {
  command,
  DOCUMENT_LIMITS,
  type JsonSchema,
  limitsSchema,
  name,
  path,
  points,
  tolerance,
} from './schema-parts.js';
import { commonTestProperties, testArguments } from './test-schema-parts.js';

/** Bounds of a `unit` test. */
export const UNIT_LIMITS = {
  testFiles: 100,
  cases: 1_000,
  calls: 200,
  steps: 50,
  arguments: 50,
  nameCharacters: 200,
} as const;

const dotted = { type: ['string', 'null'], minLength: 1, maxLength: UNIT_LIMITS.nameCharacters };

const expectation: JsonSchema = {
  type: 'object',
  title: 'Expectation',
  description: 'What it must come to. Left out: it must not raise an exception.',
  additionalProperties: false,
  properties: {
    value: {
      title: 'Value',
      description:
        'What it returns. Beside JSON: `{"$tuple": […]}`, `{"$set": […]}`, `{"$map": [[key, value], …]}`, `{"$bytes": base64}`, ' +
        '`{"$int": "123…"}`, `{"$float": "nan" | "inf" | "-inf"}`, `{"$undefined": true}` and ' +
        '`{"$object": {"class": name, "fields": {…}}}`.',
      examples: [{ $tuple: [1, 'a'] }],
    },
    raises: {
      type: ['string', 'object', 'null'],
      title: 'Exception',
      description: 'The class of the exception that it raises, or one above it; with `message` a part of its text.',
      maxLength: UNIT_LIMITS.nameCharacters,
      additionalProperties: false,
      properties: {
        type: { ...dotted, title: 'Class', description: 'Name of the class.', default: null, examples: ['ValueError'] },
        message: {
          type: ['string', 'null'],
          title: 'Message',
          description: 'A part of the message.',
          maxLength: 1_000,
          default: null,
          examples: ['empty'],
        },
      },
      default: null,
      examples: ['ValueError'],
    },
    stdout: {
      type: ['string', 'null'],
      title: 'Standard output',
      description: 'What the process of the call writes, white space at ends of lines aside. Of the last step only.',
      maxLength: DOCUMENT_LIMITS.textBytes,
      default: null,
      examples: ['3\n'],
    },
    args: {
      type: ['array', 'null'],
      title: 'Arguments afterwards',
      description: 'What has become of its positional arguments, for functions that change them.',
      maxItems: UNIT_LIMITS.arguments,
      default: null,
      examples: [[[1, 2, 3]]],
    },
    floatTolerance: {
      type: ['object', 'null'],
      title: 'Tolerance for numbers',
      description: 'How far numbers anywhere in the value may be off.',
      additionalProperties: false,
      properties: {
        absolute: { ...tolerance, title: 'Absolute', description: 'Largest difference.', examples: [1e-6] },
        relative: {
          ...tolerance,
          title: 'Relative',
          description: 'Largest difference, as a part of the expected number.',
          examples: [1e-6],
        },
      },
      default: null,
      examples: [{ absolute: 1e-6 }],
    },
  },
  examples: [{ value: 2.5 }],
};

const stepProperties: JsonSchema = {
  call: {
    ...dotted,
    title: 'Function',
    description: 'A function of the module, or `NAME.method` of what an earlier step named with `as`.',
    default: null,
    examples: ['mean'],
  },
  new: {
    ...dotted,
    title: 'Class',
    description: 'A class of the module, to make an object of.',
    default: null,
    examples: ['Stack'],
  },
  get: {
    ...dotted,
    title: 'Attribute',
    description: 'An attribute or a property to read.',
    default: null,
    examples: ['stack.size'],
  },
  args: {
    type: 'array',
    title: 'Arguments',
    description: 'Positional arguments, as values. The submission sees them.',
    maxItems: UNIT_LIMITS.arguments,
    default: [],
    examples: [[[1, 2, 3]]],
  },
  kwargs: {
    type: 'object',
    title: 'Keyword arguments',
    description: 'Keyword arguments, in Python.',
    maxProperties: UNIT_LIMITS.arguments,
    additionalProperties: true,
    default: {},
    examples: [{ key: 'a' }],
  },
  as: {
    type: ['string', 'null'],
    title: 'Name',
    description: 'What later steps of the same call say for what this one gave.',
    minLength: 1,
    maxLength: 50,
    default: null,
    examples: ['stack'],
  },
  expect: expectation,
};

const call: JsonSchema = {
  type: 'object',
  title: 'Call',
  description: 'One case: a single step, or `steps` in one process.',
  additionalProperties: false,
  required: ['name'],
  properties: {
    name: { ...name, description: 'What people call the case; no two of a test share it.', examples: ['mean of two'] },
    points: {
      ...points,
      type: ['number', 'null'],
      description: 'Its part of the points of the test, in all calls or in none.',
      default: null,
      examples: [1],
    },
    stdin: {
      type: 'string',
      title: 'Standard input',
      description: 'What the process can read.',
      maxLength: DOCUMENT_LIMITS.textBytes,
      default: '',
      examples: ['1 2\n'],
    },
    ...stepProperties,
    steps: {
      type: 'array',
      title: 'Steps',
      description: 'In place of a single step: several, one after the other.',
      minItems: 1,
      maxItems: UNIT_LIMITS.steps,
      items: {
        type: 'object',
        title: 'Step',
        description: 'One of `call`, `new` and `get`.',
        additionalProperties: false,
        properties: stepProperties,
        examples: [{ new: 'Stack', as: 'stack' }],
      },
      examples: [
        [
          { new: 'Stack', as: 'stack' },
          { call: 'stack.push', args: [1] },
          { call: 'stack.pop', expect: { value: 1 } },
        ],
      ],
    },
  },
  examples: [{ name: 'mean of two', call: 'mean', args: [[1, 2]], expect: { value: 1.5 } }],
};

/** A test of the kind `unit`. Which properties go together is checked when a document is parsed. */
export const unitTest: JsonSchema = {
  type: 'object',
  title: 'Unit test',
  description:
    'Each case of a test framework, or, with `isolated`, each call of a function becomes a line of the result and has its part ' +
    'of the points.',
  additionalProperties: false,
  required: ['kind', 'name', 'points'],
  properties: {
    kind: { const: 'unit', title: 'Kind', description: 'The kind of this test.', examples: ['unit'] },
    ...commonTestProperties,
    framework: {
      enum: [...IN_PROCESS_FRAMEWORKS, ...REPORT_FORMATS, null],
      title: 'Framework',
      description:
        'Which framework runs the tests. `junit-xml` and `tap`: any, started by `run`, that leaves such results. Null with `isolated`.',
      examples: ['pytest'],
    },
    testFiles: {
      type: 'array',
      title: 'Test files',
      description: "Their paths. Left out: those of the document's files that are named as the framework's tests are.",
      minItems: 1,
      maxItems: UNIT_LIMITS.testFiles,
      items: { ...path, description: 'Relative path with "/" between folders.', examples: ['test_calc.py'] },
      examples: [['test_calc.py']],
    },
    testsFrom: {
      enum: ['document', 'submission'],
      title: 'Whose tests',
      description: '`document`: the test files are among its `files`. `submission`: the student writes them.',
      default: 'document',
      examples: ['document'],
    },
    run: {
      ...command,
      title: 'Command',
      description:
        'With `junit-xml` and `tap`: run by `/bin/sh -c` inside the sandbox, in the folder of the submission.',
      default: null,
      examples: ['make -s test'],
    },
    args: testArguments,
    output: {
      ...path,
      type: ['string', 'null'],
      title: 'Results file',
      description: 'With `junit-xml` and `tap`: where the results lie. Left out: standard output.',
      default: null,
      examples: ['reports/*.xml'],
    },
    perCase: {
      type: ['object', 'null'],
      title: 'Points of cases',
      description:
        'Points by the name of a case, or by its last part; they add up to the points of the test. Cases that are not named give ' +
        'none, and must pass all the same. Left out: all weigh the same.',
      maxProperties: UNIT_LIMITS.cases,
      additionalProperties: { ...points, description: 'Points of the case.', examples: [2] },
      default: null,
      examples: [{ test_adds: 4, test_divides: 6 }],
    },
    expectedCases: {
      type: ['object', 'null'],
      title: 'Expected cases',
      description:
        'Which cases there have to be, and no others. Left out: those that stand in the test files of the document.',
      additionalProperties: false,
      properties: {
        names: {
          type: 'array',
          title: 'Names',
          description: 'Their names, or the last parts of these.',
          maxItems: UNIT_LIMITS.cases,
          items: { ...name, description: 'Name of a case.', examples: ['test_adds'] },
          default: [],
          examples: [['test_adds']],
        },
        count: {
          type: ['integer', 'null'],
          title: 'Count',
          description: 'How many there are, skipped ones not counted.',
          minimum: 1,
          maximum: UNIT_LIMITS.cases,
          default: null,
          examples: [4],
        },
      },
      default: null,
      examples: [{ count: 4 }],
    },
    isolated: {
      type: 'boolean',
      title: 'Isolated',
      description:
        'True: no framework. `calls` are made in a process of the submission, and what they return is compared outside of it.',
      default: false,
      examples: [true],
    },
    module: {
      ...path,
      type: ['string', 'null'],
      title: 'Module',
      description: 'With `isolated`: the file whose functions are called. Left out: the entrypoint.',
      default: null,
      examples: ['stats.py'],
    },
    calls: {
      type: 'array',
      title: 'Calls',
      description: 'With `isolated`: the cases.',
      minItems: 1,
      maxItems: UNIT_LIMITS.calls,
      items: call,
      examples: [[{ name: 'mean of two', call: 'mean', args: [[1, 2]], expect: { value: 1.5 } }]],
    },
    freshProcess: {
      type: 'boolean',
      title: 'Fresh process',
      description: 'With `isolated`. True: each call has a process of its own. False: one process, which is faster.',
      default: true,
      examples: [false],
    },
    limits: limitsSchema(
      'Limits of this test',
      "Replace single ones of the document's limits. What neither names is enough for the framework to start.",
      false,
    ),
    tamperProof: {
      type: 'boolean',
      title: 'Tamper-proof',
      description: 'Says what `isolated` makes it: whether code of students has no way to the judgement.',
      examples: [false],
    },
  },
  examples: [{ kind: 'unit', name: 'unit tests', points: 10, framework: 'pytest', testFiles: ['test_calc.py'] }],
};
