# SPDX-License-Identifier: GPL-3.0-or-later
"""All that a server could write down of a chat and of a file, and what can be found in it."""

import base64

from conversation import TRANSPORTS, case, close, cross, opened
from stage import assert_crossed
from wire import Wiretap

SECRET = 'meet me by the orchard wall at midnight'
SAMPLE = 24  # bytes of a random file that cannot be anywhere by chance


def found_words(tap):
    """Plain, or in Base64 at whatever offset."""
    heard = tap.everything()
    forms = [SECRET.encode(), SECRET.encode('utf-16-le')]
    for offset in range(3):
        text = base64.b64encode(b'x' * offset + SECRET.encode())
        forms.append(text[4 if offset else 0:-4])
    return any(form in heard for form in forms)


def found_bytes(tap, path):
    heard, data = tap.everything(), path.read_bytes()
    samples = [data[at:at + SAMPLE] for at in range(0, len(data) - SAMPLE, 997)]
    return sum(sample in heard for sample in samples) / len(samples)


def send(stage, tap, transport, security):
    path = stage.file(300_000)
    there, here = tap.options(stage.juliet), tap.options(stage.romeo)
    there['options'] += ['--security', security]
    here['options'] += ['--security', security]
    receiver = stage.receive(transport=transport, **there)
    sender = stage.send(path, transport=transport, **here)
    assert_crossed(stage, sender, receiver, path, transport)
    return path


def register_recording(transport):
    @case(f'what a server hears of a chat by {transport} has none of its words')
    def words(stage):
        tap = Wiretap(stage)
        here, there = opened(stage, transport=transport, here=tap.options(stage.romeo),
                             there=tap.options(stage.juliet))
        cross(here, there, SECRET)
        close(here, there)
        heard = tap.everything()
        assert b'session-initiate' in heard and b'xmlstream' in heard, 'the wire is deaf'
        assert len(heard) > 2000 and not found_words(tap)

    @case(f'what a server hears of a file by {transport} has none of its bytes')
    def file(stage):
        tap = Wiretap(stage)
        path = send(stage, tap, transport, 'required')
        assert len(tap.everything()) > path.stat().st_size, 'the wire is deaf'
        assert found_bytes(tap, path) == 0

    @case(f'what a server hears of an unencrypted file by {transport} is the file')
    def clear(stage):
        tap = Wiretap(stage)
        assert found_bytes(tap, send(stage, tap, transport, 'none')) == 1


for each in TRANSPORTS:
    register_recording(each)


@case('words that were said in the clear would have been found')
def can_find(stage):
    tap = Wiretap(stage)
    ferry = stage.receive(**tap.options(stage.juliet))
    wire = tap.wires[stage.juliet]
    assert not found_words(tap)
    wire.heard.append((False, f'<message><body>{SECRET}</body></message>'))
    assert found_words(tap)
    wire.heard.clear()
    text = base64.b64encode(b'..' + SECRET.encode() + b'..').decode()
    wire.heard += [(False, f"<data sid='s' seq='{n}'>{part}</data>") for n, part in enumerate((text[:24], text[24:]))]
    assert found_words(tap)
    assert ferry.process.poll() is None
