import { checkerProperties } from './checker-schema.js';
import { inheritedFeedback } from './feedback-schema.js';
import { GROUP_SCORINGS, GROUP_VERDICTS, REJECT_POLICIES } from './grading-document.js';
import { compareProperties } from './program-test-schema.js';
import { DOCUMENT_LIMITS, type JsonSchema, limitsSchema, name, points } from './schema-parts.js';
import { visibility } from './test-schema-parts.js';

/** What the tests of a group have where they do not say otherwise. */
const settings: JsonSchema = {
  limits: limitsSchema(
    'Limits of its tests',
    "Replace single ones of the document's limits for all tests in it; those that a test or an inner group names come first.",
    false,
  ),
  visibility: { ...visibility, description: `Of all tests in it that name none. ${String(visibility['description'])}` },
  feedback: inheritedFeedback,
  expect: {
    type: 'object',
    title: 'Comparison in its tests',
    description: 'How program tests in it that name no `compare` compare output.',
    additionalProperties: false,
    properties: compareProperties,
    examples: [{ compare: 'tokens', floatTolerance: { absolute: 1e-6 } }],
  },
  ...checkerProperties,
};

const range: JsonSchema = {
  type: ['object', 'null'],
  title: 'Range',
  description: 'Only where `points` is null: what the group gives is kept within, and `max` is what it can give.',
  additionalProperties: false,
  required: ['min', 'max'],
  properties: {
    min: { ...points, title: 'Least', description: 'It gives no less, once a test in it ran.', examples: [0] },
    max: { ...points, title: 'Most', description: 'It gives no more.', examples: [25] },
  },
  default: null,
  examples: [{ min: 0, max: 25 }],
};

/** Tests and groups that are scored together. */
export const group: JsonSchema = {
  type: 'object',
  title: 'Group',
  description: 'Tests and groups that are scored together; the points of the group replace those of its members.',
  additionalProperties: false,
  required: ['name', 'points', 'scoring'],
  properties: {
    name: {
      ...name,
      description: 'What people call the group; no two groups share a name.',
      examples: ['large inputs'],
    },
    points: {
      ...points,
      type: ['number', 'null'],
      description:
        'What the whole group gives: 0 or more, at most three decimals; the points of its members are then weights. Null: ' +
        'the points of its members are taken as they are.',
      examples: [50],
    },
    scoring: {
      enum: GROUP_SCORINGS,
      title: 'Scoring',
      description:
        '`all`: all points when the group is accepted, else none. `sum`: the part of the points of its members that was ' +
        'reached. `min`: the part that its worst member reached, `max`: its best. `avg`: the mean of the parts that its ' +
        'members reached. Where `points` is null: the sum, least, greatest or mean of the points themselves.',
      examples: ['all'],
    },
    tests: {
      type: 'array',
      title: 'Tests',
      description: 'Names of its tests. A test is in one group at most. Left out: it has groups only.',
      minItems: 1,
      maxItems: DOCUMENT_LIMITS.tests,
      items: { ...name, description: 'Name of a test of this document.', examples: ['a million numbers'] },
      examples: [['a million numbers', 'a long line']],
    },
    groups: {
      type: 'array',
      title: 'Groups',
      description: 'Names of the groups inside it. A group is in one other at most.',
      maxItems: DOCUMENT_LIMITS.groups,
      items: { ...name, description: 'Name of a group of this document.', examples: ['small inputs'] },
      default: [],
      examples: [['small inputs', 'large inputs']],
    },
    onReject: {
      enum: REJECT_POLICIES,
      title: 'After a failure',
      description:
        '`break`: once a member is not accepted the rest of the group is skipped. `continue`: it is run. Left out: as in ' +
        'the group around it, else `continue`.',
      examples: ['break'],
    },
    verdict: {
      enum: GROUP_VERDICTS,
      title: 'Verdict',
      description:
        'What the group is when not all its members are accepted. `first-error`: what the first that is not was; ' +
        '`worst-error`: the worst of them; `always-accept`: accepted all the same.',
      default: 'first-error',
      examples: ['worst-error'],
    },
    acceptIfAny: {
      type: 'boolean',
      title: 'Accepted with one',
      description: 'Whether one accepted member makes the group accepted.',
      default: false,
      examples: [true],
    },
    onlyIfAccepted: {
      type: 'boolean',
      title: 'Points only when accepted',
      description: 'Whether the group gives no points unless it is accepted.',
      default: false,
      examples: [true],
    },
    counts: {
      type: 'boolean',
      title: 'Counts',
      description: 'False: its tests run and are shown, and change neither points nor verdict.',
      default: true,
      examples: [false],
    },
    requires: {
      type: 'array',
      title: 'Required groups',
      description: 'Groups before it that must be accepted; otherwise its tests are skipped.',
      maxItems: DOCUMENT_LIMITS.groups,
      items: { ...name, description: 'Name of a group of this document.', examples: ['small inputs'] },
      default: [],
      examples: [['small inputs']],
    },
    rejectPoints: {
      ...points,
      title: 'Points of a failed test',
      description:
        'The least that a test directly in it gives when it ran and was not accepted. Left out: as in the group around it, ' +
        'else 0.',
      examples: [1],
    },
    range,
    ...settings,
  },
  examples: [{ name: 'large inputs', points: 50, scoring: 'all', tests: ['a million numbers', 'a long line'] }],
};
