# SPDX-License-Identifier: GPL-3.0-or-later
"""libpurple as Debian ships it, by purple-driver."""

import os
import shutil

NAME = 'libpurple 2.14'
LACKS = {
    'receive s5b-direct empty',  # a stream that closes without a byte is a failure to it
}


def only(transport):
    """It always offers both and takes SOCKS5 if it may choose: Ferry has to choose."""
    return {}


def command(stage, name, home, policy='accept', cancel_after=0):
    # Libpurple asks about a certificate it has not seen; the user said yes once.
    known = home / 'certificates' / 'x509' / 'tls_peers'
    known.mkdir(parents=True)
    shutil.copy(stage.server.directory / 'server.pem', known / stage.server.interface)
    debug = ['--debug'] if os.environ.get('FERRY_TEST_DEBUG') else []
    return [stage.drivers['purple'], '--home', home, '--policy', policy, '--cancel-after', cancel_after, *debug]
