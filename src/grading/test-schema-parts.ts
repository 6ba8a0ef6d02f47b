import { testFeedback } from './feedback-schema.js';
import { VISIBILITIES } from './grading-document.js';
import { DOCUMENT_LIMITS, type JsonSchema, name, points } from './schema-parts.js';

/** Who sees what of a test; left out, what the groups around the test say, else `visible`. */
export const visibility: JsonSchema = {
  enum: VISIBILITIES,
  title: 'Visibility',
  description:
    '`visible`; `hidden`: students see name, kind, verdict and points; `secret`: not listed, but counts; `after-due`: ' +
    'hidden until the assignment is due, and for ever when it has no due date.',
  examples: ['hidden'],
};

/** What tests of all kinds hold besides their kind. */
export const commonTestProperties: JsonSchema = {
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
  visibility: { ...visibility, default: 'visible' },
  feedback: testFeedback,
};

/** What a test passes to the program that it runs. */
export const testArguments: JsonSchema = {
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
};
