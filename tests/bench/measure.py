"""What a command costs: wall and CPU time, its children's included, and peak memory."""

import dataclasses
import json
import os
import pathlib
import statistics
import subprocess
import sys
from collections.abc import Callable, Iterable, Sequence

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "sites"))  # nginx, sites ... for whoever imports this
SERVER_CPU, CLIENT_CPU = 0, 1
BOTH = (SERVER_CPU, CLIENT_CPU)


@dataclasses.dataclass(frozen=True)
class Cost:
    wall: float     # seconds, from the start of the process to its end
    cpu: float      # seconds of user and system time, of all its processes
    peak_kib: int   # of the largest of its processes
    exit_code: int


def measure(command: Sequence[str | os.PathLike[str]], cpus: Iterable[int] = (CLIENT_CPU,),
            output: str | os.PathLike[str] = os.devnull) -> Cost:
    """Runs `command` on `cpus`; what it prints goes to the file `output`."""
    line = subprocess.run(
        [sys.executable, "-I", "-S", str(HERE / "measure_child.py"), ",".join(map(str, cpus)),
         str(output), *map(str, command)],
        stdout=subprocess.PIPE, check=True).stdout
    return Cost(**json.loads(line))


@dataclasses.dataclass(frozen=True)
class Figure:
    """A median with its spread."""
    median: float
    least: float
    most: float


def figure(values: Iterable[float]) -> Figure:
    found = sorted(values)
    return Figure(statistics.median(found), found[0], found[-1])


def figure_of(costs: Sequence[Cost], value: Callable[[Cost], float]) -> Figure:
    return figure(value(cost) for cost in costs)
