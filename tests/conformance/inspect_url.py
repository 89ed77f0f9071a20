"""`orbweaver inspect url --batch` and web-platform-tests' data, for the tests beside this."""

import json
import os
import pathlib
import subprocess
import sys

SKIPPED = 77
PARTS = ("href", "protocol", "username", "password", "host", "hostname", "port", "pathname",
         "search", "hash")
RUN_SECONDS = 300


def skip(why):
    print(f"skipped: {why}")
    sys.exit(SKIPPED)


def load(name):
    """The test cases in a data file, without the comments between them."""
    source = pathlib.Path(__file__).resolve().parents[2]
    folder = os.environ.get("ORBWEAVER_CONFORMANCE_DIR", source.parent / "shared" / "conformance")
    file = pathlib.Path(folder) / "url" / name
    if not file.is_file():
        skip(f"no {file}")
    return [case for case in json.loads(file.read_text(encoding="utf-8")) if isinstance(case, dict)]


def answers(command, lines):
    """Each line's answer. Input and output are ASCII: half of a surrogate pair is an escape."""
    text = "".join(json.dumps(line) + "\n" for line in lines)
    run = subprocess.run(command, input=text.encode("ascii"), stdout=subprocess.PIPE, check=True,
                         timeout=RUN_SECONDS)
    out = [json.loads(line) for line in run.stdout.splitlines()]
    if len(out) != len(lines):
        sys.exit(f"{command[0]}: {len(out)} answers to {len(lines)} lines")
    return out


def orbweaver(binary, lines):
    return answers([binary, "inspect", "url", "--batch"], lines)


def difference(expected, answer):
    """The parts that differ, by name: (expected, answered). Empty: none does."""
    if "failure" in expected or "failure" in answer:
        wrong = {}
        if ("failure" in expected) != ("failure" in answer):
            wrong["href"] = (expected.get("href"), answer.get("href"))
        return wrong
    return {part: (expected[part], answer[part]) for part in PARTS
            if expected[part] != answer[part]}
