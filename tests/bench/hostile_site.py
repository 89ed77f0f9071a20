"""Web sites on every address of 127/8, for one benchmark: healthy ones, or hostile ones.

usage: hostile_site.py healthy|hostile

Prints its port, and goes on until its standard input ends. Which way a hostile site goes wrong is
told by its address, 127.K.x.y with K from HOSTILE. Python's standard library alone.
"""

import asyncio
import gzip
import random
import socket
import struct
import sys

HEALTHY = 30
STALL, DRIBBLE, RESET, BOMB = HOSTILE = (40, 41, 42, 43)

THINKING_SECONDS = 2.5  # of a healthy site, for each page, half as long to half as long again
BODY = b"<p>" + b"a word and another, " * 200
DRIBBLE_SECONDS = 1.0  # between two bytes
RESET_SECONDS = 5.0    # until the body breaks off
BOMB_SECONDS = 12.0    # until the bomb has come whole
BOMB_PIECES = 12
BOMB_BODY = gzip.compress(b"a" * (16 << 20), 9)


def head(fields):
    return b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n" + fields + b"\r\n"


class Connection(asyncio.Protocol):
    def connection_made(self, transport):
        self.transport = transport
        self.kind = int(transport.get_extra_info("sockname")[0].split(".")[1])
        self.received = b""
        self.timer = None

    def connection_lost(self, error):
        if self.timer:
            self.timer.cancel()

    def data_received(self, data):
        self.received += data
        while (end := self.received.find(b"\r\n\r\n")) >= 0:
            target = self.received.split(b" ", 2)[1]
            self.received = self.received[end + 4:]
            self.answer(target)

    def later(self, seconds, call, *arguments):
        self.timer = asyncio.get_running_loop().call_later(seconds, call, *arguments)

    def answer(self, target):
        if self.kind == DRIBBLE:
            self.transport.write(head(b"Content-Length: 1000000\r\n"))
            self.dribble()
        elif self.kind == RESET:
            self.transport.write(head(b"Content-Length: 1000000\r\n") + BODY)
            self.later(random.uniform(0.5, 1.5) * RESET_SECONDS, self.reset)
        elif self.kind == BOMB:
            self.transport.write(head(b"Content-Encoding: gzip\r\nContent-Length: %d\r\n"
                                      % len(BOMB_BODY)))
            self.bomb(0)
        elif self.kind != STALL:
            self.later(random.uniform(0.5, 1.5) * THINKING_SECONDS, self.page, target)

    def page(self, target):
        """Each page leads to one more, for ever."""
        row, number = target[1:2], int(target[2:] or b"0")
        body = b"<a href=/%s%d>on</a>" % (row, number + 1) + BODY
        self.transport.write(head(b"Content-Length: %d\r\n" % len(body)) + body)

    def dribble(self):
        self.transport.write(b"x")
        self.later(DRIBBLE_SECONDS, self.dribble)

    def reset(self):
        self.transport.get_extra_info("socket").setsockopt(
            socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.transport.abort()

    def bomb(self, piece):
        size = len(BOMB_BODY) // BOMB_PIECES + 1
        self.transport.write(BOMB_BODY[piece * size:(piece + 1) * size])
        if piece + 1 < BOMB_PIECES:
            self.later(random.uniform(0.5, 1.5) * BOMB_SECONDS / BOMB_PIECES, self.bomb, piece + 1)


async def main():
    loop = asyncio.get_running_loop()
    server = await loop.create_server(Connection, "0.0.0.0", 0, backlog=4096)
    print(server.sockets[0].getsockname()[1], flush=True)
    await loop.run_in_executor(None, sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(main())
