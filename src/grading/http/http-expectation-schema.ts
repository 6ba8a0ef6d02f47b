import { COMPARE_MODES } from '../compare-options.js';
import { DOCUMENT_LIMITS, expectedText, type JsonSchema, tolerance } from '../schema-parts.js';
import { HTTP_LIMITS } from './http-limits.js';
import { JSON_TYPES, SAME_SITES } from './http-test.js';

const oneStatus: JsonSchema = {
  type: ['integer', 'string'],
  title: 'Status',
  description: 'A status, or a class such as "2xx".',
  minimum: 200,
  maximum: 599,
  maxLength: 3,
  examples: [200, '2xx'],
};

/** One status or class of them, or several. */
export const statuses: JsonSchema = {
  type: ['integer', 'string', 'array', 'null'],
  title: 'Status',
  minimum: 200,
  maximum: 599,
  maxLength: 3,
  minItems: 1,
  maxItems: HTTP_LIMITS.statuses,
  items: oneStatus,
  default: null,
  examples: [[200, 201], '2xx'],
};

const pattern: JsonSchema = {
  type: 'string',
  title: 'Pattern',
  description: 'The RE2 pattern matches somewhere in it.',
  minLength: 1,
  maxLength: 1000,
  examples: ['^application/json'],
};

const conditions: JsonSchema = {
  equals: {
    type: 'string',
    title: 'Equals',
    description: 'The same text.',
    maxLength: HTTP_LIMITS.headerCharacters,
    examples: ['a'],
  },
  contains: {
    type: 'string',
    title: 'Contains',
    description: 'This text stands somewhere in it.',
    minLength: 1,
    maxLength: HTTP_LIMITS.headerCharacters,
    examples: ['json'],
  },
  regex: pattern,
  exists: {
    type: 'boolean',
    title: 'Exists',
    description: 'True: it is there, whatever it is. False: it is not.',
    examples: [false],
  },
};

const textMatcher: JsonSchema = {
  type: ['string', 'object'],
  maxLength: HTTP_LIMITS.headerCharacters,
  minProperties: 1,
  additionalProperties: false,
  properties: conditions,
};

const cookieMatcher: JsonSchema = {
  type: ['string', 'object'],
  title: 'Cookie',
  description: 'Its value, or conditions for value and attributes.',
  maxLength: HTTP_LIMITS.cookieCharacters,
  minProperties: 1,
  additionalProperties: false,
  properties: {
    ...conditions,
    httpOnly: { type: 'boolean', title: 'HttpOnly', description: 'Whether it is HttpOnly.', examples: [true] },
    secure: { type: 'boolean', title: 'Secure', description: 'Whether it is Secure.', examples: [true] },
    sameSite: { enum: SAME_SITES, title: 'SameSite', description: 'Its SameSite.', examples: ['Lax'] },
    path: { type: 'string', title: 'Path', description: 'Its Path.', maxLength: 500, examples: ['/'] },
    maxAge: {
      type: 'integer',
      title: 'Max-Age',
      description: 'Its Max-Age, in seconds.',
      minimum: -1,
      maximum: 1e12,
      examples: [3600],
    },
    expired: {
      type: 'boolean',
      title: 'Expired',
      description: 'True: the answer takes the cookie away, by Max-Age or Expires.',
      examples: [true],
    },
  },
  examples: [{ exists: true, httpOnly: true }],
};

const jsonMatcher: JsonSchema = {
  type: ['string', 'number', 'boolean', 'null', 'array', 'object'],
  title: 'Value at a JSONPath',
  description:
    'The value itself, or, as an object, conditions. A path that can give one value gives that value; any other gives the list ' +
    'of its values, whose elements must each meet `type`, `regex`, `minimum` and `maximum`.',
  maxLength: DOCUMENT_LIMITS.textBytes,
  minProperties: 1,
  additionalProperties: false,
  properties: {
    equals: { title: 'Equals', description: 'Exactly this JSON, no member more.', examples: [{ id: 1 }] },
    exists: { type: 'boolean', title: 'Exists', description: 'Whether there is anything.', examples: [true] },
    type: { enum: JSON_TYPES, title: 'Type', description: 'What kind of value it is.', examples: ['integer'] },
    count: {
      type: 'integer',
      title: 'Count',
      description: 'How many values the path gives.',
      minimum: 0,
      maximum: 1000,
      examples: [3],
    },
    regex: pattern,
    minimum: { type: 'number', title: 'Minimum', description: 'At least this number.', examples: [0] },
    maximum: { type: 'number', title: 'Maximum', description: 'At most this number.', examples: [100] },
  },
  examples: ['ada', { type: 'integer', minimum: 1 }],
};

