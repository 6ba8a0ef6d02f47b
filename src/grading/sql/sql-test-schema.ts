import { DOCUMENT_LIMITS, type JsonSchema, limitsSchema, name, path, tolerance } from '../schema-parts.js';
import { commonTestProperties } from '../test-schema-parts.js';
import { SQL_ENGINES } from './sql-engine-name.js';
import { sqlSchemaSchema } from './sql-schema-schema.js';
import { SQL_VALUE_TYPES } from './sql-value.js';

/** Bounds of what a `sql` test names. */
export const SQL_LIMITS = { setupFiles: 20, seeds: 20, columns: 200, rows: 5000, tables: 100, objects: 100 } as const;

const fileOfDocument = { ...path, examples: ['schema.sql'] };

const setup: JsonSchema = {
  anyOf: [
    { ...fileOfDocument, description: 'Path of a file in `files`.' },
    {
      type: 'array',
      title: 'Setup files',
      description: 'Paths of files in `files`, run in their order.',
      maxItems: SQL_LIMITS.setupFiles,
      items: { ...fileOfDocument, description: 'Path of a file in `files`.' },
      examples: [['schema.sql', 'data.sql']],
    },
  ],
  title: 'Setup',
  examples: ['schema.sql'],
};

const value: JsonSchema = {
  title: 'Value',
  description:
    'NULL as null; numbers, also in quotes where JSON cannot write them; texts, dates too; true and false, which equal 1 and 0; ' +
    'bytes as `{hex: "00ff"}`.',
  type: ['null', 'boolean', 'number', 'string', 'object'],
  minimum: -Number.MAX_VALUE,
  maximum: Number.MAX_VALUE,
  maxLength: DOCUMENT_LIMITS.textBytes,
  additionalProperties: false,
  required: ['hex'],
  properties: {
    hex: {
      type: 'string',
      title: 'Bytes',
      description: 'Bytes in hexadecimal digits.',
      maxLength: DOCUMENT_LIMITS.textBytes,
      pattern: '^(?:[0-9a-fA-F]{2})*$',
      examples: ['00ff'],
    },
  },
  examples: ['Ada', 36, null],
};

const expectation: JsonSchema = {
  type: 'object',
  title: 'Expectation',
  description: 'What the result must be. What is null or left out is not checked.',
  additionalProperties: false,
  properties: {
    rows: {
      type: ['array', 'null'],
      title: 'Rows',
      description: 'The expected rows; `[]` is a result without rows.',
      maxItems: SQL_LIMITS.rows,
      items: {
        type: 'array',
        title: 'Row',
        description: 'A value for each column.',
        minItems: 1,
        maxItems: SQL_LIMITS.columns,
        items: value,
        examples: [[1, 'Ada']],
      },
      default: null,
      examples: [
        [
          [1, 'Ada'],
          [2, null],
        ],
      ],
    },
    ordered: {
      type: 'boolean',
      title: 'Ordered',
      description: 'Whether the order of the rows counts. If not, each row must be there as often as expected.',
      default: false,
      examples: [true],
    },
    columns: {
      type: ['array', 'null'],
      title: 'Columns',
      description: 'The expected names of the columns, in their order; upper and lower case are the same.',
      minItems: 1,
      maxItems: SQL_LIMITS.columns,
      items: { ...name, title: 'Column', description: 'The name of a column.', examples: ['total'] },
      default: null,
      examples: [['name', 'total']],
    },
    checkNames: {
      type: 'boolean',
      title: 'Check names',
      description:
        'Whether the names of columns count, those in `columns` or else those of the model. Left out: true with `columns`.',
      examples: [true],
    },
    types: {
      type: ['array', 'null'],
      title: 'Types',
      description: 'What the values of each column must be, but for NULL.',
      minItems: 1,
      maxItems: SQL_LIMITS.columns,
      items: {
        enum: SQL_VALUE_TYPES,
        title: 'Type',
        description:
          '`integer`; `decimal`: exact, with a point; `real`; `text`, also dates, times and JSON; `blob`; `boolean`: PostgreSQL only.',
        examples: ['integer'],
      },
      default: null,
      examples: [['integer', 'text']],
    },
    checkTypes: {
      type: 'boolean',
      title: 'Check types',
      description: 'With `model`: whether equal values must be of the same type, so that 1 is not 1.0.',
      default: false,
      examples: [true],
    },
    floatTolerance: {
      type: ['object', 'null'],
      title: 'Tolerance for numbers',
      description:
        'How far numbers may be off. Either tolerance suffices; name one of them or both. Left out: a relative difference of ' +
        '1e-9 for real numbers, none for integers and decimals.',
      additionalProperties: false,
      properties: {
        absolute: {
          ...tolerance,
          title: 'Absolute tolerance',
          description: 'The largest |s − a| for a submitted s and an expected a.',
          examples: [0.005],
        },
        relative: {
          ...tolerance,
          title: 'Relative tolerance',
          description: 'The largest |s − a| as a part of |a|.',
          examples: [1e-6],
        },
      },
      default: null,
      examples: [{ absolute: 0.005 }],
    },
  },
  examples: [{ rows: [[1, 'Ada']], ordered: true }],
};

