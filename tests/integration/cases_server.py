# SPDX-License-Identifier: GPL-3.0-or-later
"""What happens when the connection to the server breaks."""

from runner import case
from stage import assert_crossed, until


def survive(stage, cut_sender, cut_receiver):
    """The bytes are slow enough to be under way while the account comes back."""
    stage.slow_down('400mbit')
    near, far = stage.relay(), stage.relay()
    there = stage.receive(transport='s5b-direct', server=far.address)
    path = stage.sparse_file(200 << 20)
    here = stage.send(path, transport='s5b-direct', server=near.address)
    for ferry in (there, here):
        ferry.wait('progress', where=lambda event: event['bytes'] > 0)
    assert not here.find('done')
    for relay, cut in ((near, cut_sender), (far, cut_receiver)):
        assert not cut or relay.cut() == 1
    assert here.exit(30) == 0 and there.exit() == 0
    for ferry, cut in ((here, cut_sender), (there, cut_receiver)):
        assert not cut or ferry.find('error', step='connection'), 'did not notice'
        assert not cut or len(ferry.find('connected')) == 2, 'did not come back'
    assert_crossed(stage, here, there, path, 's5b-direct')


@case('a direct transfer survives the sender\'s reconnect', limit=40, own_network=True)
def sender_reconnects(stage):
    survive(stage, True, False)


@case('a direct transfer survives the receiver\'s reconnect', limit=40, own_network=True)
def receiver_reconnects(stage):
    survive(stage, False, True)


@case('a direct transfer that ends while the receiver is away is confirmed later', limit=40, own_network=True)
def confirmed_later(stage):
    stage.slow_down('400mbit')
    far = stage.relay()
    there = stage.receive(transport='s5b-direct', server=far.address)
    path = stage.sparse_file(25 << 20)  # small enough for its hash to be in the offer
    here = stage.send(path, transport='s5b-direct')
    for ferry in (there, here):
        ferry.wait('progress', where=lambda event: event['bytes'] > 0)
    assert far.cut() == 1
    assert here.exit(30) == 0 and there.exit() == 0
    assert len(there.find('connected')) == 2, 'did not come back'
    assert_crossed(stage, here, there, path, 's5b-direct')


@case('an in-band transfer that is not to go on ends with its connection, and leaves nothing', limit=40)
def in_band_cut(stage):
    relay = stage.relay()
    there = stage.receive(transport='ibb', resume=0)
    here = stage.send(stage.sparse_file(64 << 20), transport='ibb', server=relay.address, resume=0)
    there.wait('progress', where=lambda event: event['bytes'] > 0)
    assert relay.cut() == 1
    assert here.exit(20) == 1 and there.exit(20) == 1
    assert here.wait('failed')['reason'] in ('connection-lost', 'peer-gone'), here.find('failed')
    assert there.wait('failed')['reason'] in ('peer-gone', 'truncated'), there.find('failed')
    assert stage.received() == []


@case('a receiver comes back by itself and receives')
def comes_back(stage):
    relay = stage.relay()
    there = stage.receive(server=relay.address)
    assert relay.cut() == 1
    until(lambda: len(there.find('connected')) == 2, 15, 'did not come back')
    path = stage.file(1000)
    here = stage.send(path)
    assert_crossed(stage, here, there, path)


@case('logging in again under the same name ends the first with 3')
def conflict(stage):
    first = stage.receive(count=0, options=['--resource', 'desk'])
    second = stage.receive(count=0, options=['--resource', 'desk'])
    assert first.exit() == 3
    assert first.wait('error')['reason'] == 'conflict', first.find('error')
    assert second.process.poll() is None
