# SPDX-License-Identifier: GPL-3.0-or-later
"""An attack on two ferry-clis of one stage."""

import functools
import ssl

from conversation import begin
from man_in_the_middle import Mallory, fingerprint, make_identity, swap_fingerprints
from wire import Wiretap

SECRET = 'for her ears only'

# What a side may say that was not the first to notice, or that somebody else noticed for it.
FAILED = ('insecure', 'security', 'stripped', 'key-changed', 'refused', 'declined', 'peer-cancelled')


class Attack:
    """Mallory at the server of a stage.  @between: in the path, too, with a certificate of his own.

    @swap: every certificate that is announced is his.
    """

    def __init__(self, stage, tamper=None, between=False, swap=False, make_host=None, phrase=None, takes_part=False):
        self.stage = stage
        self.takes_part = takes_part
        self.mallories = []
        self.identity = make_identity(stage.folder)
        certificate = ssl.PEM_cert_to_DER_cert(self.identity[0].read_text())
        self.sha256 = fingerprint(certificate)
        if swap:
            tamper = swap_fingerprints(fingerprint(certificate, 'sha1'), self.sha256)
        if between:
            make_host = functools.partial(self.make_mallory, phrase)
        self.tap = Wiretap(stage, tamper, **({'make_host': make_host} if make_host else {}))

    def make_mallory(self, phrase, port):
        terms = {'phrase': phrase, 'user': self.stage.jid(self.stage.romeo)} if phrase else {'identity': self.identity}
        self.mallories.append(Mallory(port, sha256=self.sha256 if self.takes_part else None, **terms))
        return self.mallories[-1]

    def read(self):
        return b''.join(bytes(mallory.read) for mallory in self.mallories)

    def begin(self, *words, **both):
        """Romeo wants to tell Juliet something."""
        here, there = begin(self.stage, *words, here=self.tap.options(self.stage.romeo),
                            there=self.tap.options(self.stage.juliet), **both)
        here.say(SECRET)
        return here, there

    def send(self, size=300_000, policy='auto', **both):
        path = self.stage.file(size)
        here, there = self.tap.options(self.stage.romeo), self.tap.options(self.stage.juliet)
        for options in (here, there):
            options['options'] += ['--security', policy]
            options['resume'] = 0  # what comes of a second path is another story
        receiver = self.stage.receive(**there, **both)
        return self.stage.send(path, **here, **both), receiver

    def assert_nothing_through(self, there):
        assert SECRET.encode() not in self.read() + self.tap.everything(), 'he could read it'
        assert not there.find('message') and not there.find('done')
        assert self.stage.received() == []
