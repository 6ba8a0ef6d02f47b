# Verdict: accepted
# Outcome: exited 0
# Stdout: "Ada 36\nAlan 41\n"
# Files: {"data/people.csv": "name,age\nAlan,41\nAda,36\n"}
# Why: reads a file beside the program, writes another and reads that.
import csv, json, pathlib, tempfile

rows = sorted(csv.DictReader(open("data/people.csv")), key=lambda row: row["name"])
with tempfile.TemporaryDirectory() as folder:
    copy = pathlib.Path(folder) / "people.json"
    copy.write_text(json.dumps(rows))
    for row in json.loads(copy.read_text()):
        print(row["name"], row["age"])
