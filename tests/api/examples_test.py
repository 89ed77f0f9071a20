#!/usr/bin/env python3
"""Holds the examples of /openapi.json to their schemas (JSON Schema 2020-12), and to what a running
service really answers: the same members, lines and columns."""

import argparse
import csv
import io
import json
import pathlib
import sys
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "sites"))
import orbweaver  # noqa: E402
import schemathesis_test  # noqa: E402

SKIPPED = 77
# What an installed service answers to each call without parameters, of a crawl that has ended.
LINES = {"getResults": "Record", "getLedger": "LedgerLine"}


def events_of(stream):
    """(name, data) of each event."""
    for block in stream.split("\n\n"):
        fields = dict(line.split(": ", 1) for line in block.split("\n") if ": " in line[:8])
        if "event" in fields:
            yield fields["event"], json.loads(fields["data"])


class Examples(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        sites = schemathesis_test.sites()
        urls = sites.__enter__()
        cls.addClassCleanup(sites.__exit__, None, None, None)
        cls.service = orbweaver.Service(cls.binary)
        cls.addClassCleanup(cls.service.close)
        cls.crawl = cls.service.create(urls=urls[:1], delay=0, excludePaths=["/2"])
        cls.service.await_end(cls.crawl, 60)
        cls.url = urls[0]
        cls.document = cls.service.call("GET", "/openapi.json")
        cls.calls = {call["operationId"]: (method.upper(), path, call)
                     for path, methods in cls.document["paths"].items()
                     for method, call in methods.items()}

    def resolved(self, node):
        while "$ref" in node:
            at = self.document
            for token in node["$ref"].removeprefix("#/").split("/"):
                at = at[token.replace("~1", "/").replace("~0", "~")]
            node = at
        return node

    def check(self, schema, value, where):
        validator = jsonschema_rs.Draft202012Validator(
            schema | {"components": self.document["components"]}, validate_formats=True)
        for error in validator.iter_errors(value):
            self.fail(f"{where}: {list(error.instance_path)}: {error.message}")

    def examples_in(self, media):
        found = [self.resolved(one)["value"] for one in media.get("examples", {}).values()]
        return found + ([media["example"]] if "example" in media else [])

    def answer(self, name, accept="application/json"):
        method, path, _ = self.calls[name]
        body = {"url": self.url} if name == "fetchPage" else None
        path = path.replace("{id}", self.crawl).replace("{seq}", "1")
        return self.service.call(method, path, body, accept=accept, parse=False).decode()

    def text_example(self, name, kind):
        return self.calls[name][2]["responses"]["200"]["content"][kind]["example"]

    def test_every_example_of_a_body_is_valid(self):
        checked = 0
        for name, (_, _, call) in self.calls.items():
            holders = {"request": call.get("requestBody", {}), **call["responses"]}
            for status, holder in holders.items():
                for kind, media in holder.get("content", {}).items():
                    for example in self.examples_in(media):
                        self.check(media["schema"], example, f"{name} {status} {kind}")
                        checked += 1
        self.assertGreater(checked, 300)

    def test_every_example_and_default_of_a_schema_is_valid(self):
        checked = 0

        def walk(node, where):
            nonlocal checked
            if isinstance(node, list):
                for one in node:
                    walk(one, where)
            if not isinstance(node, dict):
                return
            described = "type" in node or "enum" in node
            if described and isinstance(node.get("examples", []), list):
                default = [node["default"]] if "default" in node else []
                for value in node.get("examples", []) + default:
                    self.check(node, value, where)
                    checked += 1
            for name, child in node.items():
                if name in ("default", "examples", "example"):
                    continue
                # Names of properties are no keywords.
                walk(list(child.values()) if name == "properties" else child, f"{where}/{name}")

        walk(self.document["components"]["schemas"], "#")
        walk(self.document["paths"], "#")
        self.assertGreater(checked, 100)

    def test_every_example_of_a_parameter_is_valid(self):
        checked = 0
        for name, (_, _, call) in self.calls.items():
            for parameter in call.get("parameters", []):
                if "example" in parameter:
                    self.check(parameter["schema"], parameter["example"], name)
                    checked += 1
        self.assertGreater(checked, 3)

    def same_members(self, schema, example, real, where):
        """Of what a schema asks for: members that may be missing are in neither or in both."""
        schema = self.resolved(schema)
        if isinstance(example, list):
            if example and real and "items" in schema:
                self.same_members(schema["items"], example[0], real[0], where + "/0")
            return
        if not isinstance(example, dict) or not isinstance(real, dict):
            return
        if "properties" not in schema:
            return
        always = set(schema.get("required", []))
        self.assertLessEqual(always, set(example), where)
        self.assertLessEqual(always, set(real), where)
        if always == set(schema["properties"]) and schema.get("additionalProperties") is False:
            self.assertEqual(set(example), set(real), where)
        for name in always:
            self.same_members(schema["properties"][name], example[name], real[name],
                              f"{where}/{name}")

    def test_answers_have_the_members_of_their_examples(self):
        checked = 0
        for name, (method, _, call) in self.calls.items():
            media = call["responses"].get("200", {}).get("content", {}).get("application/json")
            if media is None:
                continue
            real = json.loads(self.answer(name))
            self.check(media["schema"], real, f"the answer to {name}")
            [example] = self.examples_in(media)
            self.same_members(media["schema"], example, real, name)
            checked += 1
        self.assertEqual(checked, 10)

    def test_lines_are_what_the_schema_of_their_lists_says(self):
        for name, schema in LINES.items():
            for text in (self.text_example(name, "application/x-ndjson"),
                         self.answer(name, "application/x-ndjson")):
                lines = text.splitlines()
                self.assertTrue(lines)
                for line in lines:
                    self.check({"$ref": f"#/components/schemas/{schema}"}, json.loads(line), name)

    def test_tables_and_indexes_have_the_columns_of_their_examples(self):
        example, real = (list(csv.reader(io.StringIO(text))) for text in
                         (self.text_example("getResults", "text/csv"),
                          self.answer("getResults", "text/csv")))
        self.assertEqual(example[0], real[0])
        self.assertEqual({len(row) for row in example}, {len(example[0])})
        example, real = (text.splitlines()[0].split(" ", 2) for text in
                         (self.text_example("getResults", "text/x-cdxj"),
                          self.answer("getResults", "text/x-cdxj")))
        self.assertEqual(list(json.loads(example[2])), list(json.loads(real[2])))
        self.assertEqual(len(example[1]), len(real[1]))

    def test_events_are_those_of_their_example(self):
        example = dict(events_of(self.text_example("getEvents", "text/event-stream")))
        real = dict(events_of(self.answer("getEvents", "text/event-stream")))
        self.assertEqual(set(example), {"state", "progress", "page"})
        self.check({"$ref": "#/components/schemas/Crawl"}, example["state"], "state")
        self.assertEqual(set(example["state"]), set(real["state"]))
        record = self.document["components"]["schemas"]["Record"]["properties"]
        for page in (example["page"], real["page"]):
            self.assertLessEqual(set(page), set(record))
            self.assertNotIn("links", page)

    def test_numbers_for_prometheus_are_among_those_told(self):
        [kind] = self.calls["getMetrics"][2]["responses"]["200"]["content"]
        told = self.answer("getMetrics", "*/*").splitlines()
        for line in self.text_example("getMetrics", kind).splitlines():
            if line.startswith("#"):
                self.assertIn(line, told)
            else:
                self.assertTrue(any(one.split(" ")[0] == line.split(" ")[0] for one in told))

    def test_refusals_have_the_members_of_their_examples(self):
        for path, code in (("/v1/crawls/none", "crawl_not_found"),
                           ("/v1/crawls?limit=0", "invalid_parameter")):
            with self.assertRaisesRegex(RuntimeError, code) as told:
                self.service.call("GET", path)
            real = json.loads(str(told.exception).split(" ", 3)[3])
            example = self.document["components"]["examples"][code]["value"]
            self.assertEqual(set(real), set(example))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("binary", type=pathlib.Path)
    parser.add_argument("venv", type=pathlib.Path, help="the environment that ./test makes")
    arguments, more = parser.parse_known_args()
    if not (arguments.venv / "installed.txt").exists():
        print("jsonschema_rs is not installed: ./test puts it into build/")
        return SKIPPED
    [packages] = (arguments.venv / "lib").glob("python3*/site-packages")
    sys.path.insert(0, str(packages))
    global jsonschema_rs
    import jsonschema_rs
    Examples.binary = arguments.binary
    return not unittest.main(argv=[sys.argv[0], *more], exit=False).result.wasSuccessful()


if __name__ == "__main__":
    sys.exit(main())
