import sys
from bisect import bisect_right
from urllib.parse import parse_qsl, urlsplit

DEFAULT_LIMIT, LARGEST_LIMIT = 4, 6


class Users:
    def __init__(self, rows):
        self.names = dict(rows)
        self.ids = sorted(self.names)
        self.last_id = max(self.ids, default=0)

    def add(self, name):
        self.last_id += 1
        self.names[self.last_id] = name
        self.ids.append(self.last_id)
        return self.last_id

    def remove(self, user_id):
        if self.names.pop(user_id, None) is None:
            return False
        self.ids.remove(user_id)
        return True

    def page(self, after, limit):
        start = bisect_right(self.ids, after)
        chosen = self.ids[start:start + limit]
        return [(i, self.names[i]) for i in chosen], start + limit < len(self.ids)


def whole(text):
    return int(text) if text.isascii() and text.isdigit() else None


def list_users(users, query):
    values = {"after": 0, "limit": DEFAULT_LIMIT}
    for key, text in parse_qsl(query, keep_blank_values=True):
        if key not in values or whole(text) is None:
            return ["400"]
        values[key] = whole(text)
    if not 1 <= values["limit"] <= LARGEST_LIMIT:
        return ["400"]
    rows, more = users.page(values["after"], values["limit"])
    link = f"/users?after={rows[-1][0]}&limit={values['limit']}" if more else "none"
    return ["200", *(f"{i} {name}" for i, name in rows), f"next {link}"]


def answer(users, request):
    method, _, target = request.partition(" ")
    if method == "POST" and target.startswith("/users "):
        return [f"201 {users.add(target.removeprefix('/users '))}"]
    if method == "DELETE" and target.startswith("/users/"):
        user_id = whole(target.removeprefix("/users/"))
        return ["204" if user_id is not None and users.remove(user_id) else "404"]
    url = urlsplit(target)
    if method == "GET" and url.path == "/users":
        return list_users(users, url.query)
    return ["404"]


with open("users.csv", encoding="utf-8") as file:
    next(file)
    rows = (line.rstrip("\n").split(",", 1) for line in file if line.strip())
    users = Users((int(user_id), name) for user_id, name in rows)
for line in sys.stdin:
    print("\n".join(answer(users, line.rstrip("\n"))))
