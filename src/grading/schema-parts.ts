import { DEFAULT_LIMITS, NUMERIC_LIMITS, type NumericLimit } from './limits.js';
import { PATH_LIMITS } from './relative-path.js';

/** A JSON Schema, or a part of one. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** Bounds of a grading document. Lengths are in characters; what parsing checks beyond the schema is in bytes. */
export const DOCUMENT_LIMITS = {
  /** All texts, names and numbers of the document together, in bytes of UTF-8. */
  documentBytes: 4_194_304,
  /** Objects, lists, texts, numbers and the like in the document together. */
  documentValues: 50_000,
  /** Objects and lists inside one another. */
  documentDepth: 24,
  tests: 500,
  groups: 100,
  /** Groups inside one another. */
  groupDepth: 8,
  files: 200,
  checkers: 20,
  requiredFiles: 200,
  runtimes: 20,
  args: 100,
  /** Of `stdin`, and of each expected output, in bytes of UTF-8. */
  textBytes: 1_048_576,
  nameCharacters: 200,
  descriptionCharacters: 2000,
  commandCharacters: 10_000,
  argCharacters: 10_000,
  points: 1_000_000,
} as const;

export const name = {
  type: 'string',
  title: 'Name',
  minLength: 1,
  maxLength: DOCUMENT_LIMITS.nameCharacters,
};

export const path = {
  type: 'string',
  title: 'Path',
  minLength: 1,
  maxLength: PATH_LIMITS.pathBytes,
};

export const points = {
  type: 'number',
  title: 'Points',
  minimum: 0,
  maximum: DOCUMENT_LIMITS.points,
};

export const command = {
  type: ['string', 'null'],
  minLength: 1,
  maxLength: DOCUMENT_LIMITS.commandCharacters,
};

export const expectedText = {
  type: ['string', 'null'],
  maxLength: DOCUMENT_LIMITS.textBytes,
  default: null,
};

export const tolerance = {
  type: ['number', 'null'],
  minimum: 0,
  default: null,
};

/** What the schema says of each numeric limit; the operator's ceilings come on top when a document is parsed. */
const LIMIT_SCHEMAS: Readonly<Record<NumericLimit, JsonSchema>> = {
  timeMs: {
    title: 'CPU time',
    description: 'CPU time of all processes together, in milliseconds. Beyond it: time_limit_exceeded.',
    minimum: 10,
    maximum: 3_600_000,
  },
  wallMs: {
    title: 'Elapsed time',
    description:
      'Elapsed time, in milliseconds, at least `timeMs`; three times `timeMs` when left out. Beyond it: time_limit_exceeded.',
    minimum: 10,
    maximum: 7_200_000,
  },
  memoryMiB: {
    title: 'Memory',
    description: 'Memory of all processes together, in MiB. Beyond it: memory_limit_exceeded.',
    minimum: 4,
    maximum: 1_048_576,
  },
  processes: {
    title: 'Processes',
    description: 'Processes and threads at a time; one more is refused.',
    minimum: 1,
    maximum: 32_768,
  },
  outputKiB: {
    title: 'Output',
    description:
      'What standard output, and as much again standard error, may hold, in KiB. Beyond it: output_limit_exceeded.',
    minimum: 1,
    maximum: 65_536,
  },
  diskMiB: {
    title: 'Disk',
    description: 'What the working folder may hold, in MiB; more cannot be written.',
    minimum: 1,
    maximum: 65_536,
  },
};

export function limitsSchema(title: string, description: string, withDefaults: boolean): JsonSchema {
  const numbers = NUMERIC_LIMITS.map((limit) => [
    limit,
    {
      type: 'integer',
      ...LIMIT_SCHEMAS[limit],
      ...(withDefaults ? { default: DEFAULT_LIMITS[limit] } : {}),
      examples: [DEFAULT_LIMITS[limit]],
    },
  ]);
  return {
    type: 'object',
    title,
    description,
    additionalProperties: false,
    properties: {
      ...Object.fromEntries(numbers),
      network: {
        enum: ['none', 'loopback'],
        title: 'Network',
        description: '`none`, or `loopback`: the program reaches its own processes through 127.0.0.1 and nothing else.',
        ...(withDefaults ? { default: DEFAULT_LIMITS.network } : {}),
        examples: ['none'],
      },
    },
    examples: [{ timeMs: 5000, memoryMiB: 512 }],
  };
}
