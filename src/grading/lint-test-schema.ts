import { LINT_TOOLS, SHELL_DIALECTS } from './grading-document.js';
import { type JsonSchema, limitsSchema, path, points } from './schema-parts.js';
import { commonTestProperties } from './test-schema-parts.js';

/** Bounds of a `lint` test. */
const MOST_PATTERNS = 20;
const MOST_RULES = 200;
const MOST_DEDUCTIONS = 50;
const RULE_CHARACTERS = 100;
const PATTERN_CHARACTERS = 200;

const pathPattern: JsonSchema = {
  type: 'string',
  title: 'Pattern of paths',
  description: '`*` and `?` within a name, `**` for any number of folders.',
  minLength: 1,
  maxLength: PATTERN_CHARACTERS,
  examples: ['src/**/*.py'],
};

const rulePattern: JsonSchema = {
  type: 'string',
  title: 'Pattern of rules',
  description: 'The name of a rule, or with `*` for any part of it.',
  minLength: 1,
  maxLength: RULE_CHARACTERS,
  examples: ['E5*'],
};

function pathPatterns(title: string, description: string, example: string): JsonSchema {
  return {
    type: 'array',
    title,
    description,
    maxItems: MOST_PATTERNS,
    items: pathPattern,
    default: [],
    examples: [[example]],
  };
}

function rulePatterns(title: string, description: string, example: string): JsonSchema {
  return { type: 'array', title, description, maxItems: MOST_RULES, items: rulePattern, examples: [[example]] };
}

const deduction: JsonSchema = {
  type: 'object',
  title: 'Deduction',
  description: 'What findings of some rules cost.',
  additionalProperties: false,
  required: ['match', 'points'],
  properties: {
    match: { ...rulePattern, description: 'The rule that it is about, or with `*` for any part of its name.' },
    points: { ...points, description: 'What each finding takes off.', examples: [0.5] },
    max: {
      ...points,
      type: ['number', 'null'],
      title: 'Most',
      description: 'The most that they take off together. Null: as much as there are.',
      default: null,
      examples: [2],
    },
  },
  examples: [{ match: 'E5*', points: 0.5, max: 2 }],
};

const fileRules: JsonSchema = {
  type: ['object', 'null'],
  title: 'Rules for files',
  description: 'What the tool `files` asks of the submission; required with it.',
  additionalProperties: false,
  properties: {
    required: pathPatterns('Required', 'There is a file for each pattern.', 'README.md'),
    forbidden: pathPatterns('Forbidden', 'There is no such file.', '**/*.pyc'),
    shebang: pathPatterns('Shebang', 'Such files begin with `#!` and an absolute path.', '**/*.sh'),
    executable: pathPatterns('Executable', 'Such files are executable. Only archives can say so.', '**/*.sh'),
    finalNewline: pathPatterns('Final newline', 'Such files end with a line feed, and are not empty.', '**/*.py'),
  },
  default: null,
  examples: [{ required: ['README.md'], shebang: ['**/*.sh'] }],
};

/** A test of the kind `lint`. */
export const lintTest: JsonSchema = {
  type: 'object',
  title: 'Lint test',
  description: 'Looks at the files as they were handed in, before any build. No code of students runs.',
  additionalProperties: false,
  required: ['kind', 'name', 'points', 'tool'],
  properties: {
    kind: { const: 'lint', title: 'Kind', description: 'The kind of this test.', examples: ['lint'] },
    ...commonTestProperties,
    tool: {
      enum: LINT_TOOLS,
      title: 'Tool',
      description:
        '`pycodestyle`: PEP 8. `docstrings`: docstrings of Python, D100 to D107. `eslint`: JavaScript. `shellcheck`: shell ' +
        "scripts. `dockerfile`: Dockerfiles, by rules of Assay's own. `files`: which files there are, and their form.",
      examples: ['pycodestyle'],
    },
    paths: {
      type: 'array',
      title: 'Paths',
      description: 'Patterns of the files to check. Left out or empty: those of the language of the tool.',
      maxItems: MOST_PATTERNS,
      items: pathPattern,
      examples: [['**/*.py']],
    },
    exclude: pathPatterns(
      'Exclude',
      'Patterns of files that are not checked, though `paths` name them.',
      'migrations/**',
    ),
    select: {
      ...rulePatterns('Select', 'Rules whose findings count.', 'E*'),
      minItems: 1,
      default: ['*'],
    },
    ignore: rulePatterns(
      'Ignore',
      'Rules whose findings do not count. Left out: those that the tool ignores by itself.',
      'W503',
    ),
    inlineDisable: {
      type: 'boolean',
      title: 'Inline disable',
      description: 'Whether comments of students may switch rules off, such as `# noqa`.',
      default: false,
      examples: [true],
    },
    maxLineLength: {
      type: ['integer', 'null'],
      title: 'Line length',
      description: 'With `pycodestyle`: the characters that a line may have; 79 when left out.',
      minimum: 20,
      maximum: 1000,
      default: null,
      examples: [100],
    },
    shell: {
      enum: [...SHELL_DIALECTS, null],
      title: 'Shell',
      description: 'With `shellcheck`: the shell that scripts are for. Left out: as the first line of each says.',
      default: null,
      examples: ['bash'],
    },
    config: {
      ...path,
      type: ['string', 'null'],
      title: 'Configuration',
      description:
        'With `eslint`: which of `files` configures it, as a flat configuration. Left out: its recommended rules, and the ' +
        "globals of Node.js. The student's own configuration is never used.",
      default: null,
      examples: ['eslint.config.mjs'],
    },
    rules: {
      type: ['object', 'null'],
      title: 'Rules',
      description: 'With `eslint`: rules over those of the configuration.',
      maxProperties: MOST_RULES,
      additionalProperties: { type: ['string', 'integer', 'array'] },
      default: null,
      examples: [{ eqeqeq: 'error', 'max-depth': ['error', 3] }],
    },
    files: fileRules,
    deductions: {
      type: 'array',
      title: 'Deductions',
      description:
        'What findings cost: the first whose `match` is their rule; findings that none matches cost nothing. Empty: any ' +
        'finding costs all points.',
      maxItems: MOST_DEDUCTIONS,
      items: deduction,
      default: [],
      examples: [[{ match: 'E5*', points: 0.5, max: 2 }]],
    },
    floor: {
      ...points,
      title: 'Floor',
      description: 'What a submission keeps that could be checked, whatever was found.',
      default: 0,
      examples: [1],
    },
    limits: limitsSchema(
      'Limits of this test',
      'What the tool may use. Left out: 10 s of CPU time and 512 MiB, as far as the operator allows it.',
      false,
    ),
  },
  examples: [{ kind: 'lint', name: 'style', points: 1, tool: 'pycodestyle' }],
};
