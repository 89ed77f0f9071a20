#!/usr/bin/env python3
"""The arithmetic of the benchmark and what it shows: nothing here is measured."""

import pathlib
import sys
import tempfile
import unittest
import xml.etree.ElementTree

import clients
import concurrency
import crawl
import instructions
import measure
import plot
import report
import targets


def row(name, cpu_us, **more):
    return {"name": name, "version": "1", "does": clients.CRAWLS, "cpu_us": cpu_us,
            "cpu_us_least": cpu_us * 0.9, "cpu_us_most": cpu_us * 1.1, "urls_per_second": 1234.5,
            "peak_mib": 10.0, "missing": 0, "others": 1, "twice": 2, "exit_codes": [0], **more}


def table():
    rows = [row("Orbweaver", 50.0), row(clients.WRK, 20.0, does=clients.LOADS),
            row(clients.WGET2, 100.0), row("colly (Go)", 1000.0)]
    return {"site": "boost", "urls": 5, "pages": 3, "dead": 2, "page_bytes": 2048.0, "rounds": 1,
            "connections": 16, "clients": crawl.with_ratios(rows)}


def results():
    return {"date": "2026-01-02", "machine": "2 processors", "sites": [table()],
            "concurrency": [], "targets": [], "left_out": [{"name": "x", "reason": "no y"}]}


def client(does):
    return clients.Client("name", "1", does, lambda site, folder: [])


class AskedTest(unittest.TestCase):
    def test_tells_missing_surplus_and_repeated_apart(self):
        taken = {"/a": 1, "/b": 3, "/x": 1, "/robots.txt": 1}
        self.assertEqual(crawl.asked({"/a", "/b", "/c"}, taken),
                         crawl.Asked(answered=6, found=2, missing=1, others=1, twice=1))

    def test_robots_and_sitemaps_asked_for_of_its_own_accord_are_no_surplus(self):
        own = dict.fromkeys(crawl.OWN_ACCORD, 1)
        self.assertEqual(crawl.asked(set(), own).others, 0)


class CrawlTableTest(unittest.TestCase):
    def runs(self, found, answered, *seconds):
        asked = crawl.Asked(answered=answered, found=found, missing=4 - found, others=0, twice=0)
        return [crawl.Run(measure.Cost(wall=2 * cpu, cpu=cpu, peak_kib=2048, exit_code=0), asked)
                for cpu in seconds]

    def test_cost_is_per_url_of_the_site(self):
        found = crawl.summary(client(clients.CRAWLS), self.runs(4, 400, 4.0, 1.0, 2.0))
        self.assertEqual((found["cpu_us_least"], found["cpu_us"], found["cpu_us_most"]),
                         (0.25e6, 0.5e6, 1e6))
        self.assertEqual(found["urls_per_second"], 1.0)
        self.assertEqual((found["peak_mib"], found["missing"]), (2.0, 0))

    def test_cost_of_load_is_per_request(self):
        found = crawl.summary(client(clients.LOADS), self.runs(4, 400, 4.0))
        self.assertEqual(found["cpu_us"], 0.01e6)

    def test_a_client_that_asked_for_nothing_divides_by_no_zero(self):
        self.assertEqual(crawl.summary(client(clients.CRAWLS), self.runs(0, 0, 1.0))["missing"], 4)

    def test_ratios(self):
        ratios = {one["name"]: (one["to_wrk"], one["to_wget2"]) for one in table()["clients"]}
        self.assertEqual(ratios["Orbweaver"], (2.5, 0.5))
        alone = crawl.with_ratios([row("Orbweaver", 50.0)])
        self.assertIsNone(alone[0]["to_wrk"])


