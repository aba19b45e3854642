# SPDX-License-Identifier: GPL-3.0-or-later
"""What is remembered of an account, and where."""

import os
import pathlib
import re

import rig
from desktop import Keyring

HOMES = ('HOME', 'XDG_CONFIG_HOME', 'XDG_DATA_HOME', 'XDG_CACHE_HOME', 'XDG_STATE_HOME')


def files_with(secret):
    """Every file of the home that holds it, the keyring's own included."""
    roots = {pathlib.Path(os.environ[name]) for name in HOMES}
    return [str(path) for root in roots for path in root.rglob('*')
            if path.is_file() and secret.encode() in path.read_bytes()]


def without_a_keyring_it_says_so_and_asks_again(stage):
    password = stage.server.password('juliet')
    juliet = stage.launch()
    stage.sign_in()
    juliet.find('label', re.compile('^No keyring is running'), timeout=20)  # first: it goes away
    juliet.contact('Romeo')
    stage.picture('no-keyring', juliet)
    stage.quit_juliet()
    assert not files_with(password), files_with(password)
    juliet = stage.launch()
    address = juliet.find('text', 'Address')
    assert address.text == juliet.person.jid, address.text
    stage.picture('asked-again', juliet)
    juliet.activate()
    rig.type_keys(password)  # the field has the focus
    rig.key('Return')
    juliet.contact('Romeo')
    stage.quit_juliet()
    stage.account_file.unlink()


def the_keyring_remembers_and_no_file_does(stage):
    password, jid = stage.server.password('juliet'), stage.people[1].jid
    stage.keyring = Keyring()
    stage.launch()
    stage.sign_in()
    stage.juliet.contact('Romeo')
    rig.wait(lambda: Keyring.lookup(jid) == password, 5, 'the password in the keyring')
    assert not stage.juliet.find_all('label', re.compile('No keyring'))
    stage.quit_juliet()
    assert not files_with(password), files_with(password)
    assert jid in stage.account_file.read_text()
    mode = stage.account_file.parent.stat().st_mode
    assert mode & 0o077 == 0, f'others may look: {mode:o}'
    juliet = stage.launch()
    juliet.contact('Romeo')
    assert not juliet.find_all('text', 'Password')


def logging_out_forgets(stage):
    jid = stage.people[1].jid
    juliet = stage.signed_in()
    stage.in_front(juliet)
    juliet.find('push button', re.compile(f'^Account {jid}'), where=lambda n: 'focusable' in n.states).click()
    juliet.find('menu item', re.compile('Log Out'), visible=False).press()
    rig.wait(lambda: Keyring.lookup(jid) == '', 5, 'an empty keyring')
    rig.wait(lambda: not stage.account_file.exists(), 5, 'no account')
    stage.quit_juliet()
    juliet = stage.launch()
    juliet.find('push button', 'Sign In')
    stage.picture('forgotten', juliet)
    stage.quit_juliet()


CASES = [
    without_a_keyring_it_says_so_and_asks_again,
    the_keyring_remembers_and_no_file_does,
    logging_out_forgets,
]
