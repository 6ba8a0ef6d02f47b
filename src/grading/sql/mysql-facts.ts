import { type FactRows, factText, factWord, grouped } from './fact-rows.js';
import type { PlanFacts } from './plan-facts.js';
import type { ForeignKeyFacts, IndexFacts, SchemaFacts, TableFacts } from './schema-facts.js';
import { endOfToken, isBlank } from './sql-tokens.js';

/** What `information_schema` says, each with the name of the table first. */
export interface MysqlCatalogue {
  /** Of tables, not of views: name, type, `YES` where NULL may be, default, extra. */
  readonly columns: FactRows;
  /** Name of the index, column or NULL, non-unique, length of a prefix or NULL; in the order of the columns. */
  readonly statistics: FactRows;
  /** Condition. */
  readonly checks: FactRows;
  /** Name of the constraint, column, table and column referred to, rules of DELETE and UPDATE; in the order of the columns. */
  readonly foreignKeys: FactRows;
  readonly tables: FactRows;
  /** And the definition. */
  readonly views: FactRows;
  /** And the name of the trigger. */
  readonly triggers: FactRows;
  /** Name and kind, `PROCEDURE` or `FUNCTION`. */
  readonly routines: FactRows;
  /** MariaDB writes defaults as expressions, MySQL texts without their quotes. */
  readonly isMariaDb: boolean;
}

/** MariaDB has no type for JSON but this condition, which it adds itself. */
const JSON_CHECK = /^json_valid\(`((?:[^`]|``)*)`\)$/i;

/** The tables of MySQL or MariaDB in the shape of all engines. */
export function mysqlSchema(catalogue: MysqlCatalogue): SchemaFacts {
  const columns = grouped(catalogue.columns, 0);
  const statistics = grouped(catalogue.statistics, 0);
  const checks = grouped(catalogue.checks, 0);
  const foreignKeys = grouped(catalogue.foreignKeys, 0);
  const tables = catalogue.tables.map((row): TableFacts => {
    const name = factWord(row[0]);
    const conditions = (checks.get(name) ?? []).map((check) => factWord(check[1]));
    const jsonColumns = new Set(
      conditions.flatMap((text) => JSON_CHECK.exec(text)?.[1]?.replaceAll('``', '`').toLowerCase() ?? []),
    );
    const indexes = indexesOf(statistics.get(name) ?? []);
    return {
      name,
      columns: (columns.get(name) ?? []).map((column) => {
        const type = factWord(column[2]);
        const isJson = type === 'longtext' && jsonColumns.has(factWord(column[1]).toLowerCase());
        return {
          name: factWord(column[1]),
          type: isJson ? 'json' : type,
          isNullable: factText(column[3]) === 'YES',
          defaultValue: defaultOf(factText(column[4]), catalogue.isMariaDb),
        };
      }),
      primaryKey: indexes.find((index) => index.name === 'PRIMARY')?.columns.map((column) => column ?? '') ?? [],
      indexes,
      checks: conditions.filter((text) => !JSON_CHECK.test(text)),
      foreignKeys: foreignKeysOf(foreignKeys.get(name) ?? []),
    };
  });
  const routines = (kind: string): string[] =>
    catalogue.routines.filter((row) => factText(row[1]) === kind).map((row) => factWord(row[0]));
  return {
    tables,
    views: catalogue.views.map((row) => factWord(row[0])),
    triggers: catalogue.triggers.map((row) => ({ table: factWord(row[0]), name: factWord(row[1]) })),
    procedures: routines('PROCEDURE'),
    functions: routines('FUNCTION'),
  };
}

function defaultOf(text: string | null, isMariaDb: boolean): string | null {
  return isMariaDb && text?.toUpperCase() === 'NULL' ? null : text;
}

function indexesOf(rows: FactRows): IndexFacts[] {
  return [...grouped(rows, 1)].map(([name, parts]) => ({
    name,
    columns: parts.map((part) => factText(part[2])),
    isUnique: parts.every((part) => factText(part[3]) === '0'),
    // Two values may differ behind the prefix that is looked at.
    isPartial: parts.some((part) => factText(part[4]) !== null),
  }));
}

function foreignKeysOf(rows: FactRows): ForeignKeyFacts[] {
  return [...grouped(rows, 1).values()].map((parts) => ({
    columns: parts.map((part) => factWord(part[2])),
    table: factWord(parts[0]?.[3]),
    referencedColumns: parts.map((part) => factWord(part[4])),
    onDelete: factWord(parts[0]?.[5]),
    onUpdate: factWord(parts[0]?.[6]),
  }));
}

