import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';

/** Where the matrix lies, as developers know it. */
export const MATRIX_FILE = 'docs/access-matrix.yaml';

/** The columns of people, in the order of the file. */
export const ACTORS = [
  'anonymous',
  'outsider',
  'student',
  'classmate',
  'assistant',
  'instructor',
  'foreign',
  'admin',
] as const;
export type Actor = (typeof ACTORS)[number];

const CELLS = ['yes', 401, 403, 404] as const;
/** What somebody is to get: let in, or one of the refusals. */
export type Cell = (typeof CELLS)[number];

const TOKENS = ['read', 'submit', 'manage', 'admin', 'session', 'any'] as const;
type TokenCell = (typeof TOKENS)[number];

/** One line of the matrix. */
export interface AccessLine {
  /** As in the file, such as `GET /api/v1/courses/{courseId} (draft)`. */
  readonly title: string;
  /** The same without the state, which is a route of the OpenAPI document. */
  readonly route: string;
  readonly method: string;
  readonly path: string;
  readonly isDraft: boolean;
  readonly isDocumented: boolean;
  readonly cells: Readonly<Record<Actor, Cell>>;
  /** The scope that a personal access token needs; `session`: no token will do; `any`: it is not looked at. */
  readonly token: TokenCell;
}

/** All lines of the matrix, in the order of the file. @throws Error that names the line that cannot be read */
export function readAccessMatrix(): readonly AccessLine[] {
  const text = readFileSync(fileURLToPath(new URL(`../../../${MATRIX_FILE}`, import.meta.url)), 'utf8');
  const file = parse(text) as Readonly<Record<string, unknown>>;
  const columns: unknown = [...ACTORS, 'token'];
  if (JSON.stringify(file['columns']) !== JSON.stringify(columns)) {
    throw new Error(`${MATRIX_FILE}: columns must be ${JSON.stringify(columns)}.`);
  }
  return [...linesOf(file['routes'], true), ...linesOf(file['undocumented'], false)];
}

function linesOf(lines: unknown, isDocumented: boolean): AccessLine[] {
  return Object.entries(lines as Readonly<Record<string, unknown>>).map(([title, cells]) =>
    readLine(title, cells, isDocumented),
  );
}

function readLine(title: string, given: unknown, isDocumented: boolean): AccessLine {
  const [, method = '', path = '', state] = /^([A-Z]+) (\/\S*)( \(draft\))?$/.exec(title) ?? [];
  const cells: readonly unknown[] = Array.isArray(given) ? given : [];
  const token = TOKENS.find((one) => one === cells[ACTORS.length]);
  if (path === '' || cells.length !== ACTORS.length + 1 || token === undefined) throw unreadable(title);
  const entries = ACTORS.map((actor, index) => {
    const cell = CELLS.find((one) => one === cells[index]);
    if (cell === undefined) throw unreadable(title);
    return [actor, cell] as const;
  });
  return {
    title,
    route: `${method} ${path}`,
    method,
    path,
    isDraft: state !== undefined,
    isDocumented,
    cells: Object.fromEntries(entries) as Record<Actor, Cell>,
    token,
  };
}

function unreadable(title: string): Error {
  return new Error(
    `${MATRIX_FILE}: the line "${title}" must be "METHOD /path: [eight cells of ${CELLS.join(', ')}, then one of ${TOKENS.join(', ')}]".`,
  );
}

/** What to write for a route that the file lacks: everything refused, but what is surely known. */
export function suggestLine(route: string, isPublic: boolean): string {
  const cells = ACTORS.map((actor) => (isPublic ? 'yes' : actor === 'anonymous' ? '401' : '404'));
  const token = isPublic ? 'any' : route.startsWith('GET ') ? 'read' : 'manage';
  return `  ${`${route}:`.padEnd(62)}[${[...cells, token].join(', ')}]`;
}
