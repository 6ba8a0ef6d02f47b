import re
import sys

users = {}
for line in open("users.csv").read().splitlines()[1:]:
    key, name = line.split(",")
    users[int(key)] = name
highest = max(users)


def get(query):
    after, limit = 0, 4
    for part in query.split("&") if query else []:
        found = re.fullmatch(r"(after|limit)=([0-9]+)", part)
        if not found:
            print(400)
            return
        if found[1] == "after":
            after = int(found[2])
        else:
            limit = int(found[2])
    if limit < 1 or limit > 6:
        print(400)
        return
    rest = sorted(key for key in users if key > after)
    print(200)
    for key in rest[:limit]:
        print(key, users[key])
    print("next", f"/users?after={rest[limit - 1]}&limit={limit}" if len(rest) > limit else "none")


for line in sys.stdin.read().splitlines():
    if found := re.fullmatch(r"GET /users(?:\?(.*))?", line):
        get(found[1])
    elif found := re.fullmatch(r"POST /users (.+)", line):
        highest += 1
        users[highest] = found[1]
        print(201, highest)
    elif (found := re.fullmatch(r"DELETE /users/(\d+)", line)) and int(found[1]) in users:
        del users[int(found[1])]
        print(204)
    else:
        print(404)
