"""Scrapy crawls a site and keeps nothing.

usage: main.py URL CONNECTIONS

Its documentation, "Broad Crawls": "Increase concurrency", "Set log level to INFO", "Disable
cookies", "Disable retries", "Crawl in BFO order". Its link extractor is the lxml one. Statistics
and the telnet console, which nobody reads here, are off.
"""

import sys
import urllib.parse

import scrapy
import scrapy.crawler
import scrapy.linkextractors


class Spider(scrapy.Spider):
    name = "peer"

    def __init__(self, url):
        super().__init__()
        self.start_urls = [url]
        parts = urllib.parse.urlsplit(url)
        self.allowed_domains = [parts.hostname]
        self.extractor = scrapy.linkextractors.LinkExtractor(
            allow_domains=[parts.netloc], tags=("a", "area", "frame", "iframe"), attrs=("href", "src"),
            deny_extensions=[])

    def parse(self, response):
        if isinstance(response, scrapy.http.HtmlResponse):
            for link in self.extractor.extract_links(response):
                yield scrapy.Request(link.url)


def main():
    connections = int(sys.argv[2])
    process = scrapy.crawler.CrawlerProcess({
        "LOG_ENABLED": False, "TELNETCONSOLE_ENABLED": False, "ROBOTSTXT_OBEY": False,
        "CONCURRENT_REQUESTS": connections, "CONCURRENT_REQUESTS_PER_DOMAIN": connections,
        "DOWNLOAD_DELAY": 0, "COOKIES_ENABLED": False, "RETRY_ENABLED": False,
        "HTTPERROR_ENABLED": True, "DEPTH_PRIORITY": 1,
        "SCHEDULER_DISK_QUEUE": "scrapy.squeues.PickleFifoDiskQueue",
        "SCHEDULER_MEMORY_QUEUE": "scrapy.squeues.FifoMemoryQueue",
        "EXTENSIONS": {"scrapy.extensions.memusage.MemoryUsage": None,
                       "scrapy.extensions.logstats.LogStats": None},
    })
    process.crawl(Spider, url=sys.argv[1])
    process.start()


main()
