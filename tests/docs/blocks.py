"""The commands in the guides: fenced blocks of README.md and docs/*.md.

A block's mark says who runs it, and stands visibly behind the fence's `sh`:

    ```sh             tests/docs/commands_test.py, as it is
    ```sh container   docker/verify, with podman in the place of docker
    ```sh compose     nobody: it needs a Docker engine. tests/docs/compose_test.py reads its files
    ```sh setup       .ci/run and whoever sets up a machine: it installs packages, builds, tests
    ```sh bench       tests/bench: it takes an hour

usage: blocks.py MARK FILE...   prints the commands of the files' blocks with that mark
"""

import dataclasses
import pathlib
import sys

MARKS = ("", "container", "compose", "setup", "bench")


@dataclasses.dataclass(frozen=True)
class Block:
    file: pathlib.Path
    line: int  # of its first command
    mark: str
    text: str


def blocks_in(file):
    """The file's blocks of commands, in their order. An unknown mark raises ValueError."""
    found, lines, opened = [], [], None
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
        if opened is None and line.startswith("```"):
            opened, lines = (number + 1, line[3:].split()), []
        elif opened is not None and line == "```":
            begin, words = opened
            if words[:1] == ["sh"]:
                mark = " ".join(words[1:])
                if mark not in MARKS:
                    raise ValueError(f"{file}:{begin - 1}: no such mark: {mark}")
                found.append(Block(file, begin, mark, "\n".join(lines) + "\n"))
            opened = None
        elif opened is not None:
            lines.append(line)
    if opened is not None:
        raise ValueError(f"{file}:{opened[0] - 1}: the fence is never closed")
    return found


def guides(source):
    """Every file whose commands are run."""
    return [source / "README.md", *sorted((source / "docs").glob("*.md"))]


def main():
    mark, *files = sys.argv[1:]
    for file in files:
        for block in blocks_in(pathlib.Path(file)):
            if block.mark == mark:
                print(block.text, end="")


if __name__ == "__main__":
    main()
