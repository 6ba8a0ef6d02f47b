"""Makes a Python interpreter the template of a lane (native/lane.h).

The site module imports this file last, when an interpreter has started and is about to look at its script. Here it stops
and serves; each program is a copy that returns from `assay_serve` and goes on with what the interpreter does next, as if
nothing had been: the script, the traceback, the exit status and the end of the interpreter are its own; of the end, only
what nobody could see is left out (`_make_ending`). It then finds no trace of this module: either the machine's own
`sitecustomize` in its place, or the ImportError in that name which site takes for "there is none".
"""

import sys

# Whose end has been compared with one that is cut short; other versions end as ever.
_KNOWN_ENDS = ((3, 11),)
# Modules without Python source of which nothing can be seen when an interpreter ends.
_QUIET = """_abc _ast _bisect _bz2 _codecs _collections _contextvars _csv _datetime _decimal _functools _hashlib _heapq _json
_locale _md5 _opcode _operator _random _sha1 _sha256 _sha512 _blake2 _sre _stat _statistics _string _struct _typing array
binascii cmath errno itertools math time unicodedata zlib"""
# Those with source that can have the interpreter do something at any time.
_LOUD = ("signal", "threading")
# Where a program has made more, looking would take as long as it saves, and the list would be memory.
_MOST_BLOCKS = 60_000


def _make_ending(known):
    """Makes the function that tells whether nobody could see what is left for an interpreter to do at its end.

    That is so where no callbacks, threads, destructors, generators or open files remain, and standard output could be
    flushed. Programs change what they can reach, so everything that the function uses is bound here; but nothing that the
    end of the interpreter destroys, which would then outlive it. It looks at what has come since the fork only: the rest is
    frozen. `known`: the names of the modules that were there before.
    """
    import _thread
    import _warnings
    import _weakref
    import atexit
    import gc

    state = vars(sys)
    quiet, loud, filters = frozenset(_QUIET.split()), _LOUD, _warnings.filters
    filter_count, most_blocks = len(filters), sys.getallocatedblocks() + _MOST_BLOCKS
    threads, callbacks, blocks, objects = _thread._count, atexit._ncallbacks, sys.getallocatedblocks, gc.get_objects
    # By address and by issubclass, because a class may have a hash and an equality of its own.
    kind_of, is_any, is_kind, size, each, paired, table = type, any, issubclass, len, map, zip, dict
    address = object.__hash__
    contents, bases, flags = (type.__dict__[name].__get__ for name in ("__dict__", "__mro__", "__flags__"))
    module_kind, module_contents = type(sys), type(sys).__dict__["__dict__"].__get__
    reference, callback_of, built_in = _weakref.ref, _weakref.ref.__callback__.__get__, type(len)
    stream = type(sys.stdout)
    flush, is_closed, attributes = stream.flush, stream.closed.__get__, None
    for base in stream.__mro__:
        attributes = attributes or ("__dict__" in vars(base) and vars(base)["__dict__"].__get__)
    attribute_count = len(vars(sys.stdout))
    str_kind, kind_of_kinds, names = str, type, ("modules", "stdout", "stderr")
    addresses = [address(state[name]) for name in names]
    collected = 1 << 14  # Py_TPFLAGS_HAVE_GC

    def is_quiet(name, module):
        if kind_of(module) is not module_kind:
            # What else stands there is looked at with all other objects.
            return not is_kind(kind_of(module), module_kind)
        path = module_contents(module).get("__file__")
        if kind_of(path) is str_kind and path.endswith(".py"):
            return name not in loud
        return name in quiet

    def is_heard_of(kind, found):
        """Whether the end of what is `found` of this kind could be noticed."""
        if is_any("__del__" in contents(base) for base in bases(kind)):
            return True
        if kind is reference:
            # The callback that the abstract classes' caches have does nothing but forget.
            calls = [callback for callback in each(callback_of, own(kind, found)) if callback is not None]
            return is_any(kind_of(call) is not built_in or call.__name__ != "_destroy" for call in calls)
        if is_kind(kind, kind_of_kinds):
            # What is not collected is not found either, so that its class must do.
            return is_any(not flags(one) & collected and "__del__" in contents(one) for one in own(kind, found))
        return is_kind(kind, reference)

    def own(kind, found):
        return [one for one in found if kind_of(one) is kind]

    def nothing_is_left():
        modules, output, errors = (state.get(name) for name in names)
        if [address(modules), address(output), address(errors)] != addresses or is_closed(output) or is_closed(errors):
            return False
        if size(attributes(output)) != attribute_count or size(attributes(errors)) != attribute_count:
            return False
        if threads() or callbacks() or size(filters) != filter_count or blocks() > most_blocks:
            return False
        for name, module in modules.items():
            if name not in known and not is_quiet(name, module):
                return False
        found = objects()
        kinds = table(paired(each(address, each(kind_of, found)), each(kind_of, found)))
        for kind in kinds.values():
            if is_heard_of(kind, found):
                return False
        flush(output)
        flush(errors)
        return True

    return nothing_is_left


def _serve():
    known, known_folders = set(sys.modules), set(sys.path_importer_cache)
    import ctypes
    import gc
    import os

    folder = os.path.dirname(__file__)
    library = ctypes.PyDLL(os.path.join(folder, "assay-supervisor.so"))
    serve, argument = library.assay_serve, library.assay_argument
    argument.restype = ctypes.c_char_p
    decode, arguments, original = os.fsdecode, sys.argv, getattr(sys, "orig_argv", [])
    keeps_namespaces = int(os.environ.pop("ASSAY_KEEP_NAMESPACES", "0"))
    del os.environ["PYTHONPATH"]
    # What every program does first, and what the first one would pay for: the compiler's types, the text streams.
    compile("import sys\nprint(*(word for word in sys.argv), sep='')\n", "template", "exec")
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        stream.encoding, stream.errors
    ending, watchers = None, (sys.gettrace, sys.getprofile)
    if sys.version_info[:2] in _KNOWN_ENDS and sys.implementation.name == "cpython" and sys.stdout and sys.stderr:
        library.assay_ask_before_the_end.argtypes = [ctypes.py_object, ctypes.py_object]
        known_at_end = set()
        ending = _make_ending(known_at_end)
        library.assay_ask_before_the_end(watchers, ending)
    # Never freed: a program would copy the pages for nothing.
    for kept in (ctypes, library, serve, argument, _serve):
        ctypes.pythonapi.Py_IncRef(ctypes.py_object(kept))
    for name in set(sys.modules) - known:
        del sys.modules[name]
    sys.path.remove(folder)
    for path in [path for path in sys.path_importer_cache if path == folder or path not in known_folders]:
        del sys.path_importer_cache[path]

    del sys.modules["sitecustomize"]
    is_absent = False
    try:
        import sitecustomize  # noqa: F401
    except ImportError as error:
        if error.name != "sitecustomize":
            raise
        is_absent = True
    if ending:
        known_at_end.update(sys.modules)
    gc.collect()
    gc.freeze()
    if ending:
        # A first time is slower than all others, and writes to what copies share.
        ending()
    # What is frozen is not looked at when an interpreter ends, and what a program leaves in its main module must be.
    main = type(sys)("__main__")
    vars(main).update(vars(sys.modules["__main__"]))
    sys.modules["__main__"] = main
    del main

    count = serve(keeps_namespaces, b"PYTHONPATH")

    arguments[1:] = [decode(argument(index)) for index in range(1, count)]
    original += arguments[1:]
    return is_absent


if _serve():
    raise ImportError("No module named 'sitecustomize'", name="sitecustomize")
