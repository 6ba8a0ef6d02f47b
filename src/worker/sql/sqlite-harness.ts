/**
 * Runs SQL with Python's own module of SQLite, inside the sandbox. Reads a job from standard input and writes what it sees to
 * the descriptor 3, a JSON list in each line; `read-sqlite-report.ts` reads them. It knows nothing of what is expected.
 *
 * The script of a student has no way to this program: SQL has no files and no descriptors but by ATTACH, extensions and
 * virtual tables, and the authorizer, which SQLite asks when it compiles a statement, refuses these, what corrupts a
 * database from inside, and what changes where files go. What reads the outcome is a connection of its own, which knows no
 * temporary tables and writes nothing.
 */
export const SQLITE_HARNESS = String.raw`
import json, os, re, sqlite3, sys

job = json.loads(sys.stdin.buffer.read())
out = os.fdopen(3, 'w', encoding='ascii', newline='\n')
PATH = '/tmp/test.db'
denied = None


def tell(*line):
    out.write(json.dumps(line) + '\n')


def finish(*line):
    tell(*line)
    out.flush()
    os._exit(0)


def phase(name):
    tell('phase', name)
    # What is told before a limit ends this program must be there.
    out.flush()


def deny(why):
    global denied
    denied = why
    return sqlite3.SQLITE_DENY


PRAGMAS = {'writable_schema', 'temp_store_directory', 'data_store_directory', 'hard_heap_limit', 'soft_heap_limit'}
ATTACH, PRAGMA, FUNCTION, VIRTUAL = 24, 19, 31, (29, 30)


def authorize(action, first, second, database, inside):
    name = str(first).lower()
    if action == ATTACH and first not in ('', ':memory:'):
        return deny('Other files cannot be attached here.')
    if action == PRAGMA and name in PRAGMAS:
        return deny('PRAGMA ' + name + ' cannot be used here.')
    if action == FUNCTION and str(second).lower() in ('load_extension', 'fts3_tokenizer'):
        return deny('The function ' + str(second) + ' cannot be used here.')
    if action in VIRTUAL:
        return deny('Virtual tables cannot be made or dropped here.')
    if name == 'sqlite_dbpage':
        return deny('The pages of the database cannot be used here.')
    return sqlite3.SQLITE_OK


class Bytes:
    def __init__(self, content):
        self.content = content


def text(content):
    try:
        return content.decode('utf-8')
    except UnicodeDecodeError:
        return Bytes(content)


def cell(value):
    if value is None:
        return None
    if isinstance(value, str):
        return 't' + value
    if isinstance(value, int):
        return 'i' + str(value)
    if isinstance(value, float):
        return 'f' + repr(value)
    return 'b' + (value.content if isinstance(value, Bytes) else value).hex()


def name(value):
    return value if isinstance(value, str) else ''


def connect():
    connection = sqlite3.connect(PATH, isolation_level=None)
    connection.text_factory = text
    return connection


budget = {'rows': job['rows'], 'values': job['values'], 'bytes': job['bytes']}


def spend(what, amount):
    budget[what] -= amount
    if budget[what] < 0:
        finish('limit', 'output' if what == 'bytes' else 'rows')


# The rows of a statement, written as they will be told, and never more of them than may be.
def rows_of(cursor):
    rows = []
    for row in cursor:
        spend('rows', 1)
        spend('values', len(row))
        written = json.dumps([cell(value) for value in row])
        spend('bytes', len(written))
        rows.append(written)
    return rows


def execute(connection, statement, line, path=None):
    global denied
    denied = None
    try:
        cursor = connection.execute(statement)
        if cursor.description is None:
            return None
        return [column[0] for column in cursor.description], rows_of(cursor)
    except MemoryError:
        finish('limit', 'memory')
    except Exception as error:
        message = denied or str(error) or type(error).__name__
        is_syntax = re.search('syntax error|incomplete input|unrecognized token|one statement at a time', message)
        finish('error', message, line, path, is_syntax is not None)


def tell_result(result):
    columns, rows = result
    tell('result', columns)
    for row in rows:
        out.write('["row",' + row + ']\n')


def schema_of(connection):
    def ask(statement, *values):
        return [[x if x is None or isinstance(x, (int, str)) else '' for x in row] for row in connection.execute(statement, values)]

    made = "type = ? AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
    tables = []
    for table, sql in ask('SELECT name, sql FROM sqlite_master WHERE ' + made, 'table'):
        indexes = []
        for index, unique, origin, partial in ask('SELECT name, "unique", origin, partial FROM pragma_index_list(?)', table):
            columns = [row[0] for row in ask('SELECT name FROM pragma_index_info(?) ORDER BY seqno', index)]
            indexes.append([index, unique, partial, columns])
        tables.append({
            'name': table,
            'sql': sql,
            'columns': ask('SELECT name, type, "notnull", dflt_value, pk FROM pragma_table_xinfo(?) WHERE hidden <> 1', table),
            'indexes': indexes,
            'foreignKeys': ask('SELECT id, "table", "from", "to", on_update, on_delete FROM pragma_foreign_key_list(?) ORDER BY id, seq', table),
        })
    return {
        'tables': tables,
        'views': [row[0] for row in ask('SELECT name FROM sqlite_master WHERE ' + made, 'view')],
        'triggers': ask('SELECT name, tbl_name FROM sqlite_master WHERE ' + made, 'trigger'),
    }


phase('setup')
connection = connect()
for statement, line, path in job['setup']:
    execute(connection, statement, line, path)
if connection.in_transaction:
    connection.execute('COMMIT')
connection.set_authorizer(authorize)

phase('script')
results = []
for statement, line in job['script']:
    result = execute(connection, statement, line)
    if result is not None:
        results.append((statement, result))
tell('results', len(results))
connection.close()

phase('check')
wanted = len(results) if job['resultSet'] is None else job['resultSet']
chosen = results[wanted - 1] if 1 <= wanted <= len(results) else None
connection = connect()
connection.execute('PRAGMA query_only = ON')
connection.set_authorizer(authorize)
if job['query'] is not None:
    budget.update(rows=job['rows'], values=job['values'], bytes=job['bytes'])
    result = execute(connection, job['query'], None)
    if result is not None:
        tell_result(result)
elif chosen is not None:
    tell_result(chosen[1])
if job['schema']:
    try:
        tell('schema', schema_of(connection))
    except sqlite3.Error as error:
        finish('error', 'The schema could not be read: ' + str(error), None, None, False)
explained = job['query'] if job['query'] is not None else None if chosen is None else chosen[0]
if job['plan'] and explained is not None:
    try:
        steps = [[row[1], row[2], row[3], row[4]] for row in connection.execute('EXPLAIN ' + explained)]
        roots = [[name(x) if not isinstance(x, int) else x for x in row] for row in connection.execute(
            "SELECT type, name, tbl_name, rootpage FROM sqlite_master WHERE rootpage > 0")]
        tell('plan', steps, roots)
    except sqlite3.Error as error:
        finish('error', 'The plan could not be read: ' + str(error), None, None, False)
finish('done')
`;
