"""The task queue of main.py: huey, with worker processes and a file of SQLite between them."""

import pathlib
import tempfile

import huey
import huey.consumer
import main

POLL_SECONDS = 0.005  # how long a worker sleeps that found no task


def run(workers: int, urls: list[str], pattern: str) -> list[int]:
    if not urls:
        return []
    with tempfile.TemporaryDirectory() as folder:
        tasks = huey.SqliteHuey(filename=str(pathlib.Path(folder) / "queue"), fsync=False)
        fetch = tasks.task()(main.fetch)
        consumer = tasks.create_consumer(
            workers=workers, worker_type="process", periodic=False, initial_delay=POLL_SECONDS,
            max_delay=POLL_SECONDS, backoff=1.0, check_worker_health=False)
        consumer.start()
        try:
            waiting = [fetch(url, pattern) for url in urls]
            return [result.get(blocking=True, backoff=1.0, max_delay=POLL_SECONDS)
                    for result in waiting]
        finally:
            consumer.stop(graceful=True)
