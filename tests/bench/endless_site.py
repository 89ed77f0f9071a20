"""A site without end: each page links to so many pages that nobody has heard of before."""

import asyncio

HEAD = b"HTTP/1.1 %s\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n"


class Visitor(asyncio.Protocol):
    def __init__(self, links):
        self.links, self.left = links, b""

    def connection_made(self, transport):
        self.transport = transport

    def data_received(self, data):
        *requests, self.left = (self.left + data).split(b"\r\n\r\n")
        for request in requests:
            target = request.split(b" ", 2)[1]
            page = int(target[3:]) if target.startswith(b"/p/") else 0 if target == b"/" else None
            if page is None:
                self.transport.write(HEAD % (b"404 Not Found", 0))
                continue
            first = page * self.links + 1
            body = "".join([f"<a href=/p/{n}>{n}</a>\n" for n in range(first, first + self.links)])
            self.transport.write(HEAD % (b"200 OK", len(body)) + body.encode())


def serve(port, links):
    async def run():
        loop = asyncio.get_running_loop()
        server = await loop.create_server(lambda: Visitor(links), "127.0.0.1", port)
        await server.serve_forever()
    asyncio.run(run())
