# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs cases, two at a time, each in a process and a process group of its own, and prints TAP.

A case is a function of one Stage, registered by @case(name).  It fails by an exception and
is skipped by Skip.  Whatever it leaves running is ended with its process group.
"""

import multiprocessing
import os
import signal
import sys
import time
import traceback

CASES = []


class Skip(Exception):
    """The machine lacks what the case needs."""


def case(name, limit=20, **needs):
    """@limit: seconds.  @needs: keyword arguments for its Stage."""
    def register(function):
        CASES.append((name, limit, needs, function))
        return function
    return register


class Job:
    def __init__(self, number, entry, make_stage, patience):
        self.number = number
        self.name, limit, needs, function = entry
        self.limit = limit * patience
        reader, writer = multiprocessing.Pipe(duplex=False)
        self.reader = reader
        self.process = multiprocessing.get_context('fork').Process(
            target=self.work, args=(writer, make_stage, needs, function))
        self.started = time.monotonic()
        self.process.start()
        writer.close()

    def work(self, writer, make_stage, needs, function):
        os.setpgid(0, 0)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        verdict = ('ok', '')
        stage = None
        try:
            stage = make_stage(self.number, **needs)
            function(stage)
            stage.check()
        except Skip as reason:
            verdict = ('skip', str(reason))
        except BaseException:  # an AssertionError, a KeyboardInterrupt: all are failures
            verdict = ('fail', traceback.format_exc() + (stage.describe() if stage else ''))
        finally:
            if stage:
                stage.close()
        writer.send(verdict)

    def is_over(self):
        return (self.reader.poll() or not self.process.is_alive()
                or time.monotonic() - self.started > self.limit)

    def hear(self):
        """The verdict may be long, and is sent only while somebody reads."""
        try:
            return self.reader.recv()
        except EOFError:
            return 'fail', 'died without a word'

    def finish(self):
        """The verdict; nothing of the case runs on."""
        verdict = ('fail', f'took longer than {self.limit:.0f} s')
        if self.reader.poll() or not self.process.is_alive():
            verdict = self.hear()
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        self.process.join()
        return verdict


def report(number, job, verdict):
    """@number: in the order of the ends, as TAP wants it."""
    word, text = verdict
    seconds = f'{time.monotonic() - job.started:.1f} s'
    if word == 'skip':
        print(f'ok {number} - {job.name} # SKIP {text}')
    else:
        print(f'{"ok" if word == "ok" else "not ok"} {number} - {job.name}')
    for line in (text.splitlines() if word == 'fail' else []) + [seconds]:
        print(f'# {line}')
    sys.stdout.flush()


def run(make_stage, only=(), parallel=2, patience=1.0):
    """@only: parts of names; nothing means all.  Returns: whether no case failed."""
    chosen = [c for c in CASES if not only or any(part in c[0] for part in only)]
    print(f'1..{len(chosen)}')
    waiting = list(enumerate(chosen, 1))
    running = []
    ended = 0
    good = True
    try:
        while waiting or running:
            while waiting and len(running) < parallel:
                number, entry = waiting.pop(0)
                running.append(Job(number, entry, make_stage, patience))
            for job in [j for j in running if j.is_over()]:
                verdict = job.finish()
                running.remove(job)
                good = good and verdict[0] != 'fail'
                ended += 1
                report(ended, job, verdict)
            time.sleep(0.02)
    finally:
        for job in running:  # interrupted
            job.finish()
    return good
