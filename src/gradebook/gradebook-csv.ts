import { BYTE_ORDER_MARK, csvRecord } from './csv.js';
import type { GradebookAssignment, GradebookRow } from './gradebook-row.js';

interface CsvStudent {
  readonly id: string;
  readonly name: string;
  readonly email: string;
}

/**
 * The text of a gradebook file, some students at a time. The first line names the columns, assignments with their slug,
 * which is unique; then one line for each student, empty cells where nothing is graded.
 *
 * @param rowsOf reads the rows of some students, in their order
 */
export async function* gradebookCsv<Student extends CsvStudent>(
  assignments: readonly GradebookAssignment[],
  students: readonly Student[],
  rowsOf: (students: readonly Student[]) => Promise<readonly GradebookRow[]>,
  studentsAtATime: number,
): AsyncGenerator<string> {
  const columns = assignments.map(({ title, slug }) => `${title} (${slug})`);
  yield BYTE_ORDER_MARK + csvRecord(['Student ID', 'Name', 'E-mail', ...columns, 'Total', 'Out of']);
  for (let from = 0; from < students.length; from += studentsAtATime) {
    const some = students.slice(from, from + studentsAtATime);
    const rows = await rowsOf(some);
    yield some.map((student, index) => recordOf(student, rows[index])).join('');
  }
}

function recordOf({ id, name, email }: CsvStudent, row: GradebookRow | undefined): string {
  if (row === undefined) throw new Error(`The gradebook has no row for student ${id}.`);
  return csvRecord([id, name, email, ...row.cells.map(({ score }) => score), row.total.score, row.total.maxScore]);
}

/** A file name for the gradebook of a course, safe in every file system and header. */
export function gradebookFileName(courseCode: string): string {
  const name = courseCode.replace(/[^A-Za-z0-9_-]+/g, '-').replace(/^-+|-+$/g, '');
  return name === '' ? 'gradebook.csv' : `gradebook-${name}.csv`;
}
