# SPDX-License-Identifier: GPL-3.0-or-later
"""Where files land: names, what is there already, full disks."""

import hashlib
import os

from peer import Peer, error_of, reason_of, sha256_hash
from runner import case
from stage import assert_crossed, digest


def script_sends(stage, name, data=b'hello', size=None):
    """A scripted peer offers @data under @name and sends it in-band. Returns: the peer, the reason it is told."""
    peer = Peer(stage, stage.romeo)
    to = f'{stage.jid(stage.juliet)}/desk'
    assert error_of(peer.offer(to, 'sid-1', name, len(data) if size is None else size,
                               sha256_hash(hashlib.sha256(data).digest()))) is None
    peer.expect_jingle('session-accept')
    error = peer.send_in_band(to, data)
    assert error is None, error_of(error)
    return peer, reason_of(peer.expect_jingle('session-terminate'))


HOSTILE_NAMES = [
    '../../x',
    '/etc/x-ferry',
    '..',
    '.',
    '../..',
    '',
    '.bashrc',
    'a/b/c/../../../../d',
    '..\\..\\x.exe',
    'C:\\autoexec.bat',
    'line\nbreak\tand\rmore',
    'gepj\u202egpj.exe',
    'x' * 900 + '.txt',
    '\u00fc' * 300 + '.txt',
    'NUL',
    'trailing. . ',
    '-rf',
    '~',
]


def register_name(number, name):
    @case(f'hostile name {number}: {ascii(name)[:30]}')
    def hostile_name(stage):
        ferry = stage.receive(options=['--resource', 'desk'])
        before = set(os.listdir(stage.folder))
        _, (reason, _) = script_sends(stage, name)
        assert reason == 'success', reason
        assert ferry.exit() == 0
        assert set(os.listdir(stage.folder)) == before, 'something lies outside the inbox'
        assert not os.path.exists('/etc/x-ferry')
        (landed,) = stage.received()
        assert (stage.inbox / landed).read_bytes() == b'hello'
        assert len(landed.encode()) <= 255 and not landed.startswith('.') and landed.isprintable(), landed
        assert '/' not in landed and '\\' not in landed and '\u202e' not in landed, landed


for index, each in enumerate(HOSTILE_NAMES, 1):
    register_name(index, each)


@case('a name longer than any name is refused')
def endless_name(stage):
    stage.receive(options=['--resource', 'desk'])
    peer = Peer(stage, stage.romeo)
    assert error_of(peer.offer(f'{stage.jid(stage.juliet)}/desk', 'sid-1', 'x' * 5000, 5)) is None
    assert reason_of(peer.expect_jingle('session-terminate'))[0] == 'incompatible-parameters'


def register_own_name(title, name, same=True):
    @case(f'a file name of {title} crosses')
    def own_name(stage):
        path = stage.file(1000, name)
        there = stage.receive()
        here = stage.send(path)
        assert here.exit() == 0 and there.exit() == 0
        (landed,) = stage.received()
        assert digest(stage.inbox / landed) == digest(path)
        assert landed == name or not same, landed


register_own_name('many scripts', 'Grüße, 日本語 \N{SHIP} и всё.txt')
register_own_name('spaces and quotes', 'it\'s "a" <b> & c;d $e.txt')
register_own_name('255 bytes', 'n' * 251 + '.txt', same=False)
register_own_name('255 bytes, not ASCII', 'ü' * 125 + '.txt', same=False)


@case('a 255-byte name keeps its extension')
def long_extension(stage):
    there = stage.receive()
    here = stage.send(stage.file(10, 'n' * 251 + '.txt'))
    assert here.exit() == 0 and there.exit() == 0
    assert stage.received()[0].endswith('.txt'), stage.received()


@case('a name that is not UTF-8 crosses as something')
def not_utf8(stage):
    path = stage.file(1000, 'plain')
    odd = os.fsencode(path.parent) + b'/caf\xe9.txt'
    os.rename(path, odd)
    there = stage.receive()
    here = stage.send(os.fsdecode(odd))
    assert here.exit() == 0 and there.exit() == 0
    assert len(stage.received()) == 1


