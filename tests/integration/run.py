#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Drives ferry-cli against a private Prosody on loopback and against scripted peers.

Usage: run.py SUITE FERRY_CLI [PART-OF-A-NAME]...    prints TAP
FERRY_TEST_PATIENCE=3 multiplies every time limit, for instrumented builds.
"""

import functools
import importlib
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

# By suite: the modules that register its cases, how many cases run at once, what the server is like.
SUITES = {
    'integration': (['command', 'crossing', 'dialects', 'dialects_hostile', 'doctor', 'endings', 'files', 'hostile',
                     'paths', 'server'], 2, {}),
    # These wait more than they work, and their attackers hear what a server hears.
    'secure': (['secure', 'recorded', 'stripped', 'attacked', 'broken', 'other_way'], 4, {'plain': True}),
}


def main():
    suite, cli, *only = sys.argv[1:]
    modules, parallel, options = SUITES[suite]
    for name in modules:
        importlib.import_module(f'cases_{name}')
    patience = float(os.environ.get('FERRY_TEST_PATIENCE', '1'))
    results.begin(suite)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with tempfile.TemporaryDirectory(prefix=f'ferry-{suite}-', ignore_cleanup_errors=True) as folder, \
            Prosody(directory=pathlib.Path(folder) / 'prosody', **options) as server:
        make_stage = functools.partial(Stage, server, pathlib.Path(cli).resolve(), patience, pathlib.Path(folder))
        return 0 if runner.run(make_stage, only=only, parallel=parallel, patience=patience) else 1


if __name__ == '__main__':
    sys.exit(main())
