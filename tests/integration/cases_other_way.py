# SPDX-License-Identifier: GPL-3.0-or-later
"""The path of a file dies midway, and the file goes on over another one: as the same transfer on
both sides, from where it was, and nobody is asked again (the receiver takes one file, and leaves).
"""

import pathlib
import time

from runner import case
from stage import assert_crossed, signal, until
from wire import Host, Wiretap, cut

LARGE = 60 << 20
LONG = 60  # seconds to look for another path


class Fuse:
    """Cuts the paths of a stage: each after so many bytes, so many times in all.

    @for_good: and then nobody gets through any more.  @tap: whose wires to the server go with it.
    """

    def __init__(self, after=8 << 20, times=1, for_good=False):
        self.after, self.times, self.for_good = after, times, for_good
        self.n_cuts = 0
        self.tap = None

    def is_due(self, n_bytes):
        if self.n_cuts < self.times and n_bytes > self.after:
            self.n_cuts += 1
            return True
        return self.for_good and self.n_cuts == self.times


class FusedHost(Host):
    def __init__(self, port, fuse):
        self.fuse = fuse
        super().__init__(port)

    def carry(self, source, sink, outwards):
        n_bytes = 0
        while data := source.recv(65536):
            n_bytes += len(data)
            if self.fuse.is_due(n_bytes):
                cut(source, sink)
                for wire in self.fuse.tap.wires.values() if self.fuse.tap else ():
                    wire.cut()
                return
            sink.sendall(data)


def begin(stage, path, transport, fuse, security='auto', everything=False):
    tap = Wiretap(stage, make_host=lambda port: FusedHost(port, fuse))
    fuse.tap = tap if everything else None
    here, there = tap.options(stage.romeo), tap.options(stage.juliet)
    for options in (here, there):
        options['options'] += ['--security', security]
    both = {'resume': LONG, 'transport': transport}
    receiver = stage.receive(**both, **there)
    return stage.send(path, **both, **here), receiver


def assert_went_on(stage, here, there, path, transports):
    """As one transfer, over one path after the other."""
    assert here.exit(LONG) == 0, 'the sender is not content'
    assert_crossed(stage, here, there, path)
    assert stage.received() == [path.name]
    assert len(there.find('offer')) == 1, 'was asked again'
    for ferry in (here, there):
        assert [e['transport'] for e in ferry.find('path')] == transports, ferry.find('path')
        assert not ferry.find('failed')
        assert len({e['id'] for e in ferry.events if 'id' in e}) == 1, 'it is another transfer'
        states = [e['state'] for e in ferry.find('state')]
        assert states.count('running') == len(transports) == states.count('connecting'), states
        shown = [e['bytes'] for e in ferry.find('progress')]
        assert shown == sorted(shown), 'it went back'


def register(transport, security):
    @case(f'{transport} breaks midway, encryption {security}', limit=60)
    def breaks(stage):
        path, fuse = stage.file(LARGE), Fuse()
        here, there = begin(stage, path, transport, fuse, security)
        assert_went_on(stage, here, there, path, [transport] * 2)
        assert fuse.n_cuts == 1
        words = {e['security'] for e in here.find('path') + there.find('path')}
        assert words == {'none' if security == 'none' else 'tls'}, words


for each in ('s5b-direct', 's5b-proxy'):
    for policy in ('none', 'required'):
        register(each, policy)


@case('a path that breaks again and again', limit=80)
def again_and_again(stage):
    path, fuse = stage.file(LARGE), Fuse(times=3)
    here, there = begin(stage, path, 's5b-direct', fuse)
    assert_went_on(stage, here, there, path, ['s5b-direct'] * 4)
    assert fuse.n_cuts == 3


