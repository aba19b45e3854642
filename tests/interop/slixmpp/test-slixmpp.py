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

import slixmpp_client                                                  # noqa: E402
from si_cases import (LARGE, SMALL, case, cross_here, cross_there,     # noqa: E402
                      failed, ferry_receives, ferry_sends, main, register, sandbox, trial)
from si_stage import digest                                            # noqa: E402

register(slixmpp_client)


@trial('it chooses when it is given the choice', 'we send', 'ibb')
def chooses(stage):
    cross_there(stage, stage.file(SMALL, 'choice.bin'), 'ibb')


@trial('it sends through a proxy though there is a direct way', 'it sends', 's5b-proxy')
def by_proxy_anyway(stage):
    cross_here(stage, stage.file(LARGE, 'proxied.bin'), 's5b-proxy', methods='s5b').wait('done')


@trial('where SOCKS5 fails it takes a fresh in-band offer (SIFT-8)', 'we send', 'ibb', own_network=True)
def offers_afresh(stage):
    """Peer: slixmpp 1.8 refuses a stream that comes in-band under the old id."""
    stage.no_stream_at_all()
    cross_there(stage, stage.file(SMALL, 'afresh.bin'), 'ibb', methods='s5b,ibb')


@trial('it sends in messages', 'it sends', 'ibb')
def in_messages(stage):
    cross_here(stage, stage.file(SMALL, 'messages.bin'), 'ibb', methods='ibb', words=['--messages']).wait('done')


@case('nothing in common is said so')
def nothing_in_common(stage):
    ferry, peer = ferry_sends(stage, stage.file(SMALL), 's5b-direct', methods='ibb')
    failed(ferry, 'no-common-dialect', 'no-route')


def register_name(name, arrives):
    @case(f'a name is only a name: {name!r}')
    def only_a_name(stage):
        path = stage.file(SMALL, 'ours.bin')
        ferry, peer = ferry_receives(stage, path, methods='ibb', words=['--name', name])
        assert ferry.exit(20) == 0
        assert stage.received() == [arrives], stage.received()
        assert digest(stage.inbox / arrives) == digest(path)


register_name('../../evil.sh', 'evil.sh')
register_name('C:\\temp\\evil.bat', 'evil.bat')
register_name('/etc/passwd', 'passwd')
register_name('Füße & <Hände> "🚀" \'’.txt', 'Füße & <Hände> "🚀" \'’.txt')


if __name__ == '__main__':
    if importlib.util.find_spec('slixmpp') is None:
        sandbox.skip('slixmpp is not installed')
    sys.exit(main(slixmpp_client, 'slixmpp', str(pathlib.Path(sys.argv[1]).resolve()),
                  {'slixmpp': HERE / 'slixmpp-driver.py'}, only=sys.argv[2:]))
