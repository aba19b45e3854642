#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Drives ferry-cli against a private Prosody on loopback and against scripted peers.

Usage: run.py FERRY_CLI [PART-OF-A-NAME]...    prints TAP
FERRY_TEST_PATIENCE=3 multiplies every time limit, for instrumented builds.
"""

import functools
import os
import pathlib
import signal
import sys
import tempfile

sys.path[:0] = [str(pathlib.Path(__file__).resolve().parent.parent / 'fixtures')]

import results                   # noqa: E402
import runner                    # noqa: E402
from prosody import Prosody      # noqa: E402
from stage import Stage          # noqa: E402

import cases_command             # noqa: E402,F401
import cases_crossing            # noqa: E402,F401
import cases_dialects            # noqa: E402,F401
import cases_dialects_hostile    # noqa: E402,F401
import cases_endings             # noqa: E402,F401
import cases_files               # noqa: E402,F401
import cases_hostile             # noqa: E402,F401
import cases_paths               # noqa: E402,F401
import cases_server              # noqa: E402,F401


def main():
    cli = pathlib.Path(sys.argv[1]).resolve()
    patience = float(os.environ.get('FERRY_TEST_PATIENCE', '1'))
    results.begin('integration')
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with tempfile.TemporaryDirectory(prefix='ferry-integration-', ignore_cleanup_errors=True) as folder, \
            Prosody(directory=pathlib.Path(folder) / 'prosody') as server:
        make_stage = functools.partial(Stage, server, cli, patience, pathlib.Path(folder))
        return 0 if runner.run(make_stage, only=sys.argv[2:], patience=patience) else 1


if __name__ == '__main__':
    sys.exit(main())
