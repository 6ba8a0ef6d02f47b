import { DOCUMENT_LIMITS, type JsonSchema, name } from '../schema-parts.js';
import { HTTP_DEFAULTS, HTTP_LIMITS } from './http-limits.js';
import { HTTP_METHODS } from './http-test.js';

const texts = (title: string, description: string, example: object): JsonSchema => ({
  type: ['object', 'null'],
  title,
  description,
  maxProperties: HTTP_LIMITS.formNames,
  additionalProperties: {
    type: ['string', 'array'],
    maxLength: DOCUMENT_LIMITS.textBytes,
    maxItems: HTTP_LIMITS.formNames,
    items: { type: 'string', maxLength: DOCUMENT_LIMITS.textBytes },
  },
  examples: [example],
});

const part: JsonSchema = {
  type: 'object',
  title: 'Part',
  description: 'A field, or, with a file name, a file.',
  additionalProperties: false,
  required: ['name', 'content'],
  properties: {
    name: { ...name, description: 'Name of the field.', examples: ['picture'] },
    content: {
      type: 'string',
      title: 'Content',
      description: 'What it holds, as `encoding` says.',
      maxLength: DOCUMENT_LIMITS.textBytes,
      examples: ['iVBORw0KGgo='],
    },
    encoding: {
      enum: ['utf8', 'base64'],
      title: 'Encoding',
      description: '`utf8`: the content is the text; `base64`: its bytes in base64, with padding.',
      default: 'utf8',
      examples: ['base64'],
    },
    filename: {
      type: ['string', 'null'],
      title: 'File name',
      description: 'Makes it a file.',
      minLength: 1,
      maxLength: 200,
      default: null,
      examples: ['me.png'],
    },
    contentType: {
      type: ['string', 'null'],
      title: 'Content type',
      description: 'Left out: none for a field, application/octet-stream for a file.',
      minLength: 1,
      maxLength: 200,
      default: null,
      examples: ['image/png'],
    },
  },
  examples: [{ name: 'picture', content: 'iVBORw0KGgo=', encoding: 'base64', filename: 'me.png' }],
};

/** What an `http` test sends. */
export const httpRequest: JsonSchema = {
  type: ['object', 'null'],
  title: 'Request',
  description:
    'What is sent. `{{name}}` stands for a captured value in path, query, headers and bodies; `{{index}}` for the number of the ' +
    'request, from 0, in a step with `parallel`. At most one of `json`, `form`, `text`, `body` and `multipart`.',
  additionalProperties: false,
  required: ['path'],
  properties: {
    method: { enum: HTTP_METHODS, title: 'Method', description: 'The method.', default: 'GET', examples: ['POST'] },
    path: {
      type: 'string',
      title: 'Path',
      description: 'Begins with "/", or with a template whose value is such a path.',
      minLength: 1,
      maxLength: HTTP_LIMITS.pathCharacters,
      examples: ['/items/{{id}}'],
    },
    query: {
      ...texts('Query', 'Names and values of the query, encoded for you.', { page: '2' }),
      type: 'object',
      default: {},
    },
    headers: {
      type: 'object',
      title: 'Headers',
      description: 'Header fields. Content-Type, Content-Length and Cookie are set where they are left out.',
      maxProperties: HTTP_LIMITS.headers,
      additionalProperties: { type: 'string', maxLength: HTTP_LIMITS.headerCharacters },
      default: {},
      examples: [{ Authorization: 'Bearer {{token}}' }],
    },
    json: {
      title: 'JSON body',
      description: 'Any JSON. A text that is one template and nothing else keeps the type of its value.',
      examples: [{ user: 'ada' }],
    },
    form: {
      ...texts('Form', 'A body as HTML forms send it (application/x-www-form-urlencoded).', { user: 'ada' }),
      default: null,
    },
    text: {
      type: ['string', 'null'],
      title: 'Text body',
      description: 'Sent as it is, as text/plain unless `headers` say otherwise.',
      maxLength: DOCUMENT_LIMITS.textBytes,
      default: null,
      examples: ['hello'],
    },
    body: {
      type: ['string', 'null'],
      title: 'Body of bytes',
      description: 'In base64, with padding. Holds no templates.',
      maxLength: 2 * DOCUMENT_LIMITS.textBytes,
      default: null,
      examples: ['iVBORw0KGgo='],
    },
    multipart: {
      type: ['array', 'null'],
      title: 'Multipart body',
      description: 'Fields and files (multipart/form-data).',
      minItems: 1,
      maxItems: HTTP_LIMITS.parts,
      items: part,
      default: null,
      examples: [[{ name: 'title', content: 'Me' }]],
    },
    cookies: {
      type: 'boolean',
      title: 'Cookies',
      description: 'Whether it sends the cookies that answers before it have set, and keeps those that its own sets.',
      default: true,
      examples: [false],
    },
    followRedirects: {
      type: 'boolean',
      title: 'Follow redirects',
      description: `Whether redirects are followed, up to ${HTTP_LIMITS.redirects}; the last answer is then the one that counts.`,
      default: false,
      examples: [true],
    },
    timeMs: {
      type: 'integer',
      title: 'Time',
      description: 'How long the answer may take, in milliseconds. Beyond it: time_limit_exceeded.',
      minimum: 10,
      maximum: HTTP_LIMITS.answerMs,
      default: HTTP_DEFAULTS.answerMs,
      examples: [1000],
    },
  },
  examples: [{ method: 'POST', path: '/login', json: { user: 'ada' } }],
};
