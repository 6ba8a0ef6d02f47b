"""Calls functions of the submission and writes what they give to the descriptor 3, a JSON object a line.

It runs in the submission's own process, which may change it, end it and write what it likes: that is what the functions gave, then.
Nothing that is expected is known here; the worker compares. Values are written as docs/grading-unit.md says.
"""

import asyncio
import base64
import collections.abc
import importlib
import importlib.util
import inspect
import json
import os
import sys

BOX = "/box"
DEEPEST = 64
MOST_ITEMS = 100_000
LARGEST_NUMBER = 2**53


def decode(value):
    if isinstance(value, list):
        return [decode(one) for one in value]
    if not isinstance(value, dict):
        return value
    if len(value) == 1:
        ((form, inside),) = value.items()
        if form in FORMS:
            return FORMS[form](inside)
    return {key: decode(one) for key, one in value.items()}


def as_object(inside):
    cls = getattr(module, inside["class"])
    made = cls.__new__(cls)
    for name, one in inside["fields"].items():
        object.__setattr__(made, name, decode(one))
    return made


FORMS = {
    "$tuple": lambda inside: tuple(decode(one) for one in inside),
    "$set": lambda inside: {decode(one) for one in inside},
    "$map": lambda inside: {decode(key): decode(one) for key, one in inside},
    "$bytes": lambda inside: base64.b64decode(inside),
    "$int": int,
    "$float": float,
    "$undefined": lambda inside: None,
    "$object": as_object,
}


def encode(value, depth=0):
    if depth > DEEPEST:
        return {"$opaque": "too deep"}
    if value is None or isinstance(value, (bool, str)):
        return value if value is None or isinstance(value, bool) else str(value)
    if isinstance(value, int):
        return int(value) if -LARGEST_NUMBER < value < LARGEST_NUMBER else {"$int": str(int(value))}
    if isinstance(value, float):
        if value != value:
            return {"$float": "nan"}
        if value in (float("inf"), float("-inf")):
            return {"$float": "inf" if value > 0 else "-inf"}
        return float(value)
    inner = depth + 1
    if isinstance(value, (bytes, bytearray, memoryview)):
        return {"$bytes": base64.b64encode(bytes(value)).decode()}
    if isinstance(value, list):
        return [encode(one, inner) for one in value]
    if isinstance(value, tuple):
        return {"$tuple": [encode(one, inner) for one in value]}
    if isinstance(value, (set, frozenset)):
        return {"$set": [encode(one, inner) for one in value]}
    if isinstance(value, collections.abc.Mapping):
        if all(isinstance(key, str) for key in value) and not (len(value) == 1 and next(iter(value)).startswith("$")):
            return {str(key): encode(one, inner) for key, one in value.items()}
        return {"$map": [[encode(key, inner), encode(one, inner)] for key, one in value.items()]}
    if isinstance(value, (collections.abc.Iterator, collections.abc.KeysView, collections.abc.ValuesView, range)):
        items = []
        for one in value:
            if len(items) == MOST_ITEMS:
                return {"$opaque": "endless " + type(value).__name__}
            items.append(encode(one, inner))
        return items
    slots = getattr(type(value), "__slots__", None)
    if isinstance(slots, (list, tuple)) and not hasattr(value, "__dict__"):
        fields = {name: getattr(value, name) for name in slots if hasattr(value, name)}
    else:
        fields = getattr(value, "__dict__", None)
    if isinstance(value, type) or callable(value) or not isinstance(fields, dict):
        return {"$opaque": type(value).__name__}
    inside = {str(name): encode(one, inner) for name, one in fields.items()}
    return {"$object": {"class": type(value).__name__, "fields": inside}}


def load(path):
    name = path[:-3] if path.endswith(".py") else path
    sys.path.insert(0, os.path.dirname(os.path.join(BOX, path)))
    if sys.path[0] != BOX:
        sys.path.insert(0, BOX)
    if "/" in name and all(part.isidentifier() for part in name.split("/")):
        return importlib.import_module(name.replace("/", "."))
    # By its place: a module of the standard library may have its name.
    spec = importlib.util.spec_from_file_location(name, os.path.join(BOX, path))
    loaded = importlib.util.module_from_spec(spec)
    sys.modules[name] = loaded
    spec.loader.exec_module(loaded)
    return loaded


def explain(error):
    try:
        return str(error)
    except BaseException:
        return "(its text cannot be had)"


def report(**record):
    try:
        line = json.dumps(record)
    except BaseException as error:
        record["kind"], record["value"], record["args"] = "unloaded", None, None
        line = json.dumps({**record, "message": "What it gave cannot be shown: " + type(error).__name__})
    left = (line + "\n").encode()
    while left:
        left = left[os.write(3, left) :]


def raised(call, step, error):
    report(call=call, step=step, kind="raised", types=[one.__name__ for one in type(error).__mro__], message=explain(error))


def find(target, names):
    first, *rest = target.split(".")
    found = names[first] if first in names else getattr(module, first)
    for name in rest:
        found = getattr(found, name)
    return found


def do(step, names):
    target = step["get"] or step["new"] or step["call"]
    found = find(target, names)
    if step["get"]:
        return found, []
    args = [decode(one) for one in step["args"]]
    result = found(*args, **{key: decode(one) for key, one in step["kwargs"].items()})
    return (asyncio.run(result) if inspect.iscoroutine(result) else result), args


with open("/grader/.assay/calls.json", encoding="utf-8") as opened:
    task = json.load(opened)
sys.argv[:] = [task["module"]]
try:
    module = load(task["module"])
except BaseException as error:
    for number in range(len(task["calls"])):
        text = "%s could not be loaded: %s: %s" % (task["module"], type(error).__name__, explain(error))
        report(call=number, step=0, kind="unloaded", message=text)
        report(call=number, kind="end")
    sys.stdout.flush()
    os._exit(1)
for number, steps in enumerate(task["calls"]):
    names = {}
    for index, step in enumerate(steps):
        try:
            value, args = do(step, names)
            # An object that later steps use need not be a value.
            told = None if step["as"] else encode(value)
            after = encode(args) if step["tellsArgs"] else None
        except BaseException as error:
            raised(number, index, error)
            continue
        if step["as"]:
            names[step["as"]] = value
        report(call=number, step=index, kind="returned", value=told, args=after)
    try:
        sys.stdout.flush()
    except BaseException:
        pass
    report(call=number, kind="end")
# Threads that were left belong to no call.
sys.stderr.flush()
os._exit(0)
