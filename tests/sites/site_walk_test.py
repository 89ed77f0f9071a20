#!/usr/bin/env python3
"""The walk and nginx must agree, and the comparison must notice what goes wrong."""

import pathlib
import sys
import tempfile
import unittest
import urllib.error
import urllib.request

import documentation_test
import nginx
import site_walk

SITE = {
    "index.html": """<meta http-equiv=refresh content="5; url='refreshed.html'">
        <a href=" a.html#part ">a</a> <a href="a.html">again</a> <a href='sub'>sub</a>
        <map><area href="area.html"></map> <iframe src="iframe.html"></iframe>
        <a href="operator%.html">bare</a> <a href="sp ace.html?q=<x>">space</a>
        <a href="&#xe9;.html">utf-8</a> <a href="\\sub\\.\\deep/../deep/x.html">backslash</a>
        <a href="notes.txt">notes</a> <a href="gone.html">gone</a> <a href="sub2/">forbidden</a>
        <a href="mailto:x@site.test">mail</a> <a href="//elsewhere.test/">elsewhere</a>
        <a rel="external nofollow" href="no.html">no</a> <a name="anchor">anchor</a>
        <!-- <a href="comment.html">comment</a> --> <script>"<a href='script.html'>"</script>
        <img src="image.png"> <link href="style.css">""",
    "a.html": "<base href='/sub/'><a href='based.html'>based</a><base href='/other/'>",
    "sub/index.html": "<frameset><frame src='../frame.html'></frameset>",
    "sub/based.html": "<meta name=robots content='noindex, nofollow'><a href='/no.html'>no</a>",
    "sub/deep/x.html": "", "sub2/x.txt": "", "area.html": "", "iframe.html": "", "frame.html": "",
    "refreshed.html": "", "operator%.html": "", "sp ace.html": "", "\u00e9.html": "",
    "no.html": "", "notes.txt": "<a href='no.html'>not HTML</a>", "comment.html": "",
    "script.html": "",
}
PAGES = {"/index.html", "/a.html", "/sub/", "/sub/based.html", "/sub/deep/x.html", "/area.html",
         "/iframe.html", "/frame.html", "/refreshed.html", "/operator%25.html",
         "/sp%20ace.html?q=%3Cx%3E", "/%C3%A9.html"}
OTHERS = {"/notes.txt"}
REDIRECTS = {"/sub"}
DEAD = {"/gone.html", "/sub2/"}


class ResolveTest(unittest.TestCase):
    def test_as_a_browser_does(self):
        base = "http://h:8/a/b.html?x=1"
        for link, url in {
                "c.html": "http://h:8/a/c.html", "../c": "http://h:8/c", "../../c": "http://h:8/c",
                "/c": "http://h:8/c", "": base, "#top": base, "?y": "http://h:8/a/b.html?y",
                ".": "http://h:8/a/", "..": "http://h:8/", "./": "http://h:8/a/",
                "c/..": "http://h:8/a/", "(http://x/y": "http://h:8/a/(http://x/y",
                "//K/c": "http://k/c", "https:k/c": "https://k/c", "http:c": "http://h:8/a/c",
                "HTTP://k": "http://k/", "c%2": "http://h:8/a/c%252", "%2E%2e/c": "http://h:8/c",
                "\tc\nd ": "http://h:8/a/cd", "c:d": None, "mailto:x": None,
                "/?a=b c&d='": "http://h:8/?a=b%20c&d=%27", "\\c": "http://h:8/c",
        }.items():
            with self.subTest(link=link):
                self.assertEqual(site_walk.resolve(base, link), url)


class SiteWalkTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = pathlib.Path(folder.name)
        for name, text in SITE.items():
            (self.root / name).parent.mkdir(parents=True, exist_ok=True)
            (self.root / name).write_text(text, encoding="utf-8")
        self.walk = site_walk.walk(self.root, "/index.html")

    def test_follows_every_kind_of_link(self):
        self.assertEqual(self.walk.pages, PAGES)
        self.assertEqual(self.walk.others, OTHERS)
        self.assertEqual(self.walk.redirects, REDIRECTS)
        self.assertEqual(self.walk.dead, DEAD)
        self.assertEqual(self.walk.requests, PAGES | OTHERS | REDIRECTS | DEAD)

    def test_can_follow_anchors_alone(self):
        anchors = site_walk.walk(self.root, "/index.html", elements=frozenset({"a"}))
        left_out = {"/area.html", "/iframe.html", "/frame.html", "/refreshed.html"}
        self.assertEqual(anchors.requests, self.walk.requests - left_out)

    @unittest.skipIf(nginx.find_nginx() is None, "nginx is not installed")
    def test_nginx_answers_as_the_walk_believes(self):
        class keep_redirect(urllib.request.HTTPRedirectHandler):
            def redirect_request(self, *_):
                return None
        opener = urllib.request.build_opener(keep_redirect)
        with nginx.Nginx(self.root) as server:
            for target in self.walk.requests:
                status, kind, _ = site_walk.answer(self.root, target)
                try:
                    with opener.open(server.origin + target) as response:
                        self.assertEqual((response.status, response.headers.get_content_type()),
                                         (status, kind), target)
                except urllib.error.HTTPError as error:
                    self.assertEqual(error.code, status, target)
                    error.close()
            self.assertEqual(server.taken(), {target: 1 for target in self.walk.requests})
            self.assertEqual(server.taken(), {}, "what was read is not read again")


class ComparisonTest(unittest.TestCase):
    def setUp(self):
        self.walk = site_walk.Walk("/nowhere", requests={"/a", "/b"}, pages={"/a"}, dead={"/b"})
        self.records = [{"seq": 1, "url": "http://h/a", "outcome": "fetched", "status": 200},
                        {"seq": 2, "url": "http://h/b", "outcome": "fetched", "status": 404}]

    def assert_one_problem(self, problems, words):
        self.assertEqual(len(problems), 1, problems)
        self.assertIn(words, problems[0])

    def test_a_complete_crawl_passes(self):
        requests = {"/a": 1, "/b": 1, "/robots.txt": 1}
        self.assertEqual(documentation_test.request_problems(self.walk, requests), [])
        self.assertEqual(
            documentation_test.record_problems(self.walk, "http://h", self.records), [])

    def test_requests_that_are_missing_surplus_or_repeated(self):
        check = documentation_test.request_problems
        self.assert_one_problem(check(self.walk, {"/a": 1}), "never asked for: /b")
        self.assert_one_problem(check(self.walk, {"/a": 1, "/b": 1, "/c": 1}),
                                "no page links: /c")
        self.assert_one_problem(check(self.walk, {"/a": 1, "/b": 2}), "more than once: /b")
        self.assert_one_problem(check(self.walk, {"/a": 1, "/b": 1, "/robots.txt": 2}),
                                "more than once: /robots.txt")

    def test_records_that_are_missing_surplus_or_repeated(self):
        def check(records):
            return documentation_test.record_problems(self.walk, "http://h", records)
        self.assert_one_problem(check(self.records[:1]), "no record: http://h/b")
        surplus = {"seq": 3, "url": "http://h/c", "outcome": "fetched", "status": 404}
        self.assert_one_problem(check(self.records + [surplus]), "no page of the site: http://h/c")
        self.assert_one_problem(check(self.records + [surplus | {"url": "http://h/b"}]),
                                "more than one record: http://h/b")
        self.assert_one_problem(check([self.records[0], self.records[1] | {"seq": 3}]), "seq")

    def test_a_status_object_that_contradicts_itself(self):
        counts = {"discovered": 2, "queued": 0, "inFlight": 0, "fetched": 2, "failed": 0,
                  "skipped": 0}
        status = {"state": "completed", "finishReason": "exhausted", "counts": counts}
        check = documentation_test.status_problems
        self.assertEqual(check(status, self.records), [])
        self.assert_one_problem(check(status | {"finishReason": "limit"}, self.records), "limit")
        self.assert_one_problem(check(status | {"counts": counts | {"discovered": 3}},
                                      self.records), "do not add up")
        self.assert_one_problem(check(status, self.records[:1]), "by the records")


if __name__ == "__main__":
    unittest.main(argv=sys.argv)
