"""Runs a command pinned to one processor and prints what it cost, as one JSON line.

usage: crawl_measure.py CPU COMMAND...

A process of its own, and a small one: a child's peak memory begins at its parent's, so that it is
never seen below the few MiB of this one.
"""
import os
import sys
import time

cpu, command = int(sys.argv[1]), sys.argv[2:]
os.sched_setaffinity(0, {cpu})
start = time.monotonic()
null = os.open(os.devnull, os.O_RDWR)
child = os.posix_spawnp(command[0], command, os.environ, file_actions=[
    (os.POSIX_SPAWN_DUP2, null, 0), (os.POSIX_SPAWN_DUP2, null, 1)])
_, status, usage = os.wait4(child, 0)
wall = time.monotonic() - start
print('{"wall": %f, "cpu": %f, "peak_kib": %d, "exit_code": %d}' % (
    wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss, os.waitstatus_to_exitcode(status)))
