import math
import sys

args = sys.argv[1:]
if len(args) != 2 or not all(a.isdigit() and int(a) > 0 for a in args):
    print("usage: main.py PAGE PER_PAGE", file=sys.stderr)
    sys.exit(2)

page, per_page = int(args[0]), int(args[1])
items = sys.stdin.read().splitlines()
share = per_page / len(items)  # nobody thought of the empty collection
pages = math.ceil(1 / share)
start = (page - 1) * per_page
chosen = items[start:start + per_page]
print(f"page {page} of {pages}")
if chosen:
    print(f"items {start + 1}-{start + len(chosen)} of {len(items)}")
    print("\n".join(chosen))
else:
    print(f"no items of {len(items)}")
