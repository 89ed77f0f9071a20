"""A crawler of aiohttp and lxml, as one would write it; it keeps nothing.

usage: main.py URL CONNECTIONS

aiohttp's documentation: "for speeding up ... install aiohttp[speedups]"; "Don't create a session per
request"; its connector's `limit` is the "total number of simultaneous connections". uvloop's: "makes
asyncio 2-4x faster". lxml parses the bytes itself, so that no text is decoded twice.
"""

import asyncio
import sys
import urllib.parse

import aiohttp
import lxml.etree
import lxml.html
import uvloop

PATH = "//a/@href | //area/@href | //frame/@src | //iframe/@src"


def links(base, body):
    try:
        tree = lxml.html.document_fromstring(body)
    except lxml.etree.ParserError:  # nothing in it
        return
    href = tree.find(".//base[@href]")
    if href is not None:
        base = urllib.parse.urljoin(base, href.get("href"))
    for link in tree.xpath(PATH):
        try:
            yield urllib.parse.urldefrag(urllib.parse.urljoin(base, link.strip())).url
        except ValueError:  # no URL
            continue


class Crawl:
    def __init__(self, start):
        self.origin = start[:start.index("/", len("https://"))] + "/"
        self.seen = {start}
        self.queue = asyncio.Queue()
        self.queue.put_nowait(start)

    async def fetch(self, session, url):
        async with session.get(url) as response:
            body = await response.read()
            if response.status == 200 and response.content_type == "text/html":
                for link in links(str(response.url), body):
                    if link.startswith(self.origin) and link not in self.seen:
                        self.seen.add(link)
                        self.queue.put_nowait(link)

    async def work(self, session):
        while True:
            url = await self.queue.get()
            try:
                await self.fetch(session, url)
            except aiohttp.ClientError:
                pass
            finally:
                self.queue.task_done()

    async def run(self, connections):
        connector = aiohttp.TCPConnector(limit=connections)
        async with aiohttp.ClientSession(connector=connector,
                                         cookie_jar=aiohttp.DummyCookieJar()) as session:
            workers = [asyncio.create_task(self.work(session)) for _ in range(connections)]
            await self.queue.join()
            for worker in workers:
                worker.cancel()
            await asyncio.gather(*workers, return_exceptions=True)


async def main():
    await Crawl(sys.argv[1]).run(int(sys.argv[2]))


uvloop.run(main())
