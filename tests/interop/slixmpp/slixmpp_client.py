# SPDX-License-Identifier: GPL-3.0-or-later
"""slixmpp as Debian ships it, by slixmpp-driver.py."""

NAME = 'slixmpp 1.8'
LACKS = {
    'send s5b-direct',  # it has no streamhost of its own
}


def only(transport):
    """Given both it takes in-band, for it sorts them the wrong way round."""
    return {'methods': 'ibb' if transport == 'ibb' else 's5b'}


def command(stage, name, home, policy='accept', cancel_after=0, methods='', words=()):
    return [stage.drivers['slixmpp'], '--ca', stage.server.ca, '--policy', policy,
            '--cancel-after', cancel_after, '--methods', methods, *words]
