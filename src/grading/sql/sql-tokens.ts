import type { SqlDialect } from './sql-engine-name.js';

const WORD = /[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*|[0-9][\w.]*/y;
const SPACE = /[\s]+/y;
const DOLLAR_TAG = /\$(?:[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$/y;

/**
 * Where the token that begins at `at` ends: white space, a comment, a string, a quoted name, a word or number, or one other
 * character. What is not closed ends with the text. Time is linear in the length of the token.
 */
export function endOfToken(text: string, at: number, engine: SqlDialect): number {
  const character = text[at];
  if (startsLineComment(text, at, engine)) return endOrAll(text, text.indexOf('\n', at), 0);
  if (text.startsWith('/*', at)) return endOfComment(text, at, engine);
  if (character === "'" || character === '"' || (character === '`' && engine !== 'postgres')) {
    return endOfQuoted(text, at, character, hasEscapes(text, at, engine));
  }
  if (character === '[' && engine === 'sqlite') return endOrAll(text, text.indexOf(']', at), 1);
  if (character === '$' && engine === 'postgres') {
    const tag = matchAt(DOLLAR_TAG, text, at);
    if (tag !== null) return endOrAll(text, text.indexOf(tag, at + tag.length), tag.length);
  }
  return at + (matchAt(SPACE, text, at) ?? matchAt(WORD, text, at) ?? text[at] ?? ' ').length;
}

/** Whether a token is white space or a comment. What MySQL runs though it looks like a comment is none. */
export function isBlank(token: string, engine: SqlDialect): boolean {
  if (/^\s/.test(token) || startsLineComment(token, 0, engine)) return true;
  return token.startsWith('/*') && !(engine === 'mysql' && /^\/\*(?:!|M!)/.test(token));
}

function startsLineComment(text: string, at: number, engine: SqlDialect): boolean {
  if (text[at] === '#') return engine === 'mysql';
  if (!text.startsWith('--', at)) return false;
  // MySQL takes 5--1 for a subtraction.
  return engine !== 'mysql' || /^[\s\p{Cc}]?$/u.test(text[at + 2] ?? '');
}

function endOfComment(text: string, at: number, engine: SqlDialect): number {
  if (engine !== 'postgres') return endOrAll(text, text.indexOf('*/', at + 2), 2);
  let depth = 0;
  for (let position = at; position < text.length; position += 1) {
    const pair = text[position] === '/' ? '*' : text[position] === '*' ? '/' : null;
    if (pair === null || text[position + 1] !== pair) continue;
    depth += pair === '*' ? 1 : -1;
    position += 1;
    if (depth === 0) return position + 1;
  }
  return text.length;
}

/** MySQL's strings know backslashes, and so do PostgreSQL's that are written E'…'. */
function hasEscapes(text: string, at: number, engine: SqlDialect): boolean {
  const quote = text[at];
  if (engine === 'mysql') return quote !== '`';
  return (
    engine === 'postgres' && quote === "'" && /(?:^|[^\w$\u0080-\uffff])[eE]$/.test(text.slice(Math.max(0, at - 2), at))
  );
}

function endOfQuoted(text: string, at: number, quote: string, escapes: boolean): number {
  for (let position = at + 1; position < text.length; position += 1) {
    const character = text[position];
    if (character === '\\' && escapes) position += 1;
    else if (character === quote) {
      if (text[position + 1] !== quote) return position + 1;
      position += 1;
    }
  }
  return text.length;
}

function endOrAll(text: string, found: number, length: number): number {
  return found === -1 ? text.length : found + length;
}

function matchAt(pattern: RegExp, text: string, at: number): string | null {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0] ?? null;
}