@case('a direct path that is no more is followed by in-band', limit=80)
def by_the_next(stage):
    path = stage.file(LARGE // 4)
    here, there = begin(stage, path, 's5b-direct,ibb', Fuse(for_good=True))
    assert_went_on(stage, here, there, path, ['s5b-direct', 'ibb'])


def register_server(who):
    @case(f'in-band goes on when the {who} has lost its server and comes back', limit=80)
    def server_lost(stage):
        relay = stage.relay()
        path = stage.file(12 << 20)
        there = stage.receive(transport='ibb', resume=LONG, server=relay.address if who == 'receiver' else None)
        here = stage.send(path, transport='ibb', resume=LONG, server=relay.address if who == 'sender' else None)
        there.wait('progress', where=lambda event: event['bytes'] > 1 << 19)
        assert relay.cut() == 1
        assert_went_on(stage, here, there, path, ['ibb', 'ibb'])


for each in ('sender', 'receiver'):
    register_server(each)


@case('servers and path are lost at once, and come back', limit=80)
def all_lost(stage):
    path, fuse = stage.file(LARGE), Fuse()
    here, there = begin(stage, path, 's5b-direct', fuse, everything=True)
    assert_went_on(stage, here, there, path, ['s5b-direct'] * 2)
    assert fuse.n_cuts == 1
    for ferry in (here, there):
        assert len(ferry.find('connected')) == 2, 'did not lose its server'


def end_of(ferry, which='remote'):
    return int(ferry.wait('path')[which].rsplit(':', 1)[1])


def other_ports(port):
    """The ends of what is connected to @port on this network."""
    rows = [line.split() for line in pathlib.Path('/proc/net/tcp').read_text().splitlines()[1:]]
    return [int(row[2].rsplit(':', 1)[1], 16) for row in rows
            if row[3] == '01' and int(row[1].rsplit(':', 1)[1], 16) == port]


@case('a network that swallows everything is noticed within seconds', limit=90, own_network=True)
def swallowed(stage):
    stage.slow_down('400mbit')
    path = stage.sparse_file(200 << 20)
    there = stage.receive(transport='s5b-direct', resume=LONG)
    here = stage.send(path, transport='s5b-direct', resume=LONG)
    for ferry in (there, here):
        ferry.wait('progress', where=lambda event: event['bytes'] > 1 << 20)
    ports = [p for ferry in (here, there) for p in other_ports(end_of(ferry, 'local'))]
    assert len(set(ports)) == 1, ports
    started = time.monotonic()
    stage.block(ports[0])
    here.wait('state', 30, state='connecting', where=lambda event: here.find('state', state='connecting')[1:])
    assert time.monotonic() - started < 20 * stage.patience, 'not noticed in time'
    assert_went_on(stage, here, there, path, ['s5b-direct'] * 2)


@case('a receiver who is stopped for long is not given up', limit=60)
def stopped(stage):
    path = stage.sparse_file(1 << 30)
    there = stage.receive(transport='s5b-direct', resume=LONG)
    here = stage.send(path, transport='s5b-direct', resume=LONG)
    there.wait('progress')
    there.signal(signal.SIGSTOP)
    time.sleep(14)
    there.signal(signal.SIGCONT)
    assert_went_on(stage, here, there, path, ['s5b-direct'])


@case('who does not come back is missed after the time that was set', limit=40)
def not_back(stage):
    there = stage.receive(transport='s5b-direct', resume=3)
    here = stage.send(stage.sparse_file(1 << 30), transport='s5b-direct', resume=3)
    there.wait('progress')
    there.kill()
    assert here.exit(20) == 1
    failed = here.wait('failed')
    assert failed['reason'] in ('peer-gone', 'truncated') and failed['step'] == 'data', failed
    assert [e['state'] for e in here.find('state')][-2:] == ['connecting', 'failed']


@case('a sender who gives up while another path is looked for says so', limit=40)
def withdrawn(stage):
    here, there = begin(stage, stage.file(LARGE), 's5b-direct', Fuse())
    here.wait('state', where=lambda event: len(here.find('state', state='connecting')) == 2)
    here.signal(signal.SIGINT)
    assert here.exit() == 130 and there.exit() == 1
    assert here.wait('failed')['reason'] == 'cancelled', here.find('failed')
    assert there.wait('failed')['reason'] == 'peer-cancelled', there.find('failed')
    assert stage.received() == []


@case('who cancels while another path is looked for is obeyed', limit=40)
def cancelled(stage):
    path = stage.file(LARGE)
    here, there = begin(stage, path, 's5b-direct', Fuse())
    there.wait('state', where=lambda event: len(there.find('state', state='connecting')) == 2)
    there.signal(signal.SIGTERM)
    assert there.exit() == 130
    until(lambda: here.find('state', state='connecting')[1:])
    here.signal(signal.SIGTERM)
    assert here.exit() == 130
    assert stage.received() == []