const seed: JsonSchema = {
  type: 'object',
  title: 'Seed',
  description: 'One database to try the submission on.',
  additionalProperties: false,
  required: ['name', 'setup'],
  properties: {
    name: { ...name, description: 'What people call it; shown to students.', examples: ['no orders'] },
    setup: { ...setup, description: 'Run after the `setup` of the test.' },
    visible: {
      type: 'boolean',
      title: 'Visible',
      description:
        'Whether messages may quote its data. If not, students learn only what kind of thing was wrong, whatever the visibility of the test.',
      default: false,
      examples: [true],
    },
  },
  examples: [{ name: 'no orders', setup: 'seed-empty.sql' }],
};

const plan: JsonSchema = {
  type: ['object', 'null'],
  title: 'Query plan',
  description:
    'How the engine must mean to run what is read: the checking query, or else the statement that gave the result. Explained in a ' +
    'session of its own.',
  additionalProperties: false,
  properties: {
    usesIndex: {
      type: ['string', 'boolean', 'null'],
      title: 'Uses an index',
      description: 'The name of the index that must be used; true: any index.',
      minLength: 1,
      maxLength: DOCUMENT_LIMITS.nameCharacters,
      default: null,
      examples: ['orders_customer_idx'],
    },
    noFullScanOf: {
      type: 'array',
      title: 'No full scan of',
      description: 'Tables of which not all rows may be read.',
      maxItems: SQL_LIMITS.objects,
      items: { ...name, title: 'Table', description: 'The name of a table.', examples: ['orders'] },
      default: [],
      examples: [['orders']],
    },
  },
  default: null,
  examples: [{ usesIndex: true, noFullScanOf: ['orders'] }],
};

/** A test of the kind `sql`. */
export const sqlTest: JsonSchema = {
  type: 'object',
  title: 'SQL test',
  description:
    'Runs a SQL file of the submission on a database made for this one test, and compares what comes out. Expected rows and the ' +
    'results of a model never enter the sandbox.',
  additionalProperties: false,
  required: ['kind', 'name', 'points', 'engine', 'run'],
  properties: {
    kind: { const: 'sql', title: 'Kind', description: 'The kind of this test.', examples: ['sql'] },
    ...commonTestProperties,
    engine: {
      enum: SQL_ENGINES,
      title: 'Engine',
      description:
        'The database engine. `mysql` is MariaDB where workers have that; `mysql` and `postgres` are servers in a sandbox of their own.',
      examples: ['sqlite', 'postgres'],
    },
    setup: { ...setup, description: 'Files in `files` that make the database, run in their order.', default: [] },
    run: {
      ...path,
      title: 'Script',
      description: 'The file of the submission that is run; one or more statements.',
      examples: ['query.sql'],
    },
    query: {
      type: ['string', 'null'],
      title: 'Checking query',
      description:
        'One statement that reads what the script left, its own. Its result is compared in place of one of the script.',
      minLength: 1,
      maxLength: DOCUMENT_LIMITS.commandCharacters,
      default: null,
      examples: ['SELECT id, total FROM orders'],
    },
    resultSet: {
      type: ['integer', 'null'],
      title: 'Result set',
      description: 'Which result of the script is compared, from 1. Null: the last.',
      minimum: 1,
      maximum: 1000,
      default: null,
      examples: [2],
    },
    expect: expectation,
    model: {
      ...path,
      type: ['string', 'null'],
      title: 'Model',
      description:
        'A right script: a `hidden` file in `files`. It runs on a database of its own for each seed, and its result is what is expected. ' +
        'It is never laid beside the submission.',
      default: null,
      examples: ['model.sql'],
    },
    seeds: {
      type: 'array',
      title: 'Seeds',
      description: 'Databases to try one after the other; all must be right. Never shown to students.',
      maxItems: SQL_LIMITS.seeds,
      items: seed,
      default: [],
      examples: [[{ name: 'no orders', setup: 'seed-empty.sql' }]],
    },
    schema: sqlSchemaSchema,
    plan,
    limits: limitsSchema('Limits of this test', "Replace single ones of the document's limits.", false),
  },
  examples: [
    {
      kind: 'sql',
      name: 'report',
      points: 5,
      engine: 'sqlite',
      setup: 'schema.sql',
      run: 'query.sql',
      expect: { rows: [[1, 'a']], ordered: true },
    },
  ],
};
