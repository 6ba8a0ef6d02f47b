"""Runs pytest or unittest in this process and tells the worker what each case gave. docs/grading-unit.md says what that proves.

Started as `python3 -I -B`, so that nothing of the submission is imported before `main` says so. The key of the records is read
from standard input, lives in a closure, and is gone from everywhere else; the records go to a descriptor without a fixed number.
What the records need is bound before any code of the submission runs, and made of C functions where it can be.
"""

import ast
import ctypes
import importlib
import importlib.util
import json
import os
import sys
import traceback

BOX = "/box"
PR_SET_DUMPABLE, REPORT = 4, 3
MESSAGE_CHARACTERS = 4000
WATCHED = ["builtins", "operator", "math", "unittest", "_pytest", "pytest", "pluggy"]


def open_report(key):
    """The function that tells the worker something: keyword arguments, all of them texts or lists of texts."""
    from _hashlib import hmac_digest
    from _json import encode_basestring_ascii as quote

    write, hexlify, text_of, list_of = os.write, bytes.hex, str, list
    descriptor = os.dup(REPORT)
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, REPORT)
    os.dup2(nothing, 0)
    os.close(nothing)
    count = 0

    def tell(**record):
        nonlocal count
        fields = []
        for name, value in record.items():
            if value.__class__ is list_of:
                fields.append('"%s":[%s]' % (name, ",".join([quote(one) for one in value])))
            else:
                fields.append('"%s":%s' % (name, quote(text_of(value)[:MESSAGE_CHARACTERS])))
        body = ("%d {%s}" % (count, ",".join(fields))).encode("ascii")
        count += 1
        left = b"\n" + hexlify(hmac_digest(key, body, "sha256")).encode("ascii") + b" " + body + b"\n"
        while left:
            left = left[write(descriptor, left) :]

    return tell


def watch(prefixes):
    """A function that names the first thing of these modules that is not what it was, or None."""
    kept = []

    def keep(owner, name):
        for key, value in list(vars(owner).items()):
            if callable(value) or isinstance(value, (staticmethod, classmethod, property)):
                kept.append((vars(owner), key, value, name))

    for name, module in list(sys.modules.items()):
        if not any(name == prefix or name.startswith(prefix + ".") for prefix in prefixes):
            continue
        keep(module, name)
        for value in list(vars(module).values()):
            if isinstance(value, type) and value.__module__ == name and name != "builtins":
                keep(value, name + "." + value.__name__)
    missing = object()

    def changed():
        for owner, key, value, name in kept:
            if owner.get(key, missing) is not value:
                return name + "." + key
        return None

    return changed


def declared_cases(framework, files):
    """Names of the cases that stand in the source of `files`, read before the submission can change anything."""
    names = []
    for path in files:
        try:
            with open(os.path.join(BOX, path), "rb") as source:
                tree = ast.parse(source.read())
        except (SyntaxError, ValueError):
            continue
        module = path[:-3].replace("/", ".")
        for node in tree.body:
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and node.name.startswith("test"):
                if framework == "pytest":
                    names.append("%s::%s" % (path, node.name))
            if not isinstance(node, ast.ClassDef):
                continue
            bases = [ast.unparse(base) for base in node.bases]
            is_case = any(base.endswith("TestCase") for base in bases)
            members = [member for member in node.body if isinstance(member, (ast.FunctionDef, ast.AsyncFunctionDef))]
            told = {target.id for line in node.body if isinstance(line, ast.Assign) for target in line.targets if isinstance(target, ast.Name)}
            is_plain = framework == "pytest" and node.name.startswith("Test") and "__init__" not in [m.name for m in members]
            if "__test__" in told or not (is_case or is_plain):
                continue
            for member in members:
                if member.name.startswith("test"):
                    pattern = "%s::%s::%s" if framework == "pytest" else "%s.%s.%s"
                    names.append(pattern % (path if framework == "pytest" else module, node.name, member.name))
    return names


class Refusal(Exception):
    """What is told of the whole run in place of more cases."""


