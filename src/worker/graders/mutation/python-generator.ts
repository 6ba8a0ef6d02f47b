/**
 * Makes mutants of Python sources, and writes them in other ways, from their syntax trees. Reads the task from standard input and
 * reports as JSON to the descriptor 3. It parses sources of the instructor and runs none; no code of students is near it.
 *
 * Which of all possible mutants are taken is decided by a hash of their ids: always the same for the same source, spread over
 * it, and the others stay when one is excluded. Rewrites differ from run to run, so that no suite can know them.
 */
export const PYTHON_GENERATOR = String.raw`
import ast, hashlib, json, os, random, sys

task = json.load(sys.stdin)
COMPARE = {ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
           ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In}
ARITHMETIC = {ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.FloorDiv: ast.Div,
              ast.Mod: ast.Mult, ast.Pow: ast.Mult, ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd, ast.BitXor: ast.BitAnd,
              ast.LShift: ast.RShift, ast.RShift: ast.LShift}
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


def is_text(node):
    return isinstance(node, ast.JoinedStr) or isinstance(node, ast.Constant) and isinstance(node.value, str)


def is_main_guard(node):
    return isinstance(node, ast.If) and "__main__" in ast.dump(node.test)


class Candidates(ast.NodeVisitor):
    """Every change that could be made: (line, operator, apply, undo)."""

    def __init__(self):
        self.found = []

    def add(self, node, operator, holder, field, value):
        old = getattr(holder, field)
        self.found.append((node.lineno, operator, holder, field, old, value))

    def in_list(self, node, operator, body, index, value):
        self.found.append((node.lineno, operator, body, index, body[index], value))

    def body(self, body):
        start = 1 if body and isinstance(body[0], ast.Expr) and is_text(body[0].value) else 0
        for index in range(start, len(body)):
            node = body[index]
            is_call = isinstance(node, ast.Expr) and isinstance(node.value, (ast.Call, ast.Await))
            if is_call or isinstance(node, (ast.AugAssign, ast.Raise, ast.Delete)):
                self.in_list(node, "delete", body, index, ast.Pass())

    def generic_visit(self, node):
        for field in ("body", "orelse", "finalbody"):
            if isinstance(getattr(node, field, None), list):
                self.body(getattr(node, field))
        super().generic_visit(node)

    def visit_If(self, node):
        if is_main_guard(node):
            return
        self.add(node, "negate", node, "test", ast.UnaryOp(ast.Not(), node.test))
        self.generic_visit(node)

    def visit_Compare(self, node):
        for index, operator in enumerate(node.ops):
            self.in_list(node, "compare", node.ops, index, COMPARE[type(operator)]())
            if type(operator) in (ast.Lt, ast.LtE, ast.Gt, ast.GtE):
                turned = {ast.Lt: ast.Gt, ast.LtE: ast.GtE, ast.Gt: ast.Lt, ast.GtE: ast.LtE}[type(operator)]()
                self.in_list(node, "compare", node.ops, index, turned)
        self.generic_visit(node)

    def visit_BinOp(self, node):
        other = ARITHMETIC.get(type(node.op))
        # A text with another sign than + or % only raises, which says nothing of the tests.
        if other is not None and not is_text(node.left) and not is_text(node.right):
            self.add(node, "arithmetic", node, "op", other())
        self.generic_visit(node)

    def visit_AugAssign(self, node):
        other = ARITHMETIC.get(type(node.op))
        if other is not None and not is_text(node.value):
            self.add(node, "arithmetic", node, "op", other())
        self.generic_visit(node)

    def visit_BoolOp(self, node):
        self.add(node, "boolean", node, "op", ast.Or() if isinstance(node.op, ast.And) else ast.And())
        self.generic_visit(node)

    def visit_Constant(self, node):
        value = node.value
        if isinstance(value, bool):
            self.add(node, "constant", node, "value", not value)
        elif isinstance(value, (int, float)):
            self.add(node, "constant", node, "value", value + 1)
        elif isinstance(value, str):
            self.add(node, "constant", node, "value", "" if value else "mutant")

    def visit_Expr(self, node):
        # Docstrings do nothing.
        if not is_text(node.value):
            self.generic_visit(node)

    def visit_JoinedStr(self, node):
        for part in node.values:
            if isinstance(part, ast.FormattedValue):
                self.visit(part.value)

    def visit_Return(self, node):
        if node.value is not None and not (isinstance(node.value, ast.Constant) and node.value.value is None):
            self.add(node, "return", node, "value", ast.Constant(None))
        self.generic_visit(node)

    def visit_FunctionDef(self, node):
        # Neither decorators nor annotations.
        self.body(node.body)
        for value in [*node.args.defaults, *(one for one in node.args.kw_defaults if one is not None), *node.body]:
            self.visit(value)

    visit_AsyncFunctionDef = visit_FunctionDef

    def visit_AnnAssign(self, node):
        if node.value is not None:
            self.visit(node.value)

    def visit_Import(self, node):
        pass

    visit_ImportFrom = visit_Global = visit_Nonlocal = visit_Import


def put(holder, field, value):
    if isinstance(holder, list):
        holder[field] = value
    else:
        setattr(holder, field, value)


def unparsed(tree):
    return ast.unparse(ast.fix_missing_locations(tree)) + "\n"


def piece(before, after):
    start = len(os.path.commonprefix([before, after]))
    end = 0
    while end < min(len(before), len(after)) - start and before[-1 - end] == after[-1 - end]:
        end += 1
    return start, len(before) - end, after[start:len(after) - end]


def utf16(text, index):
    return len(text[:index].encode("utf-16-le")) // 2


def line_at(text, index):
    begin = text.rfind("\n", 0, index) + 1
    end = text.find("\n", index)
    return text[begin:end if end >= 0 else len(text)].strip()


class Rewriter(ast.NodeTransformer):
    """Says nothing new in places that nobody knows before: the same program by another text, tree and layout."""

    def __init__(self, source):
        self.random = source

    def nothing(self):
        number = ast.Constant(self.random.randrange(10**6, 10**9))
        return self.random.choice([ast.Pass(), ast.If(ast.Constant(False), [ast.Expr(number)], [])])

    def visit_FunctionDef(self, node):
        self.generic_visit(node)
        start = 1 if isinstance(node.body[0], ast.Expr) and is_text(node.body[0].value) else 0
        for _ in range(self.random.randrange(1, 3)):
            # Not before a docstring, which would be none then.
            node.body.insert(self.random.randrange(start, len(node.body) + 1), self.nothing())
        return node

    visit_AsyncFunctionDef = visit_FunctionDef


def rewritten(text, source):
    tree = Rewriter(source).visit(ast.parse(text))
    tree.body.append(ast.If(ast.Constant(False), [ast.Expr(ast.Constant(source.randrange(10**6, 10**9)))], []))
    return unparsed(tree)


def generate():
    bases, possible = {}, []
    for file in task["files"]:
        path, tree = file["path"], ast.parse(file["text"])
        bases[path] = unparsed(tree)
        candidates = Candidates()
        candidates.body(tree.body)
        for node in tree.body:
            candidates.visit(node)
        counts = {}
        for line, operator, *change in candidates.found:
            counts[line, operator] = counts.get((line, operator), 0) + 1
            possible.append((f"{path}:{line}:{operator}-{counts[line, operator]}", path, tree, change))
    possible.sort(key=lambda one: hashlib.sha256(one[0].encode()).digest())
    mutants = []
    for name, path, tree, (holder, field, old, value) in possible:
        if len(mutants) == task["max"]:
            break
        if name in task["exclude"]:
            continue
        put(holder, field, value)
        before, after = bases[path], unparsed(tree)
        put(holder, field, old)
        if before == after:
            continue
        start, end, text = piece(before, after)
        mutants.append({"id": name, "path": path, "start": utf16(before, start), "end": utf16(before, end), "text": text,
                        "description": (line_at(before, start) + " → " + line_at(after, start))[:200]})
    rewrites = []
    for number in range(task["rewrites"]):
        source = random.Random(task["salt"] + str(number))
        rewrites.append({file["path"]: rewritten(file["text"], source) for file in task["files"]})
    return {"bases": bases, "mutants": mutants, "rewrites": rewrites}


try:
    made = generate()
except (SyntaxError, ValueError, RecursionError) as error:
    made = {"fault": f"the reference cannot be read as Python: {type(error).__name__}: {error}"}
with os.fdopen(3, "wb") as out:
    out.write(json.dumps(made).encode("ascii"))
`;
