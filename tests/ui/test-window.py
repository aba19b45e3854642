#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Real windows, driven as people drive them, on a private Prosody: files cross, or say why not.

Usage: test-window.py BUILD_DIR [PART-OF-A-NAME]...    prints TAP
Pictures, logs, and what was seen when a case failed go to $FERRY_TEST_ARTEFACTS or
BUILD_DIR/tests/ui/pictures.
"""

import os
import pathlib
import shutil
import signal
import sys
import tempfile
import time
import traceback

sys.dont_write_bytecode = True
sys.path[:0] = [str(pathlib.Path(__file__).resolve().parent)]

import rig                      # noqa: E402
import story                    # noqa: E402
from people import Prosody, end_when_told  # noqa: E402
from window_cases import CASES, Skip  # noqa: E402
import cases_send               # noqa: E402,F401
import cases_answer             # noqa: E402,F401
import cases_window             # noqa: E402,F401
import cases_chat               # noqa: E402,F401
import cases_path               # noqa: E402,F401

LIMIT = 120  # seconds for a case, on a loaded machine with an instrumented build


class TimeUp(Exception):
    pass


def time_up(*_):
    raise TimeUp(f'longer than {LIMIT} s')


def evidence(stage, number):
    try:
        stage.picture(f'failure-{number}')
        for app in stage.windows():
            path = os.path.join(os.environ['RIG_ART'], f'failure-{number}-{app.person.name}.txt')
            with open(path, 'w') as out:
                app.root.dump(out=out)
                out.write(app.log()[-4000:])
    except Exception as error:  # the case's own failure is what counts
        print('# no evidence:', error)


def run_case(stage, number, name, function):
    """After a failure the windows are new."""
    started = time.monotonic()
    signal.signal(signal.SIGALRM, time_up)
    signal.alarm(LIMIT)
    try:
        if not stage.romeo:
            stage.start()
            signal.alarm(LIMIT)
        function(stage)
        for app in stage.windows():
            assert not app.complaints(), app.complaints()
        print(f'ok {number} - {name}')
        return True
    except Skip as reason:
        print(f'ok {number} - {name} # SKIP {reason}')
        return True
    except Exception:
        signal.alarm(0)
        print(f'not ok {number} - {name}')
        print('\n'.join('# ' + line for line in traceback.format_exc().splitlines()))
        evidence(stage, number)
        stage.stop()
        return False
    finally:
        signal.alarm(0)
        print(f'# {time.monotonic() - started:.1f} s', flush=True)


def leaves_cleanly(stage):
    """Last of all: whoever leaks or crashes at the end says so now."""
    for app in stage.windows():
        status = app.quit()
        assert status == 0, f'{app.person.name} ended with {status}:\n{app.log()[-3000:]}'


def main():
    build = pathlib.Path(sys.argv[1]).resolve()
    only = sys.argv[2:]
    artefacts = os.environ.get('FERRY_TEST_ARTEFACTS') or build / 'tests' / 'ui' / 'pictures'
    story.enter(artefacts)
    end_when_told()
    chosen = [(name, f) for name, f in CASES if not only or any(part in name for part in only)]
    chosen.append(('both-leave-when-told-to', leaves_cleanly))
    print(f'1..{len(chosen)}', flush=True)
    folder = tempfile.mkdtemp(prefix='ferry-window-')
    good = True
    try:
        with Prosody(['romeo', 'juliet']) as server:
            stage = story.Story(server, folder, build)
            try:
                for number, (name, function) in enumerate(chosen, 1):
                    good = run_case(stage, number, name, function) and good
            finally:
                stage.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return 0 if good else 1


if __name__ == '__main__':
    sys.exit(main())
