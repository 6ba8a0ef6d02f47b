/**
 * Checks sources of Python, which it is given as text on its standard input and never imports or runs, and writes its findings
 * as JSON to the descriptor 3. The library of pycodestyle is laid beside it. What it cannot check, it says so of.
 *
 * No configuration is looked for, and comments of students switch nothing off unless the test lets them.
 */
export const PYTHON_HARNESS = String.raw`
import ast, io, json, os, sys, warnings

HERE = os.path.dirname(os.path.abspath(__file__))
MOST = 10_000
warnings.simplefilter("ignore")
task = json.load(sys.stdin)
findings = []


def add(file, line, column, rule, message, unchecked=False):
    found = {"file": file, "line": line, "column": column, "rule": rule, "message": message[:500]}
    if unchecked:
        found["unchecked"] = True
    findings.append(found)


def report(value):
    data = json.dumps(value).encode("ascii")
    with os.fdopen(3, "wb") as out:
        out.write(data)


def use_pycodestyle():
    sys.path.insert(0, HERE)
    import pycodestyle

    if not task["inlineDisable"]:
        pycodestyle.noqa = lambda line: False
    options = {"max_line_length": task["maxLineLength"] or 79}
    # One that names no rule: without any, pycodestyle would leave rules out by itself.
    guide = pycodestyle.StyleGuide(ignore=["Z999"], quiet=2, **options)

    class Report(pycodestyle.BaseReport):
        file = 0

        def error(self, line_number, offset, text, check):
            if len(findings) <= MOST:
                add(self.file, line_number, offset + 1, text[:4], text[5:])

    guide.init_report(Report)

    def check(number, text, tree):
        guide.options.report.file = number
        lines = io.TextIOWrapper(io.BytesIO(text.encode()), "utf-8").readlines()
        guide.input_file(task["files"][number]["path"], lines=lines)

    return check


MAGIC = "__"


def is_public(name):
    return not name.startswith("_") or (name.startswith(MAGIC) and name.endswith(MAGIC))


def needs_none(node):
    for decorator in node.decorator_list:
        name = decorator.attr if isinstance(decorator, ast.Attribute) else getattr(decorator, "id", "")
        if name in ("setter", "deleter", "overload"):
            return True
    return False


def use_docstrings():
    lines = []

    def says_noqa(node):
        return task["inlineDisable"] and "# noqa" in lines[node.lineno - 1]

    def lacks(node):
        return not (ast.get_docstring(node) or "").strip()

    def look(number, node, inside):
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.ClassDef):
                if is_public(child.name):
                    if lacks(child) and not says_noqa(child):
                        rule, what = ("D106", "nested class") if inside else ("D101", "class")
                        add(number, child.lineno, child.col_offset + 1, rule, f"Missing docstring in public {what} {child.name}")
                    look(number, child, child.name)
            elif isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef)):
                if not is_public(child.name) or not lacks(child) or needs_none(child) or says_noqa(child):
                    continue
                if inside and child.name == "__init__":
                    rule, what = "D107", "method"
                elif inside and child.name.startswith(MAGIC):
                    rule, what = "D105", "magic method"
                else:
                    rule, what = ("D102", "public method") if inside else ("D103", "public function")
                add(number, child.lineno, child.col_offset + 1, rule, f"Missing docstring in {what} {child.name}")
            elif isinstance(child, (ast.If, ast.Try, ast.With)):
                look(number, child, inside)

    def check(number, text, tree):
        lines[:] = text.splitlines() or [""]
        name = os.path.basename(task["files"][number]["path"])
        is_package = name == "__init__.py"
        if lacks(tree) and (tree.body or not is_package) and (is_package or is_public(name)):
            rule, what = ("D104", "package") if is_package else ("D100", "module")
            add(number, 1, 1, rule, f"Missing docstring in public {what}")
        look(number, tree, None)

    return check


try:
    check = {"pycodestyle": use_pycodestyle, "docstrings": use_docstrings}[task["tool"]]()
except Exception as error:
    report({"fault": f"{type(error).__name__}: {error}"})
    sys.exit(0)

for number, file in enumerate(task["files"]):
    try:
        check(number, file["text"], ast.parse(file["text"]))
    except SyntaxError as error:
        add(number, error.lineno, error.offset, "syntax-error", f"{type(error).__name__}: {error.msg}", True)
    except (Exception, RecursionError) as error:
        add(number, None, None, "not-checked", f"The check failed: {type(error).__name__}", True)
    if len(findings) > MOST:
        break
report({"findings": findings[:MOST], "hasMore": len(findings) > MOST})
`;
