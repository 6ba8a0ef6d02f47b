# Verdict: accepted
# Outcome: exited 0
# Stdout: "[('Ada', 2), ('Alan', 1)]\n"
# Why: a database in a file, with a journal and locks.
import sqlite3

with sqlite3.connect("course.db") as database:
    database.execute("create table work (name text, number integer)")
    database.executemany("insert into work values (?, ?)", [("Ada", 1), ("Alan", 1), ("Ada", 2)])
    database.commit()
    print(database.execute("select name, count(*) from work group by name order by name").fetchall())
