import { command, DOCUMENT_LIMITS, type JsonSchema, limitsSchema, path, points } from '../schema-parts.js';
import { commonTestProperties } from '../test-schema-parts.js';
import { httpExpectation, statuses } from './http-expectation-schema.js';
import { HTTP_DEFAULTS, HTTP_LIMITS } from './http-limits.js';
import { httpRequest } from './http-request-schema.js';

const capture: JsonSchema = {
  type: ['string', 'object'],
  title: 'Captured value',
  description:
    'A JSONPath into the body, whose first value is kept; or an object with `jsonPath`, `header` or `cookie`, and `regex` to keep ' +
    'a part of it, or of the body where it stands alone: the first group, or the whole match.',
  minLength: 1,
  maxLength: HTTP_LIMITS.jsonPathCharacters,
  minProperties: 1,
  additionalProperties: false,
  properties: {
    jsonPath: {
      type: ['string', 'null'],
      title: 'JSONPath',
      description: 'Into the body.',
      minLength: 1,
      maxLength: HTTP_LIMITS.jsonPathCharacters,
      examples: ['$.token'],
    },
    header: {
      type: ['string', 'null'],
      title: 'Header',
      description: 'A header field.',
      minLength: 1,
      maxLength: 200,
      examples: ['Location'],
    },
    cookie: {
      type: ['string', 'null'],
      title: 'Cookie',
      description: 'A cookie that the answer sets.',
      minLength: 1,
      maxLength: 200,
      examples: ['session'],
    },
    regex: {
      type: ['string', 'null'],
      title: 'Pattern',
      description: 'RE2; its first group is kept, or the whole match where it has none.',
      minLength: 1,
      maxLength: 1000,
      examples: ['code=([^&]+)'],
    },
  },
  examples: ['$.token', { header: 'Location', regex: 'code=([^&]+)' }],
};

const step: JsonSchema = {
  type: 'object',
  title: 'Step',
  description: 'A request and what its answer must be; or a restart; or both, the restart first.',
  additionalProperties: false,
  properties: {
    name: {
      type: ['string', 'null'],
      title: 'Name',
      description: 'What people call the step; method and path where it is left out.',
      minLength: 1,
      maxLength: DOCUMENT_LIMITS.nameCharacters,
      default: null,
      examples: ['log in'],
    },
    points: {
      ...points,
      type: ['number', 'null'],
      description:
        'What this step gives by itself. Where one step has points, those of all add up to those of the test, and a step that ' +
        'fails costs its own. Null everywhere: all steps must hold for the points of the test.',
      default: null,
      examples: [2],
    },
    restart: {
      type: 'boolean',
      title: 'Restart',
      description: 'Whether the service is first stopped and started again, with the files that it left.',
      default: false,
      examples: [true],
    },
    request: httpRequest,
    parallel: {
      type: 'integer',
      title: 'Parallel requests',
      description: 'How many such requests are made at once. Each answer must be as expected.',
      minimum: 1,
      maximum: HTTP_LIMITS.parallel,
      default: 1,
      examples: [20],
    },
    expect: httpExpectation,
    capture: {
      type: 'object',
      title: 'Capture',
      description: 'Values of the answer that later steps use as `{{name}}`.',
      maxProperties: HTTP_LIMITS.captures,
      additionalProperties: capture,
      default: {},
      examples: [{ token: '$.token' }],
    },
  },
  examples: [{ request: { path: '/' }, expect: { status: 200 } }],
};

const referenceFile: JsonSchema = {
  type: 'object',
  title: 'File of the reference',
  description: 'A file of the reference solution.',
  additionalProperties: false,
  required: ['path', 'content'],
  properties: {
    path: { ...path, description: 'Relative path with "/" between folders.', examples: ['reference.py'] },
    content: {
      type: 'string',
      title: 'Content',
      description: 'What the file holds, as `encoding` says.',
      maxLength: DOCUMENT_LIMITS.documentBytes,
      examples: ['print("hello")\n'],
    },
    encoding: {
      enum: ['utf8', 'base64'],
      title: 'Encoding',
      description: '`utf8` or `base64`.',
      default: 'utf8',
      examples: ['utf8'],
    },
    hidden: {
      type: 'boolean',
      title: 'Hidden',
      description: 'Nothing of the reference is ever shown to students.',
      default: true,
      examples: [true],
    },
    executable: {
      type: 'boolean',
      title: 'Executable',
      description: 'Whether it may be run as a command.',
      default: false,
      examples: [true],
    },
  },
  examples: [{ path: 'reference.py', content: 'print("hello")\n' }],
};

