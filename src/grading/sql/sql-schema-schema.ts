import { type JsonSchema, name } from '../schema-parts.js';
import { REFERENTIAL_ACTIONS } from './schema-expectation.js';

const MOST_OBJECTS = 100;
const MOST_COLUMNS = 200;
const TEXT = 1000;

const columnList: JsonSchema = {
  type: 'array',
  title: 'Columns',
  description: 'Names of columns, in their order.',
  minItems: 1,
  maxItems: 32,
  items: { ...name, title: 'Column', description: 'The name of a column.', examples: ['id'] },
  examples: [['customer_id', 'day']],
};

const optional = { minLength: 1, maxLength: TEXT, default: null };

const action = {
  enum: [...REFERENTIAL_ACTIONS, null],
  default: null,
  examples: ['cascade'],
};

const column: JsonSchema = {
  type: ['object', 'null'],
  title: 'Column',
  description: 'What the column must be; null: there must be none of that name.',
  additionalProperties: false,
  properties: {
    type: {
      ...optional,
      type: ['string', 'null'],
      title: 'Type',
      description:
        'Its type. Names that engines have for one type are the same (`int`, `integer`); a length counts where one is given.',
      examples: ['varchar(20)'],
    },
    nullable: {
      type: ['boolean', 'null'],
      title: 'Nullable',
      description: 'Whether it may hold NULL.',
      default: null,
      examples: [false],
    },
    default: {
      ...optional,
      type: ['string', 'null'],
      title: 'Default',
      description: 'The expression of its default, as SQL writes it; `none`: it must have none.',
      examples: ["'new'"],
    },
    primaryKey: {
      type: ['boolean', 'null'],
      title: 'Primary key',
      description: 'Whether it is in the primary key.',
      default: null,
      examples: [true],
    },
  },
  examples: [{ type: 'integer', nullable: false }],
};

const index: JsonSchema = {
  type: 'object',
  title: 'Index',
  description: 'An index that must be there.',
  additionalProperties: false,
  required: ['columns'],
  properties: {
    columns: columnList,
    name: {
      ...name,
      type: ['string', 'null'],
      description: 'Its name; null: any.',
      default: null,
      examples: ['by_day'],
    },
    unique: {
      type: ['boolean', 'null'],
      title: 'Unique',
      description: 'Whether it must be unique; null: either.',
      default: null,
      examples: [true],
    },
  },
  examples: [{ columns: ['customer_id'] }],
};

const foreignKey: JsonSchema = {
  type: 'object',
  title: 'Foreign key',
  description: 'A foreign key that must be there.',
  additionalProperties: false,
  required: ['columns', 'references'],
  properties: {
    columns: columnList,
    references: { ...name, title: 'Table', description: 'The table that it refers to.', examples: ['customers'] },
    referencedColumns: { ...columnList, type: ['array', 'null'], default: null },
    onDelete: { ...action, title: 'On delete', description: 'What happens when the row referred to is deleted.' },
    onUpdate: { ...action, title: 'On update', description: 'What happens when its key changes.' },
  },
  examples: [{ columns: ['customer_id'], references: 'customers', onDelete: 'cascade' }],
};

const constraints: JsonSchema = {
  type: 'object',
  title: 'Constraints',
  description: 'Constraints that must be there.',
  additionalProperties: false,
  properties: {
    primaryKey: {
      ...columnList,
      type: ['array', 'null'],
      title: 'Primary key',
      description: 'All its columns, in order.',
      default: null,
    },
    unique: {
      type: 'array',
      title: 'Unique',
      description: 'Sets of columns that must be unique, by a constraint, an index or the primary key.',
      maxItems: MOST_OBJECTS,
      items: columnList,
      default: [],
      examples: [[['email']]],
    },
    check: {
      type: 'array',
      title: 'Checks',
      description: 'Conditions; white space, case, quotes around names and parentheses do not count.',
      maxItems: MOST_OBJECTS,
      items: {
        type: 'string',
        title: 'Condition',
        description: 'A condition.',
        minLength: 1,
        maxLength: TEXT,
        examples: ['total >= 0'],
      },
      default: [],
      examples: [['total >= 0']],
    },
    foreignKeys: {
      type: 'array',
      title: 'Foreign keys',
      description: 'Foreign keys that must be there.',
      maxItems: MOST_OBJECTS,
      items: foreignKey,
      default: [],
      examples: [[{ columns: ['customer_id'], references: 'customers', onDelete: 'cascade' }]],
    },
  },
  examples: [{ unique: [['email']], check: ['total >= 0'] }],
};

const table: JsonSchema = {
  type: ['object', 'null'],
  title: 'Table',
  description: 'What the table must have; null: there must be none of that name.',
  additionalProperties: false,
  properties: {
    columns: {
      type: 'object',
      title: 'Columns',
      description: 'Columns by name.',
      maxProperties: MOST_COLUMNS,
      additionalProperties: column,
      examples: [{ id: { type: 'integer', primaryKey: true } }],
    },
    onlyTheseColumns: {
      type: 'boolean',
      title: 'Only these columns',
      description: 'Whether other columns are wrong.',
      default: false,
      examples: [true],
    },
    indexes: {
      type: 'array',
      title: 'Indexes',
      description: 'Indexes that must be there.',
      maxItems: MOST_OBJECTS,
      items: index,
      default: [],
      examples: [[{ columns: ['customer_id'] }]],
    },
    constraints,
  },
  examples: [{ columns: { id: { type: 'integer', primaryKey: true } } }],
};

function names(title: string, what: string, example: string): JsonSchema {
  return {
    type: 'array',
    title,
    description: `Names of ${what} that must be there.`,
    maxItems: MOST_OBJECTS,
    items: { ...name, description: 'A name.', examples: [example] },
    default: [],
    examples: [[example]],
  };
}

/** What a `sql` test expects of the tables and other objects that the script leaves. */
export const sqlSchemaSchema: JsonSchema = {
  type: ['object', 'null'],
  title: 'Database schema',
  description:
    'Tables and other objects that must be there after the script; what is not named is not looked at. Upper and lower case of names are the same.',
  additionalProperties: false,
  properties: {
    tables: {
      type: 'object',
      title: 'Tables',
      description: 'Tables by name.',
      maxProperties: MOST_OBJECTS,
      additionalProperties: table,
      examples: [{ orders: { columns: { id: { type: 'integer', primaryKey: true } } } }],
    },
    views: names('Views', 'views', 'open_orders'),
    triggers: {
      type: 'array',
      title: 'Triggers',
      description: 'Triggers that must be there.',
      maxItems: MOST_OBJECTS,
      items: {
        type: 'object',
        title: 'Trigger',
        description: 'A trigger that must be there.',
        additionalProperties: false,
        required: ['name'],
        properties: {
          name: { ...name, description: 'Its name.', examples: ['log_changes'] },
          table: {
            ...name,
            type: ['string', 'null'],
            description: 'Its table; null: any.',
            default: null,
            examples: ['orders'],
          },
        },
        examples: [{ name: 'log_changes', table: 'orders' }],
      },
      default: [],
      examples: [[{ name: 'log_changes', table: 'orders' }]],
    },
    procedures: names('Procedures', 'procedures', 'close_day'),
    functions: names('Functions', 'functions', 'net_price'),
  },
  default: null,
  examples: [
    { tables: { orders: { columns: { id: { type: 'integer', primaryKey: true } } } }, views: ['open_orders'] },
  ],
};
