import { COMMAND_FORMATS } from './grading-document.js';
import { command, type JsonSchema, limitsSchema, path } from './schema-parts.js';
import { commonTestProperties, testArguments } from './test-schema-parts.js';

/** A test of the kind `command`. */
export const commandTest: JsonSchema = {
  type: 'object',
  title: 'Command test',
  description: 'Runs a command of the instructor beside the submission, and takes its word for how the submission did.',
  additionalProperties: false,
  required: ['kind', 'name', 'points', 'run'],
  properties: {
    kind: { const: 'command', title: 'Kind', description: 'The kind of this test.', examples: ['command'] },
    ...commonTestProperties,
    run: {
      ...command,
      type: 'string',
      title: 'Command',
      description:
        'Run by `/bin/sh -c` inside the sandbox, in the folder of the submission; `args` reach it as "$@". The files of the ' +
        'document lie there, and, where no program can change them, in `/grader`.',
      examples: ['sh /grader/grade.sh'],
    },
    args: testArguments,
    format: {
      enum: COMMAND_FORMATS,
      title: 'Format',
      description:
        'What the command leaves. `exit-code`: exit status 0 gives all points. `gradescope`: a results.json. `junit-xml`: ' +
        'JUnit XML. `tap`: Test Anything Protocol, versions 12 to 14.',
      default: 'exit-code',
      examples: ['gradescope'],
    },
    output: {
      ...path,
      type: ['string', 'null'],
      title: 'Results file',
      description:
        'Where the command leaves its results, relative to the submission. With `junit-xml` a pattern of the shell that may ' +
        'name several. Left out: results/results.json with `gradescope`, standard output with `junit-xml` and `tap`.',
      default: null,
      examples: ['results/results.json'],
    },
    expect: {
      type: 'object',
      title: 'Expectation',
      description: 'How the command must end.',
      additionalProperties: false,
      properties: {
        exitCode: {
          type: ['integer', 'null'],
          title: 'Exit status',
          description:
            'The expected exit status; another is wrong_answer. Null: 0 with `exit-code`; with the other formats the ' +
            'results decide.',
          minimum: 0,
          maximum: 255,
          default: null,
          examples: [42],
        },
      },
      examples: [{ exitCode: 42 }],
    },
    limits: limitsSchema('Limits of this test', "Replace single ones of the document's limits.", false),
    tamperProof: {
      const: false,
      title: 'Tamper-proof',
      description: 'Always false: code of students that runs beside the command could forge what it reports.',
      default: false,
      examples: [false],
    },
  },
  examples: [{ kind: 'command', name: 'custom', points: 20, run: './grade.sh', format: 'gradescope' }],
};
