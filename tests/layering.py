#!/usr/bin/env python3
"""Dependencies run one way: server -> crawler -> common. Fails on every line that breaks this.

usage: layering.py SOURCE_DIR | --self-check

Reports, as file:line: an include of a higher layer, a test header or a test library in the product,
any use of asio::detached or of a completion handler that does nothing (a coroutine nobody owns), and
any use of spdlog but by common/log, which keeps it off standard output. Exit code 1 if there is any.
"""

import pathlib
import posixpath
import re
import sys
import tempfile

LAYERS = ("common", "crawler", "server", "tests")  # each may include itself and those before it
SUFFIXES = {".cpp", ".hpp"}
TEST_LIBRARIES = ("gtest", "gmock", "benchmark", "fuzzer")
INCLUDE = re.compile(r'^\s*#\s*include\s*[<"]([^">]+)[">]')
DETACHED = re.compile(r"\basio\s*::\s*detached\b|\basio/detached\.hpp")
# A handler that drops the exception is asio::detached in disguise.
DISGUISED = re.compile(r"\(\s*std\s*::\s*exception_ptr\s*\w*\s*\)\s*\{\s*\}")
SPDLOG = re.compile(r"\bspdlog\s*(::|/)")
LOG = re.compile(r"common/log\b[^/]*$")
# A literal is matched first, so that "//" inside one begins no comment; an apostrophe after a
# digit separates digits.
COMMENT_OR_LITERAL = re.compile(
    r'"(?:\\.|[^"\\\n])*"|(?<![0-9A-Fa-f])\'(?:\\.|[^\'\\\n])*\'|//[^\n]*|/\*.*?\*/', re.DOTALL)


def without_comments(text):
    """Comments become blank, line breaks stay, so that line numbers hold."""
    def blank(match):
        found = match.group()
        return re.sub(r"[^\n]", " ", found) if found.startswith("/") else found
    return COMMENT_OR_LITERAL.sub(blank, text)


def included_layer(file, target):
    """The layer that `#include "target"` in `file` reaches; None for what is not the project's."""
    if target.startswith("."):
        target = posixpath.normpath(posixpath.join(file.parent.as_posix(), target))
    first = target.split("/")[0]
    return first if first in LAYERS and "/" in target else None


def violations(root):
    """(file relative to root, line number, what is wrong), in the order of files and lines."""
    found = []
    for layer in LAYERS:
        for path in sorted((root / layer).rglob("*")):
            if path.suffix not in SUFFIXES or not path.is_file():
                continue
            file = path.relative_to(root)
            text = without_comments(path.read_text(encoding="utf-8"))
            for number, line in enumerate(text.splitlines(), 1):
                found += ((file, number, what) for what in line_violations(layer, file, line))
    return found


def line_violations(layer, file, line):
    if include := INCLUDE.match(line):
        target = include.group(1)
        to = included_layer(file, target)
        if to and LAYERS.index(to) > LAYERS.index(layer):
            yield f"{layer} may not include {to}: {target}"
        if layer != "tests" and target.split("/")[0] in TEST_LIBRARIES:
            yield f"{layer} may not include a test library: {target}"
    if DETACHED.search(line):
        yield "asio::detached: every coroutine belongs to a task_scope"
    if DISGUISED.search(line):
        yield "a handler that does nothing: every coroutine belongs to a task_scope"
    if layer != "tests" and SPDLOG.search(line) and not LOG.match(file.as_posix()):
        yield "spdlog: lines go through common/log"


PLANTED = {
    "common/good.hpp": '#include <vector>\n#include "common/error.hpp"\n',
    "common/up.hpp": '#pragma once\n#include "crawler/model.hpp"\n  #  include <server/app.hpp>\n',
    "common/log.cpp": '#include <spdlog/logger.h>\nspdlog::logger x("x");\n',
    "common/log_to/elsewhere.cpp": 'spdlog::error("on standard output");\n',
    "common/net/relative.cpp": '#include "../good.hpp"\n#include "../../crawler/model.hpp"\n',
    "common/comment.hpp": '/* #include "server/x.hpp"\n#include "server/y.hpp" */\n'
                          '// asio::detached\nauto s = "http://x"; /* */\n',
    "crawler/good.cpp": '#include "common/good.hpp"\n#include "crawler/model.hpp"\n',
    "crawler/up.cpp": '\n\n#include "server/app.hpp"\n#include "tests/support/server.hpp"\n',
    "crawler/library.cpp": "#include <gtest/gtest.h>\n",
    "crawler/spawn.cpp": 'auto u = "a//b"; co_spawn(x, f(), asio::detached);\n',
    "server/good.cpp": '#include "common/a.hpp"\n#include "crawler/b.hpp"\n#include "server/c.hpp"\n',
    "server/spawn.cpp": "#include <boost/asio/detached.hpp>\nusing boost::asio::detached;\n",
    "tests/unit/good.cpp": '#include <gtest/gtest.h>\n#include "server/app.hpp"\n',
    "tests/unit/spawn.cpp": "\nasio::co_spawn(x, f(), asio :: detached);\n",
    "server/dropped.cpp": "co_spawn(x, f(), [](std::exception_ptr) {});\nco_spawn(x, f(), [](auto e) {});\n"
                          "co_spawn(x, f(), [&](std::exception_ptr e) { ended(e); });\n",
    "server/loud.cpp": "#include <spdlog/spdlog.h>\n",
    "server/notes.txt": '#include "tests/x.hpp"\n',
}
EXPECTED = [
    ("common/log_to/elsewhere.cpp", 1), ("common/net/relative.cpp", 2), ("common/up.hpp", 2), ("common/up.hpp", 3),
    ("crawler/library.cpp", 1), ("crawler/spawn.cpp", 1), ("crawler/up.cpp", 3),
    ("crawler/up.cpp", 4), ("server/dropped.cpp", 1), ("server/loud.cpp", 1), ("server/spawn.cpp", 1), ("server/spawn.cpp", 2),
    ("tests/unit/spawn.cpp", 2),
]


def self_check():
    with tempfile.TemporaryDirectory() as folder:
        root = pathlib.Path(folder)
        for name, text in PLANTED.items():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text(text, encoding="utf-8")
        found = [(file.as_posix(), number) for file, number, _ in violations(root)]
    if found != EXPECTED:
        sys.exit(f"the planted violations were not found as they stand\n"
                 f"missed: {sorted(set(EXPECTED) - set(found))}\n"
                 f"not planted: {sorted(set(found) - set(EXPECTED))}")
    print(f"all {len(EXPECTED)} planted violations found, and nothing else")


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    if sys.argv[1] == "--self-check":
        return self_check()
    root = pathlib.Path(sys.argv[1])
    if missing := [layer for layer in LAYERS if not (root / layer).is_dir()]:
        sys.exit(f"{root} has no folder {', '.join(missing)}")
    found = violations(root)
    for file, number, what in found:
        print(f"{file}:{number}: {what}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