class MeasureTest(unittest.TestCase):
    def test_counts_the_time_of_children_and_takes_output(self):
        with tempfile.TemporaryDirectory() as folder:
            out = pathlib.Path(folder) / "out"
            cost = measure.measure(["sh", "-c", f"{sys.executable} -c 'sum(range(3000000))'; echo x;"
                                    "exit 3"], [0], out)
            self.assertEqual((cost.exit_code, out.read_text()), (3, "x\n"))
        self.assertGreater(cost.cpu, 0.01, "the shell itself takes hardly any")
        self.assertGreater(cost.peak_kib, 1000)


class ConcurrencyTest(unittest.TestCase):
    def test_ideal_is_whole_waves(self):
        self.assertAlmostEqual(concurrency.ideal(80, 300), 0.05)
        self.assertAlmostEqual(concurrency.ideal(1000, 300), 0.2)
        self.assertAlmostEqual(concurrency.ideal(1000, 1), 50.0)

    def test_start_is_left_out_of_the_ratio(self):
        def cost(wall):
            return measure.Cost(wall=wall, cpu=0.1, peak_kib=1, exit_code=0)
        way = concurrency.Way("way", 300, lambda urls, pattern: [], [])
        found = concurrency.summary(way, 1000, "", [cost(0.5)], [cost(0.9)])
        self.assertAlmostEqual(found["to_ideal"], 2.0)
        self.assertEqual((found["wall"], found["start_wall"]), (0.9, 0.5))


class TargetsTest(unittest.TestCase):
    def test_limits_are_met_on_their_own_value(self):
        self.assertTrue(targets.at_most("x", 1.15, 1.15).met)
        self.assertFalse(targets.at_most("x", 1.16, 1.15).met)
        self.assertTrue(targets.at_least("x", 0.97, 0.97).met)
        self.assertFalse(targets.at_least("x", 0.96, 0.97).met)

    def test_of_a_crawl(self):
        found = {one.what: (one.target, one.measured, one.met)
                 for one in targets.of_crawl(table())}
        self.assertEqual(found, {
            "boost: Orbweaver, CPU against wget2's": ("≤ 0.40", "0.50", False),
            "boost: URLs per CPU second against wrk's": ("≥ 40%", "40%", True),
            "boost: CPU, times less than colly (Go)'s": ("≥ 15", "20", True)})

    def test_of_a_crawl_without_peers(self):
        alone = table() | {"clients": crawl.with_ratios([row("Orbweaver", 50.0)])}
        self.assertEqual(targets.of_crawl(alone), [])

    def test_the_disk_is_held_against_memory(self):
        rows = [row(clients.ORBWEAVER, 50.0), row(clients.RECORDS, 100.0),
                row(clients.DURABLE, 130.0), row(clients.WITH_BODIES, 260.0)]
        found = targets.of_crawl(table() | {"clients": crawl.with_ratios(rows)})
        self.assertEqual([(one.target, one.measured, one.met) for one in found],
                         [("≤ 1.30", "1.30", True), ("≤ 2.50", "2.60", False)])

    def test_memory_of_a_connection_is_the_difference(self):
        self.assertEqual(targets.idle_row("HTTP", 4, (200, 5000.0), (3200, 14000.0)).measured,
                         "3.0 (3,200 kept)")
        self.assertIsNone(targets.idle_row("HTTP", 4, (200, 5000.0), (200, 14000.0)).met)


class PlotTest(unittest.TestCase):
    def test_scale_encloses_what_it_shows(self):
        self.assertEqual(plot.powers(13, 14000), [10, 100, 1000, 10000, 100000])
        self.assertEqual(plot.powers(10, 10), [10, 100])
        self.assertAlmostEqual(plot.place(100, [10, 100, 1000]), 0.5)

    def test_is_well_formed_and_shows_every_client(self):
        rows = [row("Orbweaver", 50.0), row("a <b> & c", 5000.0)]
        root = xml.etree.ElementTree.fromstring(plot.svg("t", "n", rows, "Orbweaver", "wrk"))
        bars = [one for one in root.iter() if one.tag.endswith("}rect")]
        self.assertEqual([one.get("class") for one in bars], ["own", "other"])
        self.assertLess(float(bars[0].get("width")), float(bars[1].get("width")))
        self.assertIn("a <b> & c", [one.text for one in root.iter()])


