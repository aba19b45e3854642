#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ferry as a part of a desktop: keyring, links, file manager, notifications.

Usage: test-desktop.py BUILD_DIR [PART-OF-A-NAME]...    prints TAP
Pictures and logs go to $FERRY_TEST_ARTEFACTS or BUILD_DIR/tests/ui/desktop.
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

import rig                           # noqa: E402
import story                         # noqa: E402
from people import Prosody, end_when_told  # noqa: E402
from desktop import Desktop          # noqa: E402
from window_cases import Skip        # noqa: E402
import cases_account                 # noqa: E402
import cases_desktop                 # noqa: E402
import cases_looks                   # noqa: E402

CASES = cases_account.CASES + cases_desktop.CASES + cases_looks.CASES
LIMIT = 120  # seconds for a case, on a loaded machine with an instrumented build; else it takes 5

TOLD_TO_END = 143  # of end_when_told(); rig.py says by SystemExit that a program has ended


class TimeUp(Exception):
    pass


def time_up(*_):
    raise TimeUp(f'longer than {LIMIT} s')


def evidence(stage, number):
    stage.picture(f'failure-{number}')
    for app in stage.windows():
        with open(os.path.join(os.environ['RIG_ART'], f'failure-{number}-{app.person.name}.txt'), 'w') as out:
            app.root.dump(out=out)
            out.write(app.log()[-4000:])


def run_case(stage, number, function):
    name = function.__name__.replace('_', '-')
    started = time.monotonic()
    signal.signal(signal.SIGALRM, time_up)
    signal.alarm(LIMIT)
    try:
        if not stage.romeo and function not in cases_looks.CASES:
            stage.start()
        function(stage)
        assert not stage.complaints(), stage.complaints()
        print(f'ok {number} - {name}')
        return True
    except Skip as reason:
        print(f'ok {number} - {name} # SKIP {reason}')
        return True
    except (Exception, SystemExit) as error:
        if getattr(error, 'code', None) == TOLD_TO_END:
            raise
        signal.alarm(0)
        print(f'not ok {number} - {name}')
        print('\n'.join('# ' + line for line in traceback.format_exc().splitlines()))
        try:
            evidence(stage, number)
        except Exception as trouble:  # the case's own failure is what counts
            print('# no evidence:', trouble)
        stage.stop()
        return False
    finally:
        signal.alarm(0)
        print(f'# {time.monotonic() - started:.1f} s', flush=True)


def main():
    build = pathlib.Path(sys.argv[1]).resolve()
    only = sys.argv[2:]
    story.enter(os.environ.get('FERRY_TEST_ARTEFACTS') or build / 'tests' / 'ui' / 'desktop')
    chosen = [f for f in CASES if not only or any(part in f.__name__.replace('_', '-') for part in only)]
    end_when_told()
    print(f'1..{len(chosen)}', flush=True)
    folder = tempfile.mkdtemp(prefix='ferry-desktop-')
    good = True
    try:
        with Prosody(['romeo', 'juliet']) as server:
            stage = Desktop(server, folder, build)
            try:
                for number, function in enumerate(chosen, 1):
                    good = run_case(stage, number, function) and good
            finally:
                stage.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return 0 if good else 1


if __name__ == '__main__':
    sys.exit(main())
