import csv
import sqlite3
import sys

path, group_by, function, column, *conditions = sys.argv[1:]
where = [condition.split("=", 1) for condition in conditions]

with open(path, newline="", encoding="utf-8") as file:
    header, *rows = csv.reader(file)

for name in [group_by, column] + [name for name, _ in where]:
    if name not in header:
        print("unknown column:", name, file=sys.stderr)
        sys.exit(2)


def quoted(name):
    return '"' + name.replace('"', '""') + '"'


database = sqlite3.connect(":memory:")
database.execute(f"CREATE TABLE data ({', '.join(quoted(name) for name in header)})")
database.executemany(f"INSERT INTO data VALUES ({', '.join('?' * len(header))})", rows)

value = f"NULLIF({quoted(column)}, '')"
if function != "count":
    value = f"CAST({value} AS REAL)"
sql = f"""
    SELECT COALESCE(NULLIF({quoted(group_by)}, ''), '(none)') AS name, {function}({value})
    FROM data
    WHERE {' AND '.join(['TRUE'] + [quoted(name) + ' = ?' for name, _ in where])}
    GROUP BY name ORDER BY name
"""
for name, result in database.execute(sql, [text for _, text in where]):
    print(name, "-" if result is None else result)