@case('what is there is never overwritten')
def existing(stage):
    (stage.inbox / 'file.txt').write_text('mine')
    (stage.inbox / 'file (1).txt').symlink_to('/nonexistent/target')
    path = stage.file(1000, 'file.txt')
    there = stage.receive()
    here = stage.send(path)
    assert_crossed(stage, here, there, path, name='file (2).txt')
    assert (stage.inbox / 'file.txt').read_text() == 'mine'
    assert there.wait('done')['name'] == 'file.txt' or there.wait('done')['path'].endswith('file (2).txt')
    assert stage.received() == ['file (1).txt', 'file (2).txt', 'file.txt']


@case('two files of one name get two names')
def same_name(stage):
    one = stage.file(1000, 'a.txt')
    other = stage.folder / 'elsewhere'
    other.mkdir()
    two = other / 'a.txt'
    two.write_bytes(b'other')
    there = stage.receive(count=2)
    here = stage.send(one, two)
    assert here.exit() == 0 and there.exit() == 0
    assert stage.received() == ['a (1).txt', 'a.txt']
    assert {digest(stage.inbox / n) for n in stage.received()} == {digest(one), digest(two)}


@case('a link in the inbox is not followed')
def planted_links(stage):
    victim = stage.folder / 'victim'
    victim.write_text('mine')
    for name in ('file.txt', 'file.txt.part', '.file.txt.part'):
        (stage.inbox / name).symlink_to(victim)
    path = stage.file(1000, 'file.txt')
    there = stage.receive()
    here = stage.send(path)
    assert here.exit() == 0 and there.exit() == 0
    assert victim.read_text() == 'mine'
    for name in ('file.txt.part', '.file.txt.part'):
        (stage.inbox / name).unlink()
    assert 'file (1).txt' in stage.received(), stage.received()


@case('received files are nobody else\'s and not executable')
def modes(stage):
    path = stage.file(1000, 'run.sh')
    path.chmod(0o755)
    there = stage.receive()
    here = stage.send(path)
    assert_crossed(stage, here, there, path)
    assert (stage.inbox / 'run.sh').stat().st_mode & 0o133 == 0


@case('a file larger than the disk is refused before it moves', own_mounts=True)
def too_large_for_disk(stage):
    stage.mount_small(stage.inbox, 1 << 20)
    there = stage.receive()
    here = stage.send(stage.sparse_file(5 << 20))
    assert there.exit() == 1 and here.exit() == 1
    failed = there.wait('failed')
    assert (failed['reason'], failed['step']) == ('disk-full', 'store'), failed
    assert here.wait('failed')['reason'] in ('peer-failed', 'peer-cancelled'), here.find('failed')
    assert stage.received() == []


@case('a disk that fills up midway ends the transfer at both ends', own_mounts=True)
def disk_fills_up(stage):
    stage.mount_small(stage.inbox, 2 << 20)
    there = stage.receive(options=['--resource', 'desk'])
    peer = Peer(stage, stage.romeo)
    to = f'{stage.jid(stage.juliet)}/desk'
    assert error_of(peer.offer(to, 'sid-1', 'x.bin', None)) is None  # nothing to set aside beforehand
    peer.expect_jingle('session-accept')
    try:
        (stage.inbox / 'filler').write_bytes(bytes(2 << 20))
    except OSError:
        pass  # full: as meant
    peer.send_in_band(to, bytes(1_500_000))
    assert reason_of(peer.expect_jingle('session-terminate'))[0] == 'failed-application'
    assert there.exit() == 1
    assert there.wait('failed')['reason'] == 'disk-full', there.find('failed')
    assert stage.received() == ['filler']


@case('a folder that cannot be written to')
def read_only_folder(stage):
    there = stage.receive()
    stage.inbox.rmdir()
    stage.inbox.write_text('not a folder')
    here = stage.send(stage.file(1000))
    assert there.exit() == 1 and here.exit() == 1
    assert there.wait('failed')['reason'] == 'disk', there.find('failed')
    stage.inbox.unlink()
    stage.inbox.mkdir()


@case('thirty small files at once are all welcome', limit=60)
def thirty(stage):
    files = [stage.file(1000 + i, f'photograph-{i}.jpeg') for i in range(30)]
    receiver = stage.receive(count=30)
    sender = stage.send(*files)
    assert sender.exit(30) == 0, sender.find('failed')
    assert receiver.exit() == 0
    for path in files:
        assert digest(stage.inbox / path.name) == digest(path), path.name
