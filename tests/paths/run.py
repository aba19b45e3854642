#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Proves which path files take through which networks: ferry-cli on both sides of routers.

Usage: run.py FERRY_CLI DINO_DRIVER [PART-OF-A-NAME...]      prints TAP
Each case has a lab of its own (tests/fixtures/network_lab.py). Without namespaces all is skipped.
"""

import functools
import importlib
import os
import pathlib
import signal
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
FIXTURES = HERE.parent / 'fixtures'
sys.path[:0] = [str(FIXTURES), str(HERE.parent / 'integration'), str(HERE.parent / 'interop' / 'dino')]

import network_lab               # noqa: E402
import runner                    # noqa: E402
from path_stage import Stage     # noqa: E402

MODULES = ['changes', 'table', 'leases', 'privacy', 'waiting', 'hostile', 'doctor', 'dino']  # the slowest first
PARALLEL = 6  # they wait more than they work


def main():
    network_lab.enter()
    cli, driver = (pathlib.Path(each).resolve() for each in sys.argv[1:3])
    for name in MODULES:
        importlib.import_module(f'rows_{name}')
    patience = float(os.environ.get('FERRY_TEST_PATIENCE', '1'))
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with tempfile.TemporaryDirectory(prefix='ferry-paths-', ignore_cleanup_errors=True) as folder:
        folder = pathlib.Path(folder)
        link_delay = folder / 'link-delay'
        subprocess.run(['cc', '-O2', '-o', str(link_delay), str(FIXTURES / 'link-delay.c')], check=True)
        make_stage = functools.partial(Stage, cli, driver, link_delay, patience, folder)
        return 0 if runner.run(make_stage, only=sys.argv[3:], parallel=PARALLEL, patience=patience) else 1


if __name__ == '__main__':
    sys.exit(main())
