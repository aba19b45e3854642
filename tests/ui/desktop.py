# SPDX-License-Identifier: GPL-3.0-or-later
"""Juliet's Ferry as a desktop has it: installed, started by the session bus, with a keyring.

Romeo's is a separate one, as in story.py. Shared by test-desktop.py and its cases.
"""

import os
import pathlib
import re
import shutil
import signal
import subprocess
import time

import rig
import story
from people import HEIGHT, Person
from window_cases import Skip

ID = 'im.ferry.Ferry'
SHARE = pathlib.Path(os.environ.get('XDG_DATA_HOME', '/nonexistent'))
KEYRING_START = 10  # seconds

# Keeps what the program says and how it ends; gives it what a test server needs.
WRAPPER = '''#!/bin/sh
export GIO_USE_PROXY_RESOLVER=dummy
"{program}" {options} "$@" >>"{log}" 2>&1
status=$?
echo $status >>"{log}.status"
exit $status
'''

# What opens text files, and says which.
OPENER = '''[Desktop Entry]
Type=Application
Name=Opener
Exec={program} %f
MimeType=text/plain;
NoDisplay=true
'''


class Process:
    """Somebody else's child, as far as rig.App has to know it."""

    def __init__(self, pid):
        self.pid = pid
        self.args = ['ferry']
        self.returncode = None

    def poll(self):
        if self.returncode is None and not os.path.exists(f'/proc/{self.pid}'):
            self.returncode = 0
        return self.returncode

    def wait(self, timeout):
        rig.wait(lambda: self.poll() is not None, timeout, f'the end of {self.pid}')
        return self.returncode

    def terminate(self):
        os.kill(self.pid, signal.SIGTERM)

    def kill(self):
        os.kill(self.pid, signal.SIGKILL)


def owner(name):
    """The pid of who has the name on the session bus, or None."""
    reply = rig.sh('gdbus', 'call', '-e', '-d', 'org.freedesktop.DBus', '-o', '/org/freedesktop/DBus',
                   '-m', 'org.freedesktop.DBus.GetConnectionUnixProcessID', name, check=False)
    found = re.search(r'uint32 (\d+)', reply)
    return int(found[1]) if found else None


class Installed(story.Ferry):
    """The one that owns the name on the bus, whoever started it."""

    def __init__(self, person, log):
        self.person = person
        self.artefacts = os.environ['RIG_ART']
        self.log_path = log
        self.screen_coords = False
        self.pid = rig.wait(lambda: owner(ID), 10, f'{ID} on the bus')
        self.process = Process(self.pid)
        self.root = rig.wait(self.find_root, 15, 'the tree of Ferry')

    def place(self, x=story.WIDTH, y=0, width=story.WIDTH, height=HEIGHT):
        return super().place(x, y, width, height)


def need(program):
    if not shutil.which(program):
        raise Skip(f'{program} is not installed')


