"""What schemathesis has to know of the service under test beside its description: which crawls
there are, and sites that may be crawled. Loaded by schemathesis (see schemathesis_test.py)."""

import contextlib
import itertools
import json
import os
import re
import urllib.error
import urllib.request

import schemathesis

ORIGIN = os.environ["ORBWEAVER_ORIGIN"]
SITE, *SITES_TO_FETCH = os.environ["ORBWEAVER_SITES"].split()
CRAWL = os.environ["ORBWEAVER_CRAWL"]  # one that has ended, and stays
KEY = os.environ["ORBWEAVER_KEY"]  # empty: the service asks for none
CRAWL_ID = re.compile(r"[0-9a-hjkmnp-tv-z]{26}")
ENDLESS = ("getEvents", "getResults")  # as long as their crawl goes on
ENDING = ("deleteCrawl", "pauseCrawl", "resumeCrawl", "cancelCrawl")

next_site = itertools.cycle(SITES_TO_FETCH)
in_turn = itertools.cycle((True, False))
ours = set()  # every other id the service has given: those crawls may be paused, cancelled, deleted


def call(method, path, body=None):
    request = urllib.request.Request(ORIGIN + path, method=method,
                                     data=None if body is None else json.dumps(body).encode())
    request.add_header("Content-Type", "application/json")
    if KEY:
        request.add_header("Authorization", f"Bearer {KEY}")
    with urllib.request.urlopen(request, timeout=20) as answer:
        return json.loads(answer.read())


def new_crawl():
    made = call("POST", "/v1/crawls", {"urls": [SITE], "delay": 0, "limit": 3})
    ours.add(made["id"])
    return made["id"]


@schemathesis.hook
def before_load_schema(_, raw_schema):
    """A service with keys never grants what the description says of one without."""
    if not KEY:
        return
    for methods in raw_schema["paths"].values():
        for operation in methods.values():
            operation["security"] = [one for one in operation.get("security", []) if one]


def with_a_known_crawl(name, parameters):
    given = parameters.get("id")
    if not isinstance(given, str) or not CRAWL_ID.fullmatch(given) or given in ours:
        return
    parameters["id"] = new_crawl() if name in ENDING else CRAWL


def of_texts(value, kind):
    items = value.values() if isinstance(value, dict) else value
    return isinstance(value, kind) and all(isinstance(item, str) for item in items)


def with_valid_texts(body):
    """What a schema cannot say of texts, so that requests get beyond their checks. What is wrong
    in a way that the schema does name stays so."""
    for name, text in (("contentTypes", "text/html"), ("includePaths", "a|b"),
                       ("excludePaths", "[c-d]"), ("dropQueryParameters", "e")):
        if of_texts(body.get(name), list):
            body[name] = [text] * len(body[name])
    webhook = body.get("webhook")
    for within, name in ((body, "headers"), (body, "cookies"), (body, "labels"),
                         (webhook if isinstance(webhook, dict) else {}, "headers")):
        if of_texts(within.get(name), dict):
            within[name] = {f"x-{n}": "f" for n in range(len(within[name]))}
    for name in ("name", "userAgent"):
        if isinstance(body.get(name), str):
            body[name] = "Test/1.0"
    if isinstance(auth := body.get("auth"), dict):
        auth |= {name: "g" for name in auth if isinstance(auth[name], str)}
    rules = body.get("extract")
    for rule in rules.values() if isinstance(rules, dict) else ():
        if isinstance(rule, dict) and isinstance(rule.get("regex"), str):
            rule["regex"] = "(h)"
            if isinstance(group := rule.get("group"), int) and group > 1:
                rule["group"] = 1


def with_reachable_addresses(body):
    """Random words in place of addresses would all be refused, and must not be dialled."""
    urls = body.get("urls")
    if isinstance(urls, list) and urls and all(isinstance(url, str) for url in urls):
        body["urls"] = [f"{SITE}?{n}" for n in range(len(urls))]
    if isinstance(body.get("url"), str):
        body["url"] = next(next_site)
    if isinstance(body.get("proxy"), str):
        body["proxy"] = SITE.rstrip("/")
    if isinstance(body.get("since"), str):
        body["since"] = CRAWL
    webhook = body.get("webhook")
    if isinstance(webhook, dict) and isinstance(webhook.get("url"), str):
        webhook["url"] = SITE + "hook"


@schemathesis.hook
def before_call(_, case, **__):
    name = case.operation.definition.raw.get("operationId")
    if case.path_parameters:
        with_a_known_crawl(name, case.path_parameters)
        crawl = case.path_parameters.get("id")
        # A stream of a crawl that goes on, or is paused, ends with the crawl.
        if name in ENDLESS and crawl in ours:
            with contextlib.suppress(urllib.error.HTTPError):  # it is over, or gone
                call("POST", f"/v1/crawls/{crawl}/cancel")
    if isinstance(case.body, dict):
        with_reachable_addresses(case.body)
        if next(in_turn):
            with_valid_texts(case.body)


@schemathesis.hook
def filter_failure(_, failure, case, response):
    """One address may try ten wrong keys in a row: what it is then told is a refusal as well."""
    return not (failure.code == "ST401" and "got `429 " in failure.message)


@schemathesis.hook
def after_call(_, case, response):
    if response.status_code == 201:
        ours.add(response.json()["id"])
