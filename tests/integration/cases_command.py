# SPDX-License-Identifier: GPL-3.0-or-later
"""The command line's contract: options, exit statuses, events."""

import json
import os
import pty
import signal
import subprocess

from peer import FEATURES, Peer
from prosody import die_with_parent
from runner import case
from stage import ENVIRONMENT


def plain(stage, *words, **options):
    """Runs ferry-cli with nothing but these words."""
    return subprocess.run([str(stage.cli), *map(str, words)], capture_output=True, text=True, timeout=20,
                          stdin=subprocess.DEVNULL, env={**os.environ, **ENVIRONMENT}, start_new_session=True,
                          **options)


@case('wrong usage ends with 2 and says what is wrong')
def usage(stage):
    password = stage.server.password_file(stage.romeo)
    account = ['--jid', stage.jid(stage.romeo), '--password-file', password]
    rows = [
        [],
        ['roster'],
        ['--jid', 'not@a@jid', '--password-file', password, 'roster'],
        ['--jid', stage.jid(stage.romeo), '--password-file', '/nonexistent', 'roster'],
        ['--jid', stage.jid(stage.romeo), 'roster'],            # no password, no terminal
        [*account],
        [*account, 'fly'],
        [*account, 'share'],
        [*account, 'share', '/nonexistent'],
        [*account, 'share', stage.inbox, '--with', '@'],
        [*account, 'request', 'juliet@ferry.test', 'file.bin'],
        [*account, 'request', 'juliet@ferry.test', '--dir', stage.inbox],
        [*account, 'send', 'juliet@ferry.test'],
        [*account, 'send', 'not@a@jid', '/dev/null'],
        [*account, 'disco', '@'],
        [*account, 'receive'],
        [*account, 'receive', '--dir', '/nonexistent'],
        [*account, 'receive', '--dir', stage.inbox, '--count', '0'],
        [*account, 'receive', '--dir', stage.inbox, '--overwrite', 'always'],
        [*account, 'receive', '--dir', stage.inbox, '--from', '@'],
        [*account, 'roster', '--count', '1'],
        [*account, 'roster', 'extra'],
        [*account, 'doctor', 'extra'],
        ['--jid', '@', 'doctor'],
        [*account, '--dialect', 'klingon', 'roster'],
        [*account, '--transport', 'pigeon', 'roster'],
        [*account, '--transport', '', 'roster'],
        [*account, '--tls', 'maybe', 'roster'],
        [*account, '--server', 'localhost', 'roster'],
        [*account, '--listen-port', '65536', 'roster'],
        [*account, '--listen-port', '-1', 'roster'],
        [*account, '--security', 'perhaps', 'roster'],
        [*account, '--stun', 'no host', 'roster'],
        [*account, '--stun', 'localhost:0', 'roster'],
    ]
    for row in rows:
        done = plain(stage, *row)
        assert done.returncode == 2, f'{row}: {done.returncode} {done.stderr}'
        assert done.stderr.startswith('ferry-cli: ') and done.stdout == '', f'{row}: {done}'


@case('help and version')
def help_and_version(stage):
    text = plain(stage, '--help')
    assert text.returncode == 0
    for word in ('send', 'receive', 'share', 'request', 'roster', 'disco', 'doctor', '--json', '--transport'):
        assert word in text.stdout, word
    version = plain(stage, '--version')
    assert version.returncode == 0 and version.stdout.startswith('ferry-cli ')


@case('share says who asked, and request what is not shared')
def share_and_request(stage):
    path = stage.file(1000, 'sonnet.txt')
    there = stage.ferry(stage.romeo, 'share', path.parent)
    there.wait('connected')
    here = stage.ferry(stage.juliet, 'request', stage.jid(stage.romeo), 'sonnet.txt', '--dir', stage.inbox)
    assert here.exit() == 0, here.find('failed')
    assert not here.find('offer') and not here.find('request')
    asked = there.wait('request')
    assert asked['name'] == 'sonnet.txt' and asked['size'] == 1000 and asked['dialect'] == 'jingle-1', asked
    assert asked['peer'].startswith(stage.jid(stage.juliet)), asked
    assert there.wait('done')['direction'] == 'send' and here.wait('done')['direction'] == 'receive'
    assert here.find('done')[0]['verified'] is True
    assert (stage.inbox / 'sonnet.txt').read_bytes() == path.read_bytes()

    here = stage.ferry(stage.juliet, 'request', stage.jid(stage.romeo), '/etc/passwd', '--dir', stage.inbox)
    assert here.exit() == 1 and here.wait('failed')['reason'] == 'not-shared', here.find('failed')
    assert stage.received() == ['sonnet.txt']
    there.signal(signal.SIGINT)
    assert there.exit() == 130


@case('nobody can be asked who is not there')
def request_from_nobody(stage):
    here = stage.ferry(stage.juliet, 'request', stage.jid(stage.romeo), 'sonnet.txt', '--dir', stage.inbox)
    assert here.exit(30) == 1 and here.wait('failed')['reason'] == 'offline', here.find('failed')


@case('a wrong password ends with 3')
def wrong_password(stage):
    stage.server.add_account(stage.romeo, password='something else')
    ferry = stage.ferry(stage.romeo, 'roster')
    assert ferry.exit() == 3
    assert ferry.wait('error')['reason'] == 'auth', ferry.find('error')
    assert not ferry.find('connected')


@case('a server that is not there ends with 3')
def no_server(stage):
    ferry = stage.ferry(stage.romeo, 'roster', server='127.0.0.1:9')
    assert ferry.exit() == 3
    assert ferry.wait('error')['reason'] == 'unreachable', ferry.find('error')


