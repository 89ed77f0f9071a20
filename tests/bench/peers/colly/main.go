// colly crawls a site and keeps nothing.
//
// usage: crawl URL CONNECTIONS
//
// Its documentation: "By default Colly blocks while the request is not finished ... Async turns on
// asynchronous network communication"; "Parallelism is the number of the maximum allowed concurrent
// requests"; "Colly uses Golang's default http client as networking layer. HTTP options can be
// tweaked by changing the default HTTP roundtripper": Go's keeps 2 idle connections per host, which
// would mean a new connection for nearly every page.
package main

import (
	"net/http"
	"net/url"
	"os"
	"strconv"
	"strings"

	"github.com/gocolly/colly/v2"
)

func check(err error) {
	if err != nil {
		panic(err)
	}
}

func main() {
	start, err := url.Parse(os.Args[1])
	check(err)
	connections, err := strconv.Atoi(os.Args[2])
	check(err)
	collector := colly.NewCollector(colly.Async(true), colly.AllowedDomains(start.Hostname()))
	collector.IgnoreRobotsTxt = true
	collector.DisableCookies()
	collector.WithTransport(&http.Transport{
		MaxIdleConns: connections, MaxIdleConnsPerHost: connections, DisableCompression: true,
	})
	check(collector.Limit(&colly.LimitRule{DomainGlob: "*", Parallelism: connections}))
	follow := func(attribute string) func(*colly.HTMLElement) {
		return func(element *colly.HTMLElement) {
			// It takes two fragments of one page for two pages.
			link, _, _ := strings.Cut(element.Attr(attribute), "#")
			// Whatever it refuses (another host, seen before) is no error of the crawl.
			_ = element.Request.Visit(link)
		}
	}
	collector.OnHTML("a[href], area[href]", follow("href"))
	collector.OnHTML("frame[src], iframe[src]", follow("src"))
	check(collector.Visit(start.String()))
	collector.Wait()
}
