#!/usr/bin/env python3
"""docker/compose.yaml, and what its services are configured by, fit together, the image and the guides.

usage: compose_test.py SOURCE

Nothing is run. Exit code 77: PyYAML is not installed.
"""

import json
import pathlib
import re
import sys
import unittest

try:
    import yaml
except ImportError:
    print("not installed: python3-yaml")
    sys.exit(77)

import blocks

SOURCE = None
SECRETS = {"prometheus.key"}  # made by whoever runs it
KEY_MOUNT = "/run/secrets/prometheus.key"


def parse(*path):
    return yaml.safe_load(SOURCE.joinpath("docker", *path).read_text(encoding="utf-8"))


def instructions(name):
    """The values of an instruction of the Dockerfile's last stage."""
    text = (SOURCE / "docker" / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ")
    stage = text[text.rindex("\nFROM "):]
    return re.findall(rf"^{name} (.*)$", stage, re.MULTILINE)


class Compose(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.compose = parse("compose.yaml")
        cls.services = cls.compose["services"]
        cls.words = " ".join(instructions("ENV")).split()
        cls.settings = dict(word.split("=", 1) for word in cls.words)
        cls.port = cls.settings["ORBWEAVER_LISTEN"].rsplit(":", 1)[1]

    def mounts(self, service):
        return [mount.split(":") for mount in self.services[service].get("volumes", [])]

    def test_every_mounted_file_is_there(self):
        for name in self.services:
            for source, *_ in self.mounts(name):
                if source.startswith("."):
                    self.assertTrue((SOURCE / "docker" / source).is_file(), f"{name}: {source}")
                else:
                    self.assertIn(source, self.compose["volumes"], name)
        for name in self.compose["volumes"]:
            self.assertTrue(any(name == source for service in self.services
                                for source, *_ in self.mounts(service)), name)
        for name, secret in self.compose["secrets"].items():
            self.assertIn(name, SECRETS)
            self.assertEqual(secret["file"], f"./{name}")
        ignored = (SOURCE / ".gitignore").read_text(encoding="utf-8").split()
        for name in SECRETS:
            self.assertIn(f"/docker/{name}", ignored)

    def test_files_are_mounted_to_be_read(self):
        for name in self.services:
            for source, _, *mode in self.mounts(name):
                self.assertEqual(mode, ["ro"] if source.startswith(".") else [], f"{name}: {source}")

    def test_every_service_is_hardened(self):
        for name, service in self.services.items():
            with self.subTest(service=name):
                self.assertIs(service["read_only"], True)
                self.assertEqual(service["cap_drop"], ["ALL"])
                self.assertEqual(service["security_opt"], ["no-new-privileges:true"])
                self.assertNotIn("privileged", service)
                self.assertNotIn("cap_add", service)
                self.assertGreater(service["pids_limit"], 0)
                self.assertRegex(service["mem_limit"], r"^\d+[mg]$")

    def test_ports_are_those_of_this_machine_alone(self):
        told = {"orbweaver": self.port, "prometheus": "9090", "grafana": "3000"}
        self.assertEqual(set(told), set(self.services))
        for name, port in told.items():
            self.assertEqual(self.services[name]["ports"], [f"127.0.0.1:{port}:{port}"])

    def test_the_service_fits_its_image(self):
        service = self.services["orbweaver"]
        self.assertTrue((SOURCE / "docker" / service["build"]["context"] /
                         service["build"]["dockerfile"]).is_file())
        self.assertEqual(self.mounts("orbweaver"), [["data", self.settings["ORBWEAVER_DATA_DIR"]]])
        self.assertEqual(instructions("VOLUME"), [self.settings["ORBWEAVER_DATA_DIR"]])
        self.assertEqual(instructions("EXPOSE"), [self.port])
        self.assertEqual(instructions("CMD"), ['["serve"]'])
        self.assertNotIn("command", service)
        table = (SOURCE / "common" / "config" / "options_table.cpp").read_text(encoding="utf-8")
        for variable in {*service["environment"], *self.settings}:
            option = variable.removeprefix("ORBWEAVER_").lower().replace("_", "-")
            self.assertIn(f'"{option}"', table, variable)
        self.assertGreaterEqual(service["ulimits"]["nofile"], 20000)

    def test_prometheus_asks_the_service_with_its_key(self):
        service = self.services["prometheus"]
        config = [word.split("=", 1)[1] for word in service["command"]
                  if word.startswith("--config.file=")]
        self.assertIn(["./prometheus.yml", *config, "ro"], self.mounts("prometheus"))
        [storage] = [word.split("=", 1)[1] for word in service["command"]
                     if word.startswith("--storage.tsdb.path=")]
        self.assertIn(["prometheus", storage], self.mounts("prometheus"))
        self.assertEqual(service["secrets"], ["prometheus.key"])
        [job] = parse("prometheus.yml")["scrape_configs"]
        self.assertEqual(job["authorization"]["credentials_file"], KEY_MOUNT)
        self.assertEqual(job["static_configs"], [{"targets": [f"orbweaver:{self.port}"]}])

    def test_grafana_finds_its_source_and_its_dashboard(self):
        [source] = parse("grafana", "datasources.yml")["datasources"]
        self.assertEqual(source["url"], "http://prometheus:9090")
        [provider] = parse("grafana", "dashboards.yml")["providers"]
        places = {source: place for source, place, *_ in self.mounts("grafana")}
        self.assertEqual(places["./grafana/orbweaver.json"],
                         provider["options"]["path"] + "/orbweaver.json")
        for kind in ("datasources", "dashboards"):
            self.assertRegex(places[f"./grafana/{kind}.yml"],
                             rf"^/etc/grafana/provisioning/{kind}/[a-z]+\.yml$")
        dashboard = json.loads((SOURCE / "docker/grafana/orbweaver.json").read_text(encoding="utf-8"))
        chosen = {"${%s}" % variable["name"] for variable in dashboard["templating"]["list"]
                  if variable["type"] == "datasource" and variable["query"] == source["type"]}
        named = {panel["datasource"]["uid"] for panel in dashboard["panels"]
                 if "datasource" in panel}
        self.assertTrue(named)
        self.assertLessEqual(named, chosen | {source["uid"]})

    def test_grafanas_password_is_the_operators(self):
        given = self.services["grafana"]["environment"]["GF_SECURITY_ADMIN_PASSWORD"]
        [variable] = re.findall(r"^\$\{([A-Z_]+):-admin\}$", given)
        guide = (SOURCE / "docs" / "operations.md").read_text(encoding="utf-8")
        self.assertIn(f"`{variable}`", guide)

    def test_the_commands_of_the_guides_name_what_there_is(self):
        commands = "".join(block.text for guide in blocks.guides(SOURCE)
                           for block in blocks.blocks_in(guide) if block.mark == "compose")
        commands = commands.replace("\\\n", " ")
        self.assertIn("docker compose", commands)
        for file in re.findall(r"-f (\S+)", commands):
            self.assertTrue((SOURCE / file).is_file(), file)
        for profile in re.findall(r"--profile (\S+)", commands):
            self.assertTrue(any(profile in service.get("profiles", [])
                                for service in self.services.values()), profile)
        for service in re.findall(r"run --rm (?:-\S+ )*(\S+)", commands):
            self.assertIn(service, self.services)
        for secret in re.findall(r"docker/(\S+\.key)", commands):
            self.assertIn(secret, SECRETS)


def main():
    global SOURCE
    SOURCE = pathlib.Path(sys.argv[1]).resolve()
    unittest.main(argv=sys.argv[:1], verbosity=2)


if __name__ == "__main__":
    main()
