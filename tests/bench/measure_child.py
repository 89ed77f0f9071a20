"""Runs a command on some processors and prints what it cost, as one JSON line.

usage: measure_child.py PROCESSORS OUTPUT COMMAND...      PROCESSORS as in "0,1"

A process of its own, and a small one: a child's peak memory begins at its parent's, so that it is
never seen below the few MiB of this one.
"""
import os
import signal
import sys
import time

LONGEST_SECONDS = 900  # a command that hangs is ended, and its exit code says so

processors, output, command = sys.argv[1], sys.argv[2], sys.argv[3:]
os.sched_setaffinity(0, {int(one) for one in processors.split(",")})
null = os.open(os.devnull, os.O_RDWR)
written = os.open(output, os.O_WRONLY | os.O_CREAT, 0o644)
start = time.monotonic()
child = os.posix_spawnp(command[0], command, os.environ, file_actions=[
    (os.POSIX_SPAWN_DUP2, null, 0), (os.POSIX_SPAWN_DUP2, written, 1)])
signal.signal(signal.SIGALRM, lambda *_: os.kill(child, signal.SIGKILL))
signal.alarm(LONGEST_SECONDS)
_, status, usage = os.wait4(child, 0)
wall = time.monotonic() - start
print('{"wall": %f, "cpu": %f, "peak_kib": %d, "exit_code": %d}' % (
    wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss, os.waitstatus_to_exitcode(status)))
