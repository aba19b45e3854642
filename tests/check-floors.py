#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fails if a source file includes a floor above its own, or a library that is
fenced into another file.  Usage: check-floors.py SRC_DIR"""

import pathlib
import re
import sys

FLOORS = ['base', 'proto', 'legacy', 'net', 'core', 'ui']  # lowest first

# Who may know each library.  A path that ends in '/' admits a whole floor.
FENCES = {
    'gio/': ['net/', 'core/', 'ui/', 'cli/', 'main.c'],
    'gtk/': ['ui/', 'main.c'],
    'adwaita.h': ['ui/', 'main.c'],
    'expat.h': ['proto/element-parse.c', 'proto/gate.c', 'proto/starttls.c', 'proto/xml-stream-parser.c'],
    'strophe.h': ['net/strophe-session-private.h'],
    'net/strophe-session-private.h': ['net/strophe-session.c', 'net/strophe-session-start.c'],
    'nice/': ['net/interfaces.c'],
    'stun/': ['net/stun-query.c'],
    'libgupnp': ['net/port-mappings-igd-private.h'],
    'net/port-mappings-igd-private.h': ['net/port-mappings-igd.c', 'net/port-mappings-igd-talk.c'],
    'libsoup/': ['net/igd-limits.c'],
    'libxml/': ['net/igd-limits.c'],
    'net/port-mappings-private.h': ['net/igd-guard.c', 'net/igd-limits.c', 'net/port-mappings.c', 'net/port-mappings-asked.c',
                                    'net/port-mappings-igd-private.h', 'net/port-mappings-notes.c', 'net/port-mappings-router.c'],
    'gnutls/': ['net/hasher.c', 'net/tls-channel.h', 'net/tls-identity-private.h', 'net/tls-identity.c', 'net/tls-setup.c'],
    'net/tls-channel.h': ['net/tls-channel.c', 'net/tls-channel-io.c', 'net/tls-fault.c', 'net/tls-handshake.c', 'net/tls-setup.c', 'net/tls-stream-private.h'],
    'net/tls-identity-private.h': ['net/tls-certificate.c', 'net/tls-identity.c', 'net/tls-identity-file.c', 'net/tls-setup.c'],
    'net/tls-stream-private.h': ['net/tls-stream.c', 'net/tls-stream-ends.c'],
    'libsecret/': ['net/password-store.c'],
    'sqlite3.h': ['net/pin-database.c'],
    'qrencode.h': ['ui/qr-code.c'],
    'legacy/': ['legacy/', 'core/transport.c', 'core/transport-bytestreams.c', 'core/capabilities.c', 'core/chats.c',
                'core/transfer-queue.c', 'cli/options.c', 'cli/options-words.c'],
}

INCLUDE = re.compile(r'^\s*#\s*include\s+[<"]([^>"]+)[>"]')


def complaints(path, name):
    own = name.split('/')[0]
    for number, line in enumerate(path.read_text().splitlines(), 1):
        match = INCLUDE.match(line)
        if not match:
            continue
        header = match[1]
        floor = header.split('/')[0]
        if own in FLOORS and floor in FLOORS and FLOORS.index(floor) > FLOORS.index(own):
            yield f'{name}:{number}: {own}/ must not know {floor}/'
        for fence, admitted in FENCES.items():
            if header.startswith(fence) and not any(name == a or a.endswith('/') and name.startswith(a) for a in admitted):
                yield f'{name}:{number}: <{header}> belongs in {", ".join(admitted)}'


src = pathlib.Path(sys.argv[1])
found = [c for p in sorted(src.rglob('*.[ch]')) for c in complaints(p, p.relative_to(src).as_posix())]
print('\n'.join(found))
sys.exit(bool(found))
