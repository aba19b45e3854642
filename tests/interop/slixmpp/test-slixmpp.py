#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files cross between ferry-cli and slixmpp, a library of bots.

Usage: test-slixmpp.py FERRY_CLI [PART-OF-A-NAME...]      prints TAP
"""

import importlib.util
import pathlib
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent)]

import slixmpp_client                                                            # noqa: E402
from si_cases import LARGE, SMALL, cross_here, cross_there, main, register, sandbox, trial   # noqa: E402

register(slixmpp_client)


@trial('it chooses when it is given the choice', 'we send', 'ibb')
def chooses(stage):
    cross_there(stage, stage.file(SMALL, 'choice.bin'), 'ibb')


@trial('it sends through a proxy though there is a direct way', 'it sends', 's5b-proxy')
def by_proxy_anyway(stage):
    cross_here(stage, stage.file(LARGE, 'proxied.bin'), 's5b-proxy', methods='s5b').wait('done')


if __name__ == '__main__':
    if importlib.util.find_spec('slixmpp') is None:
        sandbox.skip('slixmpp is not installed')
    sys.exit(main(slixmpp_client, 'slixmpp', str(pathlib.Path(sys.argv[1]).resolve()),
                  {'slixmpp': HERE / 'slixmpp-driver.py'}, only=sys.argv[2:]))