class Keyring:
    """GNOME's, unlocked as a login unlocks it."""

    def __init__(self):
        need('gnome-keyring-daemon')
        need('secret-tool')
        self.process = subprocess.Popen(
            ['gnome-keyring-daemon', '--foreground', '--unlock', '--components=secrets'],
            stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.process.stdin.write(b'the password of the login')
        self.process.stdin.close()
        rig.wait(lambda: owner('org.freedesktop.secrets') == self.process.pid, KEYRING_START, 'the keyring')

    @staticmethod
    def lookup(jid):
        return rig.sh('secret-tool', 'lookup', 'jid', jid, check=False)

    def stop(self):
        self.process.terminate()
        self.process.wait(5)


class Desktop(story.Story):
    """Ferry installed into the scratch home of the session."""

    def __init__(self, server, folder, build):
        super().__init__(server, folder, build)
        self.log = os.path.join(os.environ['RIG_ART'], 'juliet.log')
        self.opened = self.folder / 'opened'
        self.account_file = pathlib.Path(os.environ['XDG_CONFIG_HOME']) / 'ferry' / 'account.ini'
        self.keyring = None
        pathlib.Path(self.log).write_text('')
        pathlib.Path(f'{self.log}.status').write_text('')
        self.install()

    # ---- what an installation leaves

    def install(self):
        place = self.folder / 'installed'
        subprocess.run(['meson', 'install', '-C', str(self.build), '--no-rebuild', '--quiet',
                        '--destdir', str(place)], check=True, stdout=subprocess.DEVNULL)
        program = next(place.rglob('bin/ferry'))
        shutil.copytree(program.parents[1] / 'share', SHARE, dirs_exist_ok=True)
        wrapper = self.write_program('ferry', WRAPPER.format(
            program=program, log=self.log, options=' '.join(f"'{o}'" for o in self.options())))
        service = SHARE / 'dbus-1' / 'services' / f'{ID}.service'
        service.write_text(re.sub(r'Exec=\S+/ferry ', f'Exec={wrapper} ', service.read_text()))
        self.write_program('opener', f'#!/bin/sh\necho "$1" >>"{self.opened}"\n')
        (SHARE / 'applications' / 'opener.desktop').write_text(
            OPENER.format(program=wrapper.with_name('opener')))
        self.tell_the_desktop()

    def options(self):
        return [o for o in self.people[1].command(known=False)[1:] if not o.startswith('--profile-dir')]

    def write_program(self, name, text):
        path = self.folder / 'bin' / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
        path.chmod(0o755)
        return path

    def tell_the_desktop(self):
        os.environ['PATH'] = f'{self.folder / "bin"}:{os.environ["PATH"]}'
        rig.sh('glib-compile-schemas', SHARE / 'glib-2.0' / 'schemas')
        rig.sh('update-desktop-database', SHARE / 'applications')
        rig.sh('dbus-update-activation-environment', 'PATH')
        rig.sh('gio', 'mime', 'x-scheme-handler/xmpp', f'{ID}.desktop')
        rig.sh('gio', 'mime', 'text/plain', 'opener.desktop')
        rig.sh('gdbus', 'call', '-e', '-d', 'org.freedesktop.DBus', '-o', '/org/freedesktop/DBus',
               '-m', 'org.freedesktop.DBus.ReloadConfig')

    # ---- the two

    def start(self):
        self.romeo = story.Ferry(self.people[0]).place(0, 0)
        self.romeo.find('list item', re.compile('^Juliet'), timeout=20)
        return self

    def launch(self, *command):
        """Starts Juliet's as a desktop does, and waits for its window."""
        rig.sh(*(command or ('gapplication', 'launch', ID)))
        self.juliet = Installed(self.people[1], self.log).place()
        return self.juliet

    def signed_in(self):
        """Juliet's window with her contacts, however it was left."""
        if not self.keyring:
            self.keyring = Keyring()
        if not self.juliet:
            known = self.account_file.exists()
            self.launch()
            if not known:
                self.sign_in()
        self.juliet.contact('Romeo')
        self.romeo.contact('Juliet')
        return self.juliet

    def sign_in(self):
        juliet = self.juliet.activate()
        juliet.find('push button', 'Sign In').click()
        time.sleep(.4)  # the page slides in
        rig.type_keys(juliet.person.jid)
        rig.key('Return')
        rig.type_keys(self.server.password('juliet'))
        rig.key('Return')

    def deliver(self, name, size=100_000):
        """A file from Romeo, accepted by Juliet, finished. Returns where it lies now."""
        path = self.make_file(name, size)
        self.paste_to_juliet(path)
        self.juliet.answer(name, 'Accept')
        self.juliet.transfer(name, 'Received')
        return self.arrived(path)

    def notification(self, text):
        """The one that speaks of it, and its buttons: label → action."""
        bubble = rig.wait(lambda: next((n for n in rig.notifications() if text in n['body']), None), 8,
                          f'a notification of {text}')
        return bubble, dict(zip(bubble['actions'][1::2], bubble['actions'][::2]))

    def close_file_manager(self):
        """A second one would only hand its folder to the first."""
        if self.files:
            self.files.stop()
            self.files = None
            rig.wait(lambda: not owner('org.xfce.Thunar'), 5, 'Thunar to be gone')

    def quit_juliet(self):
        self.juliet.quit()
        self.juliet = None
        rig.wait(lambda: not owner(ID), 5, 'the name to be free')
        statuses = pathlib.Path(f'{self.log}.status').read_text().split()
        assert set(statuses) == {'0'}, statuses

    def in_front(self, app):
        app.activate()
        rig.wait(lambda: rig.sh('xdotool', 'getactivewindow').strip() == str(int(app.xid, 16)), 5,
                 'the window to be in front')

    def complaints(self):
        text = pathlib.Path(self.log).read_text(errors='replace')
        return [line for line in text.splitlines()
                if story.COMPLAINT.search(line) and not story.HARMLESS.search(line)]

    def stop(self):
        super().stop()
        rig.wait(lambda: not owner(ID), 5, 'the name to be free')
        self.account_file.unlink(missing_ok=True)
        pathlib.Path(f'{self.log}.status').write_text('')
        if self.keyring:
            self.keyring.stop()
            self.keyring = None


__all__ = ['Desktop', 'ID', 'Installed', 'Keyring', 'Person', 'need', 'owner']
