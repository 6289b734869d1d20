"""Runs one measurement in a process of its own, and keeps what came out as lines of JSON."""

import json
import os
import shutil
import statistics
import subprocess
import sys
import time

TIME_LIMIT = 3600


class Failure(Exception):
    """Why there is no figure, in one line."""


class Results:
    """{job's key: its figures}; every figure is on disk as soon as it is there."""

    def __init__(self, path):
        self.path = path
        self.found = {}
        if path.exists():
            for line in path.read_text().splitlines():
                record = json.loads(line)
                self.found[record["key"]] = record

    def has(self, job):
        return "error" not in self.found.get(job.key, {"error": "not tried"})

    def add(self, job, figures):
        record = {"key": job.key, "name": job.name, **figures}
        self.found[job.key] = record
        with self.path.open("a") as file:
            file.write(json.dumps(record) + "\n")

    def of(self, jobs):
        """{name: figures} of these jobs alone."""
        return {job.name: self.found[job.key] for job in jobs if job.key in self.found}


def environment(threads, scratch):
    return os.environ | {
        "OMP_NUM_THREADS": str(threads),
        "TORCHINDUCTOR_CACHE_DIR": str(scratch / "inductor"),
        "PYTHONWARNINGS": "ignore",
    }


def measure(job, threads, scratch):
    """What the program printed, its peak of memory and, for whole programs, the median of its seconds."""
    for path, command in job.needs:
        if not os.path.exists(path):
            say(f"  making {os.path.basename(path)}")
            run(command, threads, scratch)
            if not os.path.exists(path):
                raise Failure(f"no {os.path.basename(path)} was written")
    outcomes = [run(job.command, threads, scratch) for _ in range(job.runs)]
    figures = outcomes[-1][0]
    figures["peak_rss_bytes"] = max(peak for _, peak, _ in outcomes)
    if job.measures_time:
        figures["seconds"] = statistics.median(seconds for _, _, seconds in outcomes)
    return figures


def run(command, threads, scratch):
    """(the JSON that the program printed, its peak of memory in bytes, its seconds from start to end)."""
    clear(command)
    log, output = scratch / "stderr.txt", scratch / "stdout.txt"
    with log.open("w") as errors, output.open("w") as lines:
        start = time.perf_counter()
        process = subprocess.Popen(command, stdout=lines, stderr=errors, env=environment(threads, scratch))
        usage, status = wait(process, start)
        seconds = time.perf_counter() - start
    if status != 0:
        last = (log.read_text(errors="replace").strip().splitlines() or ["no message"])[-1]
        raise Failure(f"exit code {status}: {last[:200]}")
    return printed(output.read_text()), usage.ru_maxrss * 1024, seconds


def wait(process, start):
    """As `process.wait`, with what the program has used. Linux counts the largest process among it and its children."""
    while True:
        pid, status, usage = os.wait4(process.pid, os.WNOHANG)
        if pid:
            process.returncode = os.waitstatus_to_exitcode(status)
            return usage, process.returncode
        if time.perf_counter() - start > TIME_LIMIT:
            process.kill()
            os.wait4(process.pid, 0)
            process.returncode = -9
            raise Failure(f"took more than {TIME_LIMIT} s")
        time.sleep(0.002)


def clear(command):
    """`graft finetune` writes a folder that must not exist."""
    if "--out" in command and "finetune" in command:
        shutil.rmtree(command[command.index("--out") + 1], ignore_errors=True)


def printed(text):
    """The whole output as JSON, or its last line."""
    for candidate in (text, (text.strip().splitlines() or [""])[-1]):
        try:
            value = json.loads(candidate)
        except ValueError:
            continue
        return value if isinstance(value, dict) else {}
    return {}


def say(text):
    print(f"peers: {text}", file=sys.stderr, flush=True)
