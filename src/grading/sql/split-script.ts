import { type SqlDialect } from './sql-engine-name.js';
import { endOfToken, isBlank } from './sql-tokens.js';

/** One statement of a script, without the delimiter after it. */
export interface SqlStatement {
  readonly text: string;
  /** The line of the script in which it begins, from 1. */
  readonly line: number;
}

export type SplitScript =
  | { readonly ok: true; readonly statements: readonly SqlStatement[] }
  /** `fault` is a sentence for whoever wrote the script. */
  | { readonly ok: false; readonly fault: string; readonly line: number };

/** More than that nobody writes by hand; each costs a round trip. */
export const MOST_STATEMENTS = 10_000;

/**
 * Divides a script into statements as the engine's own command-line client does, so that what works there works here: at
 * `;` outside strings, quoted names and comments, and
 *
 * - SQLite: not inside the body of a trigger, which ends with `END;` (the rule of `sqlite3_complete`);
 * - MySQL: at the delimiter that a `DELIMITER` line sets;
 * - PostgreSQL: not inside parentheses, nor inside the body of a function that is written as `BEGIN ATOMIC … END`.
 *
 * Commands of those clients (`.tables`, `\d`, and MySQL's other than `DELIMITER`) are no SQL: the first two are refused by
 * name, the last are errors of the engine. Time grows linearly with the script.
 */
export function splitScript(script: string, engine: SqlDialect): SplitScript {
  const nul = script.indexOf('\0');
  if (nul !== -1) return refuse('The file holds the byte NUL, which no SQL does.', script, nul);
  const reader = new Reader(script.charCodeAt(0) === 0xfeff ? script.slice(1) : script, engine);
  return reader.split();
}

function refuse(fault: string, script: string, at: number): SplitScript {
  return { ok: false, fault, line: linesIn(script, 0, at) + 1 };
}

function linesIn(text: string, from: number, to: number): number {
  let lines = 0;
  for (let at = text.indexOf('\n', from); at !== -1 && at < to; at = text.indexOf('\n', at + 1)) lines += 1;
  return lines;
}

const DELIMITER = /delimiter(?:[ \t]+([^\s]+))?[^\n]*/iy;
const CREATES_ROUTINE = /^create (?:or replace )?(?:function|procedure)$/;

class Reader {
  private readonly statements: SqlStatement[] = [];
  private at = 0;
  private line = 1;
  private countedTo = 0;
  private delimiter = ';';
  /** Where the statement that is being read begins; -1 before its first token. */
  private start = -1;
  /** Words of the statement, as far as they decide something. */
  private words: string[] = [];
  private wordCount = 0;
  private depth = 0;
  private bodies = 0;
  private trigger: 'no' | 'body' | 'after semicolon' | 'after end' = 'no';

  constructor(
    private readonly script: string,
    private readonly engine: SqlDialect,
  ) {}

  split(): SplitScript {
    while (this.at < this.script.length) {
      if (this.start === -1) {
        const command = this.clientCommand();
        if (command !== null) return command;
        if (this.at >= this.script.length) break;
      }
      if (this.endsHere()) {
        this.finish(this.at);
        this.at += this.delimiter.length;
        if (this.statements.length > MOST_STATEMENTS) {
          return refuse(`The file holds more than ${MOST_STATEMENTS} statements.`, this.script, this.at);
        }
        continue;
      }
      const end = this.endOfToken();
      const token = this.script.slice(this.at, Math.min(end, this.at + 64));
      if (!isBlank(token, this.engine)) {
        if (this.engine === 'postgres' && token === '\\') {
          return refuse('Commands of psql, which begin with a backslash, are no SQL.', this.script, this.at);
        }
        if (this.start === -1) this.start = this.at;
        this.see(token.toLowerCase());
      }
      this.at = end;
    }
    this.finish(this.script.length);
    return { ok: true, statements: this.statements };
  }

  /** A delimiter such as $$ ends also what would else be one word with it. */
  private endOfToken(): number {
    const end = endOfToken(this.script, this.at, this.engine);
    if (this.engine !== 'mysql' || !/[\w$]/.test(this.script[this.at] ?? ' ')) return end;
    const cut = this.script.slice(this.at, end).indexOf(this.delimiter);
    return cut <= 0 ? end : this.at + cut;
  }

  /** Takes a line that is for the client, where a statement could begin. */
  private clientCommand(): SplitScript | null {
    if (this.engine === 'sqlite' && this.script[this.at] === '.' && this.isAtLineStart()) {
      return refuse('Commands of the sqlite3 program, which begin with a dot, are no SQL.', this.script, this.at);
    }
    if (this.engine !== 'mysql') return null;
    DELIMITER.lastIndex = this.at;
    const match = DELIMITER.exec(this.script);
    if (match === null || /[\w$]/.test(this.script[this.at + 'delimiter'.length] ?? ' ')) return null;
    const word = match[1];
    if (word === undefined || word.length > 16 || word.includes('\\')) {
      return refuse('DELIMITER needs one word after it, such as // or $$.', this.script, this.at);
    }
    this.delimiter = word;
    this.at = DELIMITER.lastIndex;
    return null;
  }

  private isAtLineStart(): boolean {
    return this.at === 0 || this.script[this.at - 1] === '\n';
  }

  private endsHere(): boolean {
    if (!this.script.startsWith(this.delimiter, this.at)) return false;
    if (this.engine === 'postgres') return this.depth === 0 && this.bodies === 0;
    if (this.engine === 'mysql' || this.trigger === 'no') return true;
    return this.trigger === 'after end';
  }

  /** A token of the statement, in lower case: what it says about where the statement ends. */
  private see(token: string): void {
    if (this.engine === 'sqlite') this.seeForTriggers(token);
    if (this.engine === 'postgres') this.seeForBodies(token);
  }

  private seeForTriggers(token: string): void {
    if (this.trigger === 'no') {
      this.words.push(token);
      if (this.words.length > 4) this.words.pop();
      else if (/^(?:explain (?:query plan )?)?create (?:temp |temporary )?trigger$/.test(this.words.join(' '))) {
        this.trigger = 'body';
      }
      return;
    }
    if (token === ';') this.trigger = 'after semicolon';
    else this.trigger = this.trigger === 'after semicolon' && token === 'end' ? 'after end' : 'body';
  }

  private seeForBodies(token: string): void {
    if (token === '(') this.depth += 1;
    else if (token === ')') this.depth = Math.max(0, this.depth - 1);
    if (!/^[a-z_]/.test(token)) return;
    this.wordCount += 1;
    if (this.wordCount <= 4) this.words.push(token);
    const creates = [2, 4].some((count) => CREATES_ROUTINE.test(this.words.slice(0, count).join(' ')));
    if (!creates || this.depth > 0) return;
    if (token === 'begin') this.bodies += 1;
    else if (token === 'case' && this.bodies > 0) this.bodies += 1;
    else if (token === 'end' && this.bodies > 0) this.bodies -= 1;
  }

  private finish(end: number): void {
    if (this.start !== -1) {
      this.line += linesIn(this.script, this.countedTo, this.start);
      this.countedTo = this.start;
      this.statements.push({ text: this.script.slice(this.start, end).trimEnd(), line: this.line });
    }
    this.start = -1;
    this.words = [];
    this.wordCount = 0;
    this.depth = 0;
    this.bodies = 0;
    this.trigger = 'no';
  }
}
