import { endOfToken, isBlank } from './sql-tokens.js';

/** Names of one type, the first of which stands for all: what the engines write for what was asked. */
const TYPE_NAMES: readonly (readonly string[])[] = [
  ['integer', 'int', 'int4', 'serial', 'mediumint'],
  ['bigint', 'int8', 'bigserial'],
  ['smallint', 'int2', 'smallserial'],
  ['decimal', 'numeric', 'dec', 'number'],
  ['double', 'double precision', 'float8', 'float'],
  ['real', 'float4'],
  ['varchar', 'character varying', 'varchar2', 'nvarchar'],
  ['char', 'character', 'bpchar', 'nchar'],
  ['boolean', 'bool', 'tinyint(1)'],
  ['timestamp', 'timestamp without time zone'],
  ['timestamptz', 'timestamp with time zone'],
  ['time', 'time without time zone'],
  ['timetz', 'time with time zone'],
  ['blob', 'bytea'],
];
const TYPE_NAME_OF = new Map(TYPE_NAMES.flatMap(([first = '', ...others]) => others.map((other) => [other, first])));
/** What MySQL writes behind whole numbers says nothing of what they hold. */
const WIDTHS = /^(int|integer|bigint|smallint|mediumint)\s*\(\d+\)/;

/**
 * Whether a column's type is the expected one: upper and lower case are the same, and so are the names that an engine has for
 * one type (`int` and `integer`, `numeric` and `decimal`, `character varying` and `varchar`, …). A length counts where one is
 * expected: `varchar` is any, `varchar(20)` is that one.
 */
export function sameSqlType(expected: string, actual: string): boolean {
  const [wanted, got] = [typeOf(expected), typeOf(actual)];
  return wanted.name === got.name && (wanted.length === '' || wanted.length === got.length);
}

function typeOf(written: string): { readonly name: string; readonly length: string } {
  const text = written.toLowerCase().trim().replaceAll(/\s+/g, ' ').replace(WIDTHS, '$1');
  const alias = TYPE_NAME_OF.get(text);
  if (alias !== undefined) return { name: alias, length: '' };
  // The length may stand in the middle: timestamp(3) without time zone.
  const length = /\(([^)]*)\)/.exec(text);
  const name = text.replace(/ ?\([^)]*\)/, '').trim();
  return { name: TYPE_NAME_OF.get(name) ?? name, length: (length?.[1] ?? '').replaceAll(' ', '') };
}

/**
 * An expression without what engines add to it or take from it when they keep it: white space, the case of words, quotes around
 * names, parentheses, PostgreSQL's casts of constants, MySQL's marks of character sets, and its two ways of writing IN and
 * BETWEEN. Two expressions of which this is the same are taken for the same condition or default.
 */
export function plainExpression(expression: string): string {
  // MySQL 8 shows quotes with a backslash before them.
  const text = expression.replaceAll("\\'", "'");
  const tokens: string[] = [];
  for (let at = 0; at < text.length;) {
    const end = endOfToken(text, at, 'postgres');
    const token = text.slice(at, end);
    if (!isBlank(token, 'postgres') && !'()[];`'.includes(token)) tokens.push(plainToken(token));
    at = end;
  }
  return tokens
    .join(' ')
    .replaceAll(
      / : : (?:character varying|double precision|timestamp without time zone|timestamp with time zone|\w+)(?: \d+(?: , \d+)?)?/g,
      '',
    )
    .replaceAll(/\b_(?:utf8mb4|utf8mb3|utf8|latin1) (?=')/g, '')
    .replaceAll('= any array ', 'in ')
    .replaceAll(/(\S+) between (\S+) and (\S+)/g, '$1 >= $2 and $1 <= $3')
    .replaceAll('! =', '<>')
    .replaceAll('< >', '<>')
    .replaceAll('> =', '>=')
    .replaceAll('< =', '<=')
    .replace(/^current_timestamp$|^now$|^current_timestamp 0$/, 'now')
    .trim();
}

function plainToken(token: string): string {
  const quote = token[0] ?? '';
  if (quote === "'") return token;
  if (quote === '"') return token.slice(1, -1).toLowerCase();
  return token.toLowerCase();
}

/** The conditions of the CHECKs in a CREATE TABLE of SQLite, which keeps them nowhere else. */
export function checksIn(createTable: string): string[] {
  const checks: string[] = [];
  let depth = 0;
  let start = -1;
  let previous = '';
  for (let at = 0; at < createTable.length;) {
    const end = endOfToken(createTable, at, 'sqlite');
    const token = createTable.slice(at, end);
    if (token === '(') {
      if (start === -1 && previous === 'check') {
        start = end;
        depth = 0;
      }
      depth += 1;
    } else if (token === ')') {
      depth -= 1;
      if (start !== -1 && depth === 0) {
        checks.push(createTable.slice(start, at).trim());
        start = -1;
      }
    }
    if (!isBlank(token, 'sqlite')) previous = token.toLowerCase();
    at = end;
  }
  return checks;
}
