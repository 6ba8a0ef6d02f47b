import { FEEDBACK_PARTS } from './grading-document.js';
import { DOCUMENT_LIMITS, type JsonSchema } from './schema-parts.js';

const PARTS =
  '`name`: its name, else it is "Test 1" and so on. `score`: verdict and points. `output`: what the program wrote, how it ' +
  'ended, time and memory. `message`: why, and its cases; without `expected` nothing is quoted. `expected`: the expected ' +
  'output, and the test itself in the assignment. `hint`: the hint. None: the test is not listed, but counts.';

const parts: JsonSchema = {
  type: ['array', 'null'],
  uniqueItems: true,
  maxItems: FEEDBACK_PARTS.length,
  items: { enum: FEEDBACK_PARTS, title: 'Part', description: 'One part of a result.', examples: ['score'] },
};

const moments: JsonSchema = {
  now: {
    ...parts,
    title: 'Now',
    description: `What students see before the assignment is due. ${PARTS}`,
    examples: [['name', 'score', 'output']],
  },
  afterDue: {
    ...parts,
    title: 'After due',
    description: 'What they see from then on; left out: the same as `now`. Without a due date that moment never comes.',
    examples: [['name', 'score', 'output', 'message', 'expected']],
  },
};

/** What students see of the tests of a document or of a group that do not say so themselves. */
export const inheritedFeedback: JsonSchema = {
  type: ['object', 'null'],
  title: 'Feedback',
  description: 'What students see of the results of all tests in it that say neither `visibility` nor `feedback`.',
  additionalProperties: false,
  properties: moments,
  examples: [{ now: ['name', 'score', 'output'] }],
};

/** What students see of a test. */
export const testFeedback: JsonSchema = {
  type: ['object', 'null'],
  title: 'Feedback',
  description:
    'What students see of the result, and when, part by part. Stands over `visibility`, which names the usual cases.',
  additionalProperties: false,
  properties: {
    ...moments,
    hint: {
      type: ['string', 'null'],
      title: 'Hint',
      description: 'Shown where the test is not accepted, if `hint` is among the parts that are shown.',
      minLength: 1,
      maxLength: DOCUMENT_LIMITS.descriptionCharacters,
      default: null,
      examples: ['What is the mean of no numbers at all?'],
    },
  },
  default: null,
  examples: [{ now: ['name', 'score', 'output', 'hint'], hint: 'What is the mean of no numbers at all?' }],
};
