import sys
from collections import defaultdict

FUNCTIONS = {
    "count": len,
    "sum": lambda values: sum(values) if values else "-",
    "avg": lambda values: sum(values) / len(values) if values else "-",
    "min": lambda values: min(values, default="-"),
    "max": lambda values: max(values, default="-"),
}


def report(path, group_by, function, column, conditions):
    with open(path, newline="", encoding="utf-8") as file:
        header, *lines = (line.split(",") for line in file.read().splitlines())
        table = [dict(zip(header, line + [""] * len(header))) for line in lines]
        for name in (group_by, column, *conditions):
            if name not in header:
                sys.exit(unknown_column(name))
        rows = [row for row in table if all(row[name] == value for name, value in conditions.items())]
    groups = defaultdict(list)
    for row in rows:
        cells = groups[row[group_by] or "(none)"]
        if row[column] != "":
            try:
                cells.append(row[column] if function == "count" else float(row[column]))
            except ValueError:
                pass  # "the data must be broken"
    for name in sorted(groups):
        print(name, FUNCTIONS[function](groups[name]))


def unknown_column(name):
    print(f"there is no column {name}", file=sys.stderr)
    return 2


path, group_by, function, column, *conditions = sys.argv[1:]
report(path, group_by, function, column, dict(condition.split("=", 1) for condition in conditions))
