#include "server/commands/inspect.hpp"

#include <CLI/CLI.hpp>
#include <array>
#include <cstdio>
#include <memory>

#include "server/commands/commands.hpp"
#include "server/commands/inspect_batch.hpp"

namespace orbweaver {
namespace {

struct inspect_kind {
  const char* name;
  const char* summary;
  const char* footer;
  line_answerer answer;
  inspect_run (*add_arguments)(CLI::App& command);
};

constexpr std::array<inspect_kind, 4> kinds{{
    {"url", "Take a URL apart, as browsers do, and show what the crawler makes of it",
     R"(Examples:
  orbweaver inspect url 'HTTPS://Example.COM:443/a/../b?utm_source=x#top'
  orbweaver inspect url ../c --base https://example.com/a/b/
  echo '{"input": "../c", "base": "https://example.com/a/b/"}' | orbweaver inspect url --batch

--batch reads {"input", "base"}; base may be null or missing. It answers {"href", "protocol",
"username", "password", "host", "hostname", "port", "pathname", "search", "hash"}, the names of the
WHATWG URL API, or {"failure": true, "reason"} for what is no URL.

Exit codes: 0 it is a URL, 1 it is none, 2 a mistake in the command line. With --batch: 1 when a
line was answered by an error.)",
     inspect_url, add_url_arguments},
    {"robots", "Say what a robots.txt allows, and which of its lines says so",
     R"(Examples:
  orbweaver inspect robots robots.txt --agent FooBot https://example.com/a /b
  curl -s https://example.com/robots.txt | orbweaver inspect robots - /a
  echo '{"robots": "User-agent: *\nDisallow: /a", "agent": "FooBot", "url": "http://h/a"}' |
    orbweaver inspect robots --batch

--batch reads {"robots", "agent", "url"}; agent is a product token or a whole User-Agent. It answers
{"allowed", "line", "rule", "crawlDelay", "sitemaps"}; line and rule are null when no rule decides.

Exit codes: 0 all of them are allowed, 1 one is not, or is no URL, 2 a mistake in the command line.
With --batch: 1 when a line was answered by an error.)",
     inspect_robots, add_robots_arguments},
    {"links", "List the links and the metadata of a page",
     R"(Examples:
  orbweaver inspect links page.html --base https://example.com/docs/
  curl -s https://example.com/ | orbweaver inspect links - --base https://example.com/
  echo '{"base": "https://h/", "html": "<a href=x>X</a>"}' | orbweaver inspect links --batch

--batch reads {"base", "html", "agent"}; base is the page's own URL, agent may be missing. It
answers {"title", "language", "canonical", "robots", "metadata", "links"} with {"url", "text",
"rel", "element"} for each link, and "error" for what is no URL; title, language and canonical are
null when the page has none. "limitsReached" says what the page has more of than is kept.

Exit codes: 0 done, 1 no such page or base, 2 a mistake in the command line. With --batch: 1 when a
line was answered by an error.)",
     inspect_links, add_links_arguments},
    {"sitemap", "List the entries of a sitemap, sitemap index, plain list or feed",
     R"(Examples:
  orbweaver inspect sitemap sitemap.xml.gz
  curl -s https://example.com/sitemap.xml | orbweaver inspect sitemap -
  echo '{"xml": "<urlset><url><loc>https://h/</loc></url></urlset>"}' |
    orbweaver inspect sitemap --batch

--batch reads {"xml"} and answers {"kind", "entries"} with {"loc", "lastmod"} for each entry; kind
is urlset, index, text, feed or unknown, lastmod null when there is none.

Exit codes: 0 it is a sitemap, 1 it is none or broken, 2 a mistake in the command line. With
--batch: 1 when a line was answered by an error.)",
     inspect_sitemap, add_sitemap_arguments},
}};

int print(const explanation& e) {
  const bool written = std::fwrite(e.text.data(), 1, e.text.size(), stdout) == e.text.size() &&
                       std::fflush(stdout) == 0;
  return written && e.good ? 0 : 1;
}

void add_kind(CLI::App& parent, const inspect_kind& kind, int& exit_code) {
  CLI::App* command = parent.add_subcommand(kind.name, kind.summary);
  command->footer(kind.footer);
  const inspect_run single = kind.add_arguments(*command);
  const auto arguments =
      command->get_options([](const CLI::Option* o) { return !o->check_name("--help"); });
  CLI::Option* batch = command->add_flag("--batch");
  batch->description("Read one JSON object per line from standard input, answer each by one line");
  command->callback([&kind, single, arguments, batch, &exit_code] {
    for (const CLI::Option* argument : arguments)
      if (*batch && *argument) throw CLI::ExcludesError("--batch", argument->get_name());
    exit_code = *batch ? run_batch(kind.answer) : print(single());
  });
}

}  // namespace

void add_inspect_command(CLI::App& app, int& exit_code) {
  CLI::App* command =
      app.add_subcommand("inspect", "Show, offline, what the crawler would make of something");
  command->require_subcommand(1);
  command->footer(R"(Examples:
  orbweaver inspect url 'HTTPS://Example.COM:443/a/../b'
  orbweaver inspect robots robots.txt --agent FooBot https://example.com/a
  orbweaver inspect links page.html --base https://example.com/
  orbweaver inspect sitemap sitemap.xml.gz

Each explains one thing for people, or, with --batch, any number for programs: it reads one JSON
object per line and answers each by one line, in order and at once. 'orbweaver inspect KIND --help'
names the members. Lines of up to 64 MiB; what cannot be read is answered by {"error": "..."}.)");
  for (const inspect_kind& kind : kinds) add_kind(*command, kind, exit_code);
}

}  // namespace orbweaver
