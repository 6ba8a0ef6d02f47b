import sys


def cut(items, size):
    """All pages of the collection; an empty collection still has one."""
    return [items[i:i + size] for i in range(0, len(items), size)] or [[]]


try:
    page, size = (int(argument) for argument in sys.argv[1:])
    if page < 1 or size < 1:
        raise ValueError
except ValueError:
    print("usage: main.py PAGE PER_PAGE", file=sys.stderr)
    sys.exit(2)

items = [line.rstrip("\n") for line in sys.stdin]
pages = cut(items, size)
print(f"page {page} of {len(pages)}")
chosen = pages[page - 1] if page <= len(pages) else []
if chosen:
    before = sum(len(p) for p in pages[:page - 1])
    print(f"items {before + 1}-{before + len(chosen)} of {len(items)}")
    print("\n".join(chosen))
else:
    print(f"no items of {len(items)}")