/** What an `EXPLAIN FORMAT=JSON` is read with: it names tables as the statement calls them. */
export interface MysqlNames {
  /** The database. */
  readonly database: string;
  readonly tables: readonly string[];
  /** The statement, and the definitions of views, as the engine writes them: every table with its database before it. */
  readonly statements: readonly string[];
}

/**
 * What a plan of MySQL or MariaDB reads: `ALL` is every row, `index` every entry of an index. A name that cannot be told from the
 * statement stands for every table: what is not known is not taken for right.
 *
 * @throws SyntaxError for what is no JSON.
 */
export function mysqlPlan(json: string, names: MysqlNames): PlanFacts {
  const aliases = aliasesOf(names);
  const indexes = new Set<string>();
  const fullScans = new Set<string>();
  const tablesOf = (name: string): readonly string[] => aliases.get(name.toLowerCase()) ?? names.tables;
  walk(JSON.parse(json) as unknown, (table) => {
    const name = table['table_name'];
    // Of results that the engine makes by the way, such as <derived2>.
    if (typeof name !== 'string' || (name.startsWith('<') && !aliases.has(name.toLowerCase()))) return;
    const access = table['access_type'];
    if (access === 'ALL' || access === 'index') for (const real of tablesOf(name)) fullScans.add(real);
    for (const key of keysOf(table)) indexes.add(key);
  });
  return { indexes: [...indexes], fullScans: [...fullScans] };
}

type JsonObject = Readonly<Record<string, unknown>>;

function walk(value: unknown, see: (object: JsonObject) => void): void {
  if (Array.isArray(value)) for (const item of value) walk(item, see);
  else if (isObject(value)) {
    see(value);
    for (const item of Object.values(value)) walk(item, see);
  }
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Its own, and those of the indexes that are merged for it or filter it; not those of what it is made from. */
function keysOf(table: JsonObject): string[] {
  const keys: string[] = [];
  for (const part of [table, table['index_merge'], table['rowid_filter']]) {
    walk(part === table ? { key: table['key'] } : part, ({ key }) => {
      if (typeof key === 'string') keys.push(...mergedKeys(key));
    });
  }
  return keys;
}

/** MySQL: `union(a,intersect(b,c))`. */
function mergedKeys(key: string): readonly string[] {
  if (!/^(?:union|intersect|sort_union)\(.*\)$/.test(key)) return [key];
  return key.split(/(?:union|intersect|sort_union)\(|[,)]/).filter((name) => name !== '');
}

/** Which tables a name can stand for, by the places `database`.`table` `alias` in the statements. */
function aliasesOf({ database, tables, statements }: MysqlNames): ReadonlyMap<string, readonly string[]> {
  const aliases = new Map<string, Set<string>>(tables.map((name) => [name.toLowerCase(), new Set([name])]));
  for (const statement of statements) {
    const tokens = tokensOf(statement);
    for (const [at, token] of tokens.entries()) {
      const isTable = token === quoted(database) && tokens[at + 1] === '.' && tokens[at - 1] !== '.';
      const name = tokens[at + 2] ?? '';
      if (!isTable || !name.startsWith('`') || tokens[at + 3] === '.') continue;
      const real = tables.find((table) => table.toLowerCase() === unquoted(name).toLowerCase());
      const next = tokens[at + 3] ?? '';
      const alias = next.startsWith('`') ? next : name;
      if (real === undefined) continue;
      const key = unquoted(alias).toLowerCase();
      aliases.set(key, (aliases.get(key) ?? new Set<string>()).add(real));
    }
  }
  return new Map([...aliases].map(([name, real]) => [name, [...real]]));
}

function tokensOf(statement: string): string[] {
  const tokens: string[] = [];
  for (let at = 0; at < statement.length;) {
    const end = endOfToken(statement, at, 'mysql');
    const token = statement.slice(at, end);
    if (!isBlank(token, 'mysql')) tokens.push(token);
    at = end;
  }
  return tokens;
}

function quoted(name: string): string {
  return `\`${name.replaceAll('`', '``')}\``;
}

function unquoted(token: string): string {
  return token.slice(1, -1).replaceAll('``', '`');
}
