#!/usr/bin/env python3
"""The completions as the shells themselves take them, the manual page, and the unit of systemd.

usage: shell_test.py BINARY SOURCE

What is not installed is left out, and said. Exit code 77: nothing is installed.
"""

import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

BINARY = SOURCE = None

# Words of a command line, the last one being completed -> some of what is offered, some that is not
CASES = (
    (["orbweaver", ""], {"serve", "jobs", "completion"}, {"submit", "--help"}),
    (["orbweaver", "cr"], {"crawl"}, {"serve"}),
    (["orbweaver", "jobs", ""], {"submit", "watch", "delete"}, {"serve"}),
    (["orbweaver", "jobs", "submit", "--max-d"], {"--max-depth", "--max-duration"}, {"--delay"}),
    (["orbweaver", "crawl", "--scope", ""], {"host", "path", "any"}, {"crawl"}),
    (["orbweaver", "crawl", "--limit", "5", "--sitemap", "s"], {"skip"}, {"only"}),
    (["orbweaver", "jobs", "results", "ID", "--format", "w"], {"warc"}, {"csv"}),
    (["orbweaver", "jobs", "urls", "ID", "--outcome", "q"], {"queued"}, {"fetched"}),
    (["orbweaver", "completion", ""], {"bash", "zsh", "fish"}, {"serve"}),
)


def run(*command, text=None):
    return subprocess.run(command, input=text, text=True, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, timeout=60)


def completion(shell):
    return subprocess.run([BINARY, "completion", shell], check=True, text=True,
                          stdout=subprocess.PIPE).stdout


def needs(program):
    return unittest.skipUnless(shutil.which(program), f"{program} is not installed")


class Completion(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory(prefix="orbweaver-completion-")
        self.addCleanup(self.folder.cleanup)

    def script(self, shell):
        path = pathlib.Path(self.folder.name, "script." + shell)
        path.write_text(completion(shell), encoding="utf-8")
        return path

    def check(self, complete):
        for words, offered, others in CASES:
            with self.subTest(words=words):
                got = set(complete(words))
                self.assertLessEqual(offered, got)
                self.assertFalse(others & got)

    @needs("bash")
    def test_bash(self):
        script = self.script("bash")
        self.assertEqual(run("bash", "-n", script).stdout, "")

        def complete(words):
            quoted = " ".join(f"'{word}'" for word in words)
            return run("bash", "-c", f". {script}; COMP_WORDS=({quoted}); "
                       f"COMP_CWORD={len(words) - 1}; _orbweaver; printf '%s\\n' \"${{COMPREPLY[@]}}\""
                       ).stdout.split()
        self.check(complete)
        self.assertEqual(complete(["orbweaver", "crawl", "--scope", "=", "h"]), ["host"])
        self.assertEqual(complete(["orbweaver", "crawl", "--scope", "="]),
                         ["host", "domain", "path", "any", "list"])
        self.assertEqual(complete(["orbweaver", "crawl", "--output", ""]), [])  # files, by default

    @needs("fish")
    def test_fish(self):
        script = self.script("fish")
        self.assertEqual(run("fish", "-n", script).stdout, "")

        def complete(words):
            line = " ".join(words[:-1] + [words[-1] or "''"]) if words[-1] else " ".join(words)
            return [offer.split("\t")[0] for offer in run(
                "fish", "--no-config", "-c", f"source {script}; complete -C '{line}'"
            ).stdout.splitlines()]
        self.check(complete)

    @needs("zsh")
    def test_zsh(self):
        script = self.script("zsh")
        self.assertEqual(run("zsh", "-n", script).stdout, "")
        # compadd and its kin work within the line editor alone: they are replaced by ones that print.
        stubs = """
            compdef() { :; }
            compadd() { shift; for w in "$@"; do [[ $w == ${words[CURRENT]}* ]] && print -r -- $w; done; }
            _describe() { [[ $1 != -o ]] || shift
              for w in "${(@P)2}"; do w=${w%%:*}; [[ $w == ${words[CURRENT]}* ]] && print -r -- $w; done; }
            _files() { :; }
            _message() { :; }
        """

        def complete(words):
            quoted = " ".join(f"'{word}'" for word in words)
            return run("zsh", "-f", "-c", f"{stubs} . {script}; words=({quoted}); "
                       f"CURRENT={len(words)}; _orbweaver").stdout.split()
        self.check(complete)


class Manual(unittest.TestCase):
    def setUp(self):
        self.page = subprocess.run([BINARY, "man"], check=True, text=True,
                                   stdout=subprocess.PIPE).stdout

    @needs("mandoc")
    def test_mandoc_finds_nothing_wrong(self):
        self.assertEqual(run("mandoc", "-T", "lint", "-W", "warning", text=self.page).stdout, "")

    @needs("man")
    def test_man_finds_nothing_wrong(self):
        with tempfile.NamedTemporaryFile("w", suffix=".1", encoding="utf-8") as file:
            file.write(self.page)
            file.flush()
            self.assertEqual(run("man", "--warnings", "-E", "UTF-8", "-l", "-Tutf8", "-Z",
                                 file.name).stdout.count("warning:"), 0)

    def test_every_command_and_setting_is_there(self):
        plain = self.page.replace("\\-", "-").replace("\\fB", "").replace("\\fR", "")
        for text in ("orbweaver jobs submit", "orbweaver inspect url", "--max-depth", "--data-dir",
                     "ORBWEAVER_DATA_DIR", "ORBWEAVER_SERVER"):
            self.assertIn(text, plain)


class Unit(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory(prefix="orbweaver-unit-")
        self.addCleanup(self.folder.cleanup)
        text = (SOURCE / "packaging" / "orbweaver.service.in").read_text(encoding="utf-8")
        self.file = pathlib.Path(self.folder.name, "orbweaver.service")
        self.file.write_text(text.replace("@CMAKE_INSTALL_FULL_BINDIR@", str(BINARY.parent)),
                             encoding="utf-8")

    @needs("systemd-analyze")
    def test_systemd_finds_nothing_wrong(self):
        checked = run("systemd-analyze", "verify", "--man=no", self.file)
        self.assertEqual((checked.returncode, checked.stdout), (0, ""))

    @needs("systemd-analyze")
    def test_the_sandbox_is_tight(self):
        checked = run("systemd-analyze", "security", "--offline=true", "--threshold=15", self.file)
        self.assertEqual(checked.returncode, 0, checked.stdout[-300:])


def main():
    global BINARY, SOURCE
    BINARY, SOURCE = (pathlib.Path(argument).resolve() for argument in sys.argv[1:3])
    unittest.main(argv=sys.argv[:1], verbosity=2)


if __name__ == "__main__":
    main()