@case('a certificate nobody vouches for ends with 3')
def unknown_certificate(stage):
    done = plain(stage, '--json', '--jid', stage.jid(stage.romeo), '--server', f'127.0.0.1:{stage.server.port}',
                 '--password-file', stage.server.password_file(stage.romeo), 'roster')
    assert done.returncode == 3, done
    assert json.loads(done.stdout.splitlines()[-1])['reason'] == 'certificate', done.stdout


@case('the password comes from a file descriptor or the environment')
def password_sources(stage):
    common = ['--jid', stage.jid(stage.romeo), '--server', f'127.0.0.1:{stage.server.port}',
              '--ca-file', stage.server.ca, '--data-dir', stage.folder / 'data']
    reader, writer = os.pipe()
    os.write(writer, stage.server.password(stage.romeo).encode())
    os.close(writer)
    done = plain(stage, *common, '--password-fd', reader, 'roster', pass_fds=[reader])
    os.close(reader)
    assert done.returncode == 0, done
    os.environ['FERRY_PASSWORD'] = stage.server.password(stage.romeo)
    try:
        done = plain(stage, *common, 'roster')
    finally:
        del os.environ['FERRY_PASSWORD']
    assert done.returncode == 0, done


@case('the loss of what was known of others is said, and an unreadable key')
def doubts(stage):
    folder = stage.folder / 'data'
    common = ['--jid', stage.jid(stage.romeo), '--server', f'127.0.0.1:{stage.server.port}',
              '--ca-file', stage.server.ca, '--password-file', stage.server.password_file(stage.romeo),
              '--data-dir', folder, 'roster']
    whole = plain(stage, *common)
    assert whole.returncode == 0 and 'Encryption:' not in whole.stderr, whole
    (folder / 'trust.db').write_bytes(b'no database at all' * 100)
    lost = plain(stage, *common)
    assert lost.returncode == 0 and 'Encryption:' in lost.stderr, lost
    next(folder.glob('identity-*.pem')).chmod(0o644)
    open_to_all = plain(stage, *common)
    assert open_to_all.returncode == 0 and 'Encryption:' in open_to_all.stderr, open_to_all


@case('the password is asked for on the terminal, unseen')
def password_prompt(stage):
    command = [str(stage.cli), '--jid', stage.jid(stage.romeo), '--server', f'127.0.0.1:{stage.server.port}',
               '--ca-file', str(stage.server.ca), '--data-dir', str(stage.folder / 'data'), 'roster']
    child, terminal = pty.fork()
    if child == 0:
        die_with_parent()
        os.execve(command[0], command, {**os.environ, **ENVIRONMENT})
    seen = b''
    while b'Password for' not in seen:
        seen += os.read(terminal, 1000)
    os.write(terminal, stage.server.password(stage.romeo).encode() + b'\n')
    while True:
        try:
            data = os.read(terminal, 1000)
        except OSError:
            break
        if not data:
            break
        seen += data
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert status == 0, seen
    assert stage.server.password(stage.romeo).encode() not in seen
    assert stage.jid(stage.juliet).encode() in seen


@case('roster tells who is there')
def roster(stage):
    peer = Peer(stage, stage.juliet)
    stage.server.add_account(stage.romeo, contacts=[stage.juliet, 'nobody'])
    ferry = stage.ferry(stage.romeo, 'roster')
    assert ferry.exit() == 0
    there = ferry.wait('contact', jid=stage.jid(stage.juliet))
    assert there['presence'] == 'available' and there['subscription'] == 'both', there
    assert there['name'] == stage.juliet.capitalize()
    assert ferry.wait('contact', jid=stage.jid('nobody'))['presence'] == 'offline'
    assert peer.jid.startswith(there['jid'])


@case('disco tells identities and features')
def disco(stage):
    peer = Peer(stage, stage.juliet)
    ferry = stage.ferry(stage.romeo, 'disco', peer.jid)
    assert ferry.exit() == 0
    assert ferry.wait('identity')['name'] == 'Script'
    assert sorted(ferry.wait('features')['features']) == sorted(FEATURES)
    nobody = stage.ferry(stage.romeo, 'disco', f'{stage.jid(stage.juliet)}/nowhere')
    assert nobody.exit() == 1
    assert nobody.wait('error')['step'] == 'disco'


@case('what is advertised is what can be done')
def advertised(stage):
    stage.receive(options=['--resource', 'desk'])
    ferry = stage.ferry(stage.romeo, 'disco', f'{stage.jid(stage.juliet)}/desk')
    assert ferry.exit() == 0
    features = ferry.wait('features')['features']
    for feature in FEATURES:
        assert feature in features, f'{feature} not in {features}'


@case('events come in the order of the story')
def story(stage):
    path = stage.file(100_000)
    there = stage.receive()
    here = stage.send(path)
    assert here.exit() == 0 and there.exit() == 0
    for ferry, first in ((here, 'state'), (there, 'offer')):
        kinds = [e['event'] for e in ferry.events]
        assert kinds[0] == 'connected' and kinds[1] == first, kinds
        assert kinds.index('path') < kinds.index('done') == len(kinds) - 1, kinds
    offer = there.wait('offer')
    assert offer['peer'] == here.find('connected')[0]['jid']
    assert (offer['name'], offer['size'], offer['dialect']) == (path.name, 100_000, 'jingle-1'), offer
    assert there.wait('done')['path'] == str(stage.inbox / path.name)
    states = [e['state'] for e in there.find('state')]
    assert states[0] == 'offered' and states[-1] == 'done', states