const latency: JsonSchema = {
  type: ['object', 'null'],
  title: 'Latency budget',
  description:
    'After the steps, how fast one request is answered, compared with a reference solution that takes turns with the submission. ' +
    'Beyond it: time_limit_exceeded.',
  additionalProperties: false,
  required: ['ratio', 'request', 'reference'],
  properties: {
    ratio: {
      type: 'number',
      title: 'Ratio',
      description: 'The median may be at most so many times that of the reference.',
      minimum: 1,
      maximum: 1000,
      examples: [3],
    },
    floorMs: {
      type: 'number',
      title: 'Floor',
      description: 'Medians that differ by no more than this, in milliseconds, count as equal.',
      minimum: 1,
      maximum: 60_000,
      default: HTTP_DEFAULTS.latencyFloorMs,
      examples: [50],
    },
    requests: {
      type: 'integer',
      title: 'Requests',
      description: 'How many requests are made to each of the two.',
      minimum: 5,
      maximum: HTTP_LIMITS.latencyRequests,
      default: HTTP_DEFAULTS.latencyRequests,
      examples: [20],
    },
    request: { ...httpRequest, type: 'object' },
    reference: {
      type: 'object',
      title: 'Reference solution',
      description: 'Where it runs the submission cannot reach it, and its files are never shown to students.',
      additionalProperties: false,
      required: ['start'],
      properties: {
        start: {
          ...command,
          type: 'string',
          title: 'Start',
          description: 'Run by `/bin/sh -c`, with the files of the document and its own; listens on `PORT` as well.',
          examples: ['python3 reference.py'],
        },
        files: {
          type: 'array',
          title: 'Files',
          description: 'Its files, laid over those of the document.',
          maxItems: DOCUMENT_LIMITS.files,
          items: referenceFile,
          default: [],
          examples: [[{ path: 'reference.py', content: '…' }]],
        },
      },
      examples: [{ start: 'python3 reference.py' }],
    },
  },
  default: null,
  examples: [{ ratio: 3, request: { path: '/report' }, reference: { start: 'python3 reference.py' } }],
};

/** A test of the kind `http`. */
export const httpTest: JsonSchema = {
  type: 'object',
  title: 'HTTP test',
  description: 'Starts the submission as a service, sends it requests one after the other, and judges the answers.',
  additionalProperties: false,
  required: ['kind', 'name', 'points', 'start', 'port', 'steps'],
  properties: {
    kind: { const: 'http', title: 'Kind', description: 'The kind of this test.', examples: ['http'] },
    ...commonTestProperties,
    start: {
      ...command,
      type: 'string',
      title: 'Start',
      description:
        'Starts the service: run by `/bin/sh -c` inside the sandbox, in the folder of the submission. It goes on running.',
      examples: ['python3 app.py'],
    },
    port: {
      type: 'integer',
      title: 'Port',
      description: 'Where the service listens, on 127.0.0.1 or everywhere. It finds the number in `PORT` as well.',
      minimum: 1024,
      maximum: 65_535,
      examples: [5000],
    },
    environment: {
      type: 'object',
      title: 'Environment',
      description: 'Variables for the service, besides `PORT` and `HOST`.',
      maxProperties: HTTP_LIMITS.environment,
      additionalProperties: { type: 'string', maxLength: HTTP_LIMITS.environmentCharacters },
      default: {},
      examples: [{ JWT_SECRET: 'for tests only' }],
    },
    ready: {
      type: ['object', 'null'],
      title: 'Readiness',
      description: 'When the service counts as started. Left out: when it accepts connections.',
      additionalProperties: false,
      properties: {
        path: {
          type: ['string', 'null'],
          title: 'Path',
          description: 'Asked until it is answered as `status` says.',
          minLength: 1,
          maxLength: HTTP_LIMITS.pathCharacters,
          default: null,
          examples: ['/health'],
        },
        status: { ...statuses, description: 'The status that says ready. Null: any answer will do.' },
        timeMs: {
          type: 'integer',
          title: 'Time',
          description: 'How long that may take, in milliseconds. Beyond it: runtime_error.',
          minimum: 100,
          maximum: HTTP_LIMITS.readyMs,
          default: HTTP_DEFAULTS.readyMs,
          examples: [20_000],
        },
      },
      default: null,
      examples: [{ path: '/health', status: 200 }],
    },
    steps: {
      type: 'array',
      title: 'Steps',
      description: 'Requests and restarts, in their order.',
      minItems: 1,
      maxItems: HTTP_LIMITS.steps,
      items: step,
      examples: [[{ request: { path: '/' }, expect: { status: 200 } }]],
    },
    latency,
    limits: limitsSchema('Limits of this test', "Replace single ones of the document's limits.", false),
  },
  examples: [
    {
      kind: 'http',
      name: 'serves',
      points: 5,
      start: 'python3 app.py',
      port: 5000,
      steps: [
        {
          request: { method: 'POST', path: '/login', json: { user: 'a' } },
          expect: { status: 200, json: { ok: true } },
          capture: { token: '$.token' },
        },
      ],
    },
  ],
};
