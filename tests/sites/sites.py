"""The documentation sites that tests and benchmarks crawl: Debian packages, found by their files."""

import dataclasses
import glob


@dataclasses.dataclass(frozen=True)
class Site:
    name: str
    package: str     # what apt would install; the version in it differs by distribution
    root_glob: str   # the folder to serve; the last match counts
    start: str       # path of the start page
    least_pages: int  # fewer than this and the walk, or the package, is broken

    def root(self):
        """The installed folder, or None."""
        found = [root for root in sorted(glob.glob(self.root_glob))
                 if glob.glob(root + self.start)]
        return found[-1] if found else None


SITES = {site.name: site for site in (
    # 526 pages in Debian 12
    Site("python", "python3-doc", "/usr/share/doc/python3.[0-9]*/html", "/index.html", 500),
    # 3,805 pages and 1,198 dead links; "operator%.html" has a percent sign that is no escape
    Site("boost", "libboost-doc", "/usr/share/doc/libboost1.*-doc", "/doc/html/index.html", 3000),
    # 4,389 pages
    Site("cppreference", "cppreference-doc-en-html", "/usr/share/cppreference/doc/html",
         "/en/index.html", 4000),
    # 1,169 pages
    Site("postgresql", "postgresql-doc", "/usr/share/doc/postgresql-doc-[0-9]*/html",
         "/index.html", 1000),
)}