def origin_of(function):
    """The file of a test function's source, through what decorators and methods wrap it in."""
    for _ in range(100):
        inner = getattr(function, "__wrapped__", None) or getattr(function, "__func__", None)
        if inner is None:
            break
        function = inner
    code = getattr(function, "__code__", None)
    return None if code is None else os.path.realpath(code.co_filename)


def run_pytest(task, tell, is_ours):
    import pytest

    states = {}

    def changed():
        return None

    def finish(name):
        outcome, message = states.pop(name, ("failed", "It did not run."))
        found = changed()
        if found is not None:
            tell(t="tampered", message=found)
        tell(t="case", name=name, outcome=outcome, message=message)

    class Plugin:
        @pytest.hookimpl(tryfirst=True)
        def pytest_collection(self):
            # Not before: pytest changes itself while it is configured.
            nonlocal changed
            changed = watch(WATCHED)

        @pytest.hookimpl(trylast=True)
        def pytest_collection_modifyitems(self, items):
            items[:] = [item for item in items if not hasattr(item, "function") or is_ours(item.function)]

        def pytest_collectreport(self, report):
            if report.failed:
                tell(t="fault", message=last_lines(report.longreprtext))

        def pytest_runtest_logstart(self, nodeid):
            tell(t="start", name=nodeid)

        def pytest_runtest_logreport(self, report):
            name = report.nodeid
            if report.outcome == "failed":
                if states.get(name, ("", ""))[0] != "failed":
                    states[name] = ("failed", failure_of(report))
            elif report.outcome == "skipped":
                # A mark is seen before the test runs; what skips while it runs may be the submission.
                if report.when == "setup" or hasattr(report, "wasxfail"):
                    states[name] = ("skipped", skip_reason(report))
                else:
                    states[name] = ("failed", "It was skipped while it ran: " + skip_reason(report))
            elif report.when == "call":
                states.setdefault(name, ("passed", ""))

        def pytest_runtest_logfinish(self, nodeid):
            finish(nodeid)

        @pytest.hookimpl(tryfirst=True)
        def pytest_sessionfinish(self):
            found = changed()
            if found is not None:
                tell(t="tampered", message=found)

    options = ["-p", "no:cacheprovider", "-c", task["settings"], "--rootdir", BOX, "--tb=short", "--color=no", "-q"]
    options.append("--continue-on-collection-errors")
    status = pytest.main([*options, *[os.path.join(BOX, path) for path in task["files"]]], plugins=[Plugin()])
    if status in (2, 3, 4):
        raise Refusal("pytest ended with its status %d." % status)


def failure_of(report):
    crash = getattr(report.longrepr, "reprcrash", None)
    if crash is None:
        return last_lines(report.longreprtext)
    return "%s\n%s:%s" % (crash.message, os.path.relpath(crash.path, BOX), crash.lineno)


def skip_reason(report):
    return str(report.longrepr[2]) if isinstance(report.longrepr, tuple) else getattr(report, "wasxfail", "")


def last_lines(text):
    return text[-900:]


