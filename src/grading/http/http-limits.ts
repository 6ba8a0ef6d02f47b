/** Bounds of `http` tests: what a document may ask for, and what of an answer is looked at. */
export const HTTP_LIMITS = {
  /** Steps of one test. */
  steps: 100,
  /** Requests at once in one step. */
  parallel: 50,
  /** Requests of one test together, repeated ones counted each time. */
  requests: 1000,
  headers: 50,
  headerCharacters: 8192,
  queryNames: 100,
  formNames: 100,
  parts: 20,
  captures: 20,
  pathCharacters: 2000,
  expectations: 50,
  statuses: 20,
  environment: 50,
  environmentCharacters: 4096,
  redirects: 5,
  /** JSONPath expressions. */
  jsonPathCharacters: 500,
  /** Of a JSON Schema: objects, lists and the like in it. */
  schemaValues: 1000,
  /** Bytes of an answer's body. */
  bodyBytes: 1_048_576,
  /** Bytes of an answer's status line and headers. */
  headBytes: 32_768,
  /** Header fields of an answer. */
  answerHeaders: 200,
  /** Values and depth of JSON that is looked into. */
  jsonValues: 20_000,
  jsonDepth: 48,
  cookies: 100,
  cookieCharacters: 4096,
  /** Of each captured value, in characters; of JSON, as it is written. */
  capturedCharacters: 65_536,
  /** Time for one answer, in milliseconds. */
  answerMs: 60_000,
  readyMs: 120_000,
  latencyRequests: 200,
} as const;

/** The defaults of what a test leaves out. */
export const HTTP_DEFAULTS = {
  answerMs: 5_000,
  readyMs: 15_000,
  latencyRequests: 20,
  latencyFloorMs: 20,
  /** Frameworks need more than programs do; taken where neither the document nor the test names them. */
  timeMs: 10_000,
  wallMs: 40_000,
} as const;