/** What the answer to a step of an `http` test must be. */
export const httpExpectation: JsonSchema = {
  type: 'object',
  title: 'Expectation',
  description:
    'What the answer must be. `{{name}}` stands for a captured value in everything but patterns, names, JSONPaths and schemas.',
  additionalProperties: false,
  properties: {
    status: {
      ...statuses,
      description: 'The status, or a class such as "2xx", or a list of them. Null: any below 400.',
    },
    statuses: {
      type: ['object', 'null'],
      title: 'Statuses of parallel requests',
      description: 'With `parallel`, in place of `status`: how many of the answers have which status.',
      minProperties: 1,
      maxProperties: HTTP_LIMITS.statuses,
      additionalProperties: { type: 'integer', minimum: 0, maximum: HTTP_LIMITS.parallel },
      default: null,
      examples: [{ '201': 1, '409': 9 }],
    },
    headers: {
      type: 'object',
      title: 'Headers',
      description: 'Header fields: the value, or conditions.',
      maxProperties: HTTP_LIMITS.expectations,
      additionalProperties: { ...textMatcher, title: 'Header', description: 'Its value, or conditions.' },
      default: {},
      examples: [{ 'Content-Type': { regex: '^application/json' } }],
    },
    json: {
      title: 'JSON subset',
      description:
        'The body is JSON that holds this: members that are not named do not matter; lists have the same length and order.',
      examples: [{ ok: true }],
    },
    jsonPath: {
      type: 'object',
      title: 'JSONPath',
      description: 'JSONPaths (RFC 9535), and what they must give.',
      maxProperties: HTTP_LIMITS.expectations,
      additionalProperties: jsonMatcher,
      default: {},
      examples: [{ '$.items[*].id': [1, 2], '$.next': { exists: false } }],
    },
    jsonSchema: {
      type: ['object', 'boolean', 'null'],
      title: 'JSON Schema',
      description: 'A JSON Schema (2020-12) that the body must match. References within itself only.',
      additionalProperties: true,
      default: null,
      examples: [{ type: 'object', required: ['id'] }],
    },
    text: {
      ...expectedText,
      title: 'Body',
      description: 'The expected body, or, with `compare: regex`, a pattern. Null: not compared.',
      examples: ['hello'],
    },
    compare: {
      enum: COMPARE_MODES,
      title: 'How the body is compared',
      description: '`exact`, `trimmed`, `tokens`, `contains` or `regex`, as in a program test.',
      default: 'trimmed',
      examples: ['contains'],
    },
    caseSensitive: {
      type: 'boolean',
      title: 'Case-sensitive',
      description: 'With `compare: tokens`, whether `A`–`Z` differ from `a`–`z`. Left out: false.',
      examples: [true],
    },
    floatTolerance: {
      type: ['object', 'null'],
      title: 'Tolerance for numbers',
      description: 'With `compare: tokens` only: how far numbers may be off. Either tolerance suffices.',
      additionalProperties: false,
      properties: {
        absolute: { ...tolerance, title: 'Absolute tolerance', description: 'The largest |s − a|.', examples: [1e-6] },
        relative: {
          ...tolerance,
          title: 'Relative tolerance',
          description: 'The largest |s − a| as a part of |a|.',
          examples: [1e-6],
        },
      },
      default: null,
      examples: [{ absolute: 1e-6 }],
    },
    cookies: {
      type: 'object',
      title: 'Cookies',
      description: 'Cookies that the answer sets, by their names.',
      maxProperties: HTTP_LIMITS.expectations,
      additionalProperties: cookieMatcher,
      default: {},
      examples: [{ session: { exists: true, httpOnly: true } }],
    },
    location: {
      ...textMatcher,
      type: ['string', 'object', 'null'],
      title: 'Redirect',
      description: "Where the answer sends the client; without the service's own address or with it.",
      default: null,
      examples: ['/login'],
    },
  },
  examples: [{ status: 201, json: { ok: true } }],
};