def run_unittest(task, tell, is_ours):
    import unittest

    changed = watch(WATCHED)

    def cases_of(suite):
        for one in suite:
            if isinstance(one, unittest.TestSuite):
                yield from cases_of(one)
            else:
                yield one

    states = {}

    class Result(unittest.TestResult):
        def startTest(self, test):
            super().startTest(test)
            states[test] = None
            tell(t="start", name=test.id())

        def note(self, test, outcome, message=""):
            if test not in states:
                tell(t="fault", message="%s: %s" % (test, message))
            elif states[test] is None or states[test][0] != "failed":
                states[test] = (outcome, message)

        def addSuccess(self, test):
            super().addSuccess(test)
            if states.get(test) is None:
                self.note(test, "passed")

        def addFailure(self, test, err):
            super().addFailure(test, err)
            self.note(test, "failed", explain(err))

        def addError(self, test, err):
            super().addError(test, err)
            self.note(test, "failed", explain(err))

        def addSubTest(self, test, subtest, err):
            super().addSubTest(test, subtest, err)
            if err is not None:
                self.note(test, "failed", "%s\n%s" % (subtest._subDescription(), explain(err)))

        def addSkip(self, test, reason):
            super().addSkip(test, reason)
            method = getattr(type(test), getattr(test, "_testMethodName", ""), None)
            is_marked = getattr(type(test), "__unittest_skip__", False) or getattr(method, "__unittest_skip__", False)
            if is_marked:
                self.note(test, "skipped", reason)
            else:
                self.note(test, "failed", "It was skipped while it ran: %s" % reason)

        def addExpectedFailure(self, test, err):
            super().addExpectedFailure(test, err)
            self.note(test, "skipped", "It is expected to fail.")

        def addUnexpectedSuccess(self, test):
            super().addUnexpectedSuccess(test)
            self.note(test, "failed", "It passed, though it is expected to fail.")

        def stopTest(self, test):
            super().stopTest(test)
            outcome, message = states.get(test) or ("failed", "It did not run.")
            found = changed()
            if found is not None:
                tell(t="tampered", message=found)
            tell(t="case", name=test.id(), outcome=outcome, message=message)

    result = Result()
    for path in task["files"]:
        try:
            module = imported(path)
        except BaseException as error:  # SystemExit too: what a test file imports may end the process politely.
            tell(t="fault", message="%s could not be loaded: %s" % (path, told_of(error)))
            continue
        suite = unittest.defaultTestLoader.loadTestsFromModule(module)
        kept = [case for case in cases_of(suite) if is_ours(getattr(type(case), case._testMethodName, None))]
        unittest.TestSuite(kept).run(result)


def explain(err):
    kind, value, trace = err
    frames = [frame for frame in traceback.extract_tb(trace) if frame.filename.startswith(BOX + "/")]
    where = "" if not frames else "\n%s:%s" % (os.path.relpath(frames[-1].filename, BOX), frames[-1].lineno)
    try:
        text = str(value)
    except BaseException:
        text = "(its text cannot be had)"
    return "%s: %s%s" % (getattr(kind, "__name__", "Exception"), text, where)


def told_of(error):
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename.startswith(BOX + "/")]
    where = ["%s:%s\n" % (os.path.relpath(frame.filename, BOX), frame.lineno) for frame in frames[-3:]]
    return "".join([*traceback.format_exception_only(error), *where])


def imported(path):
    name = path[:-3].replace("/", ".")
    if all(part.isidentifier() for part in name.split(".")):
        return importlib.import_module(name)
    spec = importlib.util.spec_from_file_location(name, os.path.join(BOX, path))
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def remove_foreign_settings(kept):
    """A conftest.py is code of the framework: only that of the document may be."""
    for folder, _, names in os.walk(BOX):
        if "conftest.py" in names and os.path.relpath(os.path.join(folder, "conftest.py"), BOX) not in kept:
            os.unlink(os.path.join(folder, "conftest.py"))


def main():
    if ctypes.CDLL(None).prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0:
        sys.exit("This kernel cannot hide a process.")
    task = json.loads(sys.stdin.buffer.readline())
    tell = open_report(bytes.fromhex(task.pop("key")))
    framework = task["framework"]
    try:
        importlib.import_module(framework)
    except ImportError:
        tell(t="missing", message=framework)
        os._exit(0)
    import unittest.mock  # so that it is watched, as is what pytest would import later
    if framework == "pytest":
        from _pytest.config import default_plugins

        for name in default_plugins:
            importlib.import_module("_pytest." + name)

    ours = {os.path.realpath(os.path.join(BOX, path)) for path in task["ours"]}
    is_ours = (lambda function: True) if task["isFree"] else (lambda function: origin_of(function) in ours)
    if not task["isFree"]:
        remove_foreign_settings(set(task["ours"]))
    tell(t="begin")
    tell(t="declared", names=[] if task["isFree"] else declared_cases(framework, task["files"]))
    sys.argv[:] = [framework]
    sys.path.insert(0, BOX)
    leave, flush = os._exit, (sys.stdout.flush, sys.stderr.flush)
    try:
        (run_pytest if framework == "pytest" else run_unittest)(task, tell, is_ours)
        tell(t="done")
    except Refusal as refusal:
        tell(t="fault", message=str(refusal))
        tell(t="done")
    for one in flush:
        one()
    leave(0)


main()