class ReportTest(unittest.TestCase):
    def test_rows_are_ordered_by_cost_and_wrk_is_not_judged_complete(self):
        text = report.markdown(results())
        names = [line.split("|")[1].strip() for line in text.splitlines()
                 if line.startswith("| ") and "µs" not in line]
        self.assertEqual(names, ["wrk", "Orbweaver", "wget2", "colly (Go)"])
        self.assertIn("| wrk | 20.0 | 18.0–22.0 | 1,234 | 10.0 | – | – | – | 1.00 | 0.20 |", text)
        self.assertIn("- left out: x: no y", text)

    def test_publishing_replaces_what_was_between_the_marks(self):
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name)
            page = folder / "performance.md"
            page.write_text(f"before\n{report.BEGIN}\nold\n{report.END}\nafter\n")
            report.publish(results(), folder)
            once = page.read_text()
            report.publish(results(), folder)
            self.assertEqual(page.read_text(), once)
            self.assertTrue(once.startswith("before\n") and once.endswith("\nafter\n"))
            self.assertNotIn("old", once)
            self.assertTrue((folder / "performance-boost.svg").is_file())

    def test_a_page_without_marks_is_left_alone(self):
        with tempfile.TemporaryDirectory() as name:
            page = pathlib.Path(name) / "performance.md"
            page.write_text("text\n")
            with self.assertRaises(ValueError):
                report.publish(results(), pathlib.Path(name))
            self.assertEqual(page.read_text(), "text\n")


class InstructionsTest(unittest.TestCase):
    def test_reads_what_it_has_written(self):
        counts = {"url/resolve/../x.html#x": 12.5, "scan/a": 1234567.0}
        text = instructions.written_notes("a compiler\na machine", counts)
        self.assertEqual(instructions.read_notes(text), ("a compiler\na machine", counts))
        self.assertEqual(instructions.read_notes(""), ("", {}))

    def test_only_what_grows_by_more_than_a_twentieth_has_grown(self):
        for before, now, grown in ((100, 105, False), (100, 106, True), (100, 50, False),
                                   (None, 50, False)):
            with self.subTest(before=before, now=now):
                self.assertEqual(instructions.has_grown(before, now), grown)

    def test_a_new_one_is_shown_without_a_change(self):
        self.assertEqual(instructions.row("x", None, 2.0).split(), ["x", "–", "2.0", "new"])
        self.assertEqual(instructions.row("x", 4.0, 2.0).split(), ["x", "4.0", "2.0", "-50.0", "%"])


class PeersTest(unittest.TestCase):
    def test_each_folder_is_listed_and_can_be_run(self):
        for folder, _, _ in clients.PEER_LIST:
            for script in ("install", "crawl"):
                with self.subTest(peer=folder, script=script):
                    self.assertTrue((clients.PEERS / folder / script).stat().st_mode & 0o100)
        listed = set(clients.PEER_NAMES) | {concurrency.FOLDER.name}
        self.assertEqual({one.name for one in clients.PEERS.iterdir() if one.is_dir()}, listed)

    def test_a_peer_that_cannot_be_installed_is_left_out_with_the_reason(self):
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name)
            (folder / "peer").mkdir()
            script = folder / "peer/install"
            script.write_text("#!/bin/sh\necho first >&2\necho no such thing >&2\nexit 1\n")
            script.chmod(0o755)
            before, clients.PEERS = clients.PEERS, folder
            self.addCleanup(setattr, clients, "PEERS", before)
            self.assertEqual(clients.install("peer", "a peer", clients.CRAWLS, folder / "build"),
                             clients.LeftOut("a peer", "no such thing"))


if __name__ == "__main__":
    unittest.main(argv=sys.argv)
