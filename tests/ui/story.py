# SPDX-License-Identifier: GPL-3.0-or-later
"""Two people at their windows, and a file manager between them, in a desktop without a display.

What they do is what people can do: mouse and keyboard. Reading is by AT-SPI (rig.py).
Shared by test-window.py and tests/demo.
"""

import os
import pathlib
import re
import sys
import time

import rig
from people import HEIGHT, WIDTH, Person, digest

SCREEN = f'{2 * WIDTH}x920x24'
GUARD = 0.6   # seconds until an incoming dialog takes an answer, and a little more

DOUBLE_CLICK = 0.6

# GDK says this when a drag of a GTK 3 program comes in for the second time.
HARMLESS = re.compile(r'gdk_drop_set_actions: assertion .priv->state == GDK_DROP_STATE_NONE. failed')
COMPLAINT = re.compile(r'(WARNING|CRITICAL|ERROR) \*\*|(-WARNING|-CRITICAL|-ERROR) |Sanitizer|runtime error:')


def enter(artefacts):
    """Starts the script again in a desktop of its own, unless it is in one."""
    if not os.environ.get('RIG_INNER'):
        harness = str(pathlib.Path(__file__).resolve().parent / 'run-headless.sh')
        os.makedirs(artefacts, exist_ok=True)
        os.execv(harness, [harness, '-p', '-s', SCREEN, '-e', str(artefacts), '-t', '1200', '--',
                           '/usr/bin/python3', *sys.argv])


class Ferry(rig.App):
    """A person's window."""

    def __init__(self, person, known=True, wrap=(), env=None):
        self.person = person
        log = os.path.join(os.environ['RIG_ART'], f'{person.name}.log')
        super().__init__(*wrap, *person.command(known), log=log, timeout=30,
                         env={**person.environment(), **(env or {})})

    def place(self, x, y, width=WIDTH, height=HEIGHT):
        self.xid = self.window('Ferry')
        rig.place(self.xid, x, y, width, height)
        return self

    def contact(self, name, status='online', timeout=20):
        return self.find('list item', re.compile(f'^{name}, {status}'), timeout=timeout)

    def choose(self, name):
        self.activate()
        self.contact(name).click()
        self.find('push button', 'Send Files')
        return self

    def activate(self):
        rig.activate(self.xid)
        return self

    def transfer(self, name, status, timeout=15):
        """The row of a file, once it says so."""
        return self.find('list item', re.compile(f'^{re.escape(name)}, .*{status}'), timeout=timeout)

    def offer(self, name):
        """The dialog that asks about a file."""
        return self.find('label', name, timeout=15, where=lambda label: any(
            node.role in ('dialog', 'alert') for node in label.chain()))

    def answer(self, name, button):
        """By the dialog; the row behind it has buttons, too."""
        dialog = self.offer(name).toplevel()
        time.sleep(GUARD)
        return dialog.find('push button', button).click()

    def press(self, name, status, button):
        """A button in a file's row."""
        self.transfer(name, status).find('push button', button).click()

    def window_of_dialog(self):
        return rig.wait(lambda: [w for w in rig.windows(self.pid) if w[0] != self.xid], 8, 'a dialog')[-1][0]

    def toplevels(self):
        return [title for _, title, _ in rig.windows(self.pid)]

    def complaints(self):
        return [line for line in self.log().splitlines()
                if COMPLAINT.search(line) and not HARMLESS.search(line)]

    def quit(self):
        """By the keyboard, as one does; so that leaks show."""
        if self.process.poll() is None:
            self.activate()
            rig.key('ctrl+q')
        try:
            return self.process.wait(20)
        finally:
            self.stop()


class FileManager(rig.App):
    """Thunar on a folder: a GTK 3 program."""

    def __init__(self, folder):
        super().__init__('thunar', folder, screen_coords=True, timeout=20)
        self.xid = rig.wait(lambda: [w for w in rig.windows(self.pid)], 15, 'Thunar')[-1][0]
        rig.place(self.xid, 0, HEIGHT + 10, WIDTH, 400)
        rig.activate(self.xid)
        rig.key('ctrl+2')  # the list: its icons have no accessible names

    def file(self, name):
        return self.find('table cell', name, timeout=10)

    def centre_of(self, cell):
        """Near its left end: names may be long, and the pointer takes the row."""
        x, y, _, height = cell.extents(screen=True)
        return x + 30, y + height / 2

    def drag(self, names, target, **more):
        rig.activate(self.xid)
        first = self.centre_of(self.file(names[0]))
        if len(names) > 1:
            last = self.centre_of(self.file(names[-1]))
            rig.click_at(*first)
            rig.sh('xdotool', 'keydown', 'shift')
            rig.click_at(*last)
            rig.sh('xdotool', 'keyup', 'shift')
            time.sleep(DOUBLE_CLICK)  # else the press that begins the drag opens the file
        rig.drag(first, target, **more)


class Story:
    """Romeo's window on the left, Juliet's on the right, Romeo's files below."""

    def __init__(self, server, folder, build):
        self.server = server
        self.folder = pathlib.Path(folder)
        self.build = build
        self.people = [Person(server, name, folder, build) for name in ('romeo', 'juliet')]
        self.romeo = self.juliet = self.files = None

    def start(self):
        self.romeo = Ferry(self.people[0]).place(0, 0)
        self.juliet = Ferry(self.people[1]).place(WIDTH, 0)
        self.romeo.contact('Juliet')
        self.juliet.contact('Romeo')
        return self

    def windows(self):
        return [app for app in (self.romeo, self.juliet) if app]

    def file_manager(self):
        if not self.files:
            self.files = FileManager(self.romeo.person.outbox)
        return self.files

    def make_file(self, name, size):
        return self.romeo.person.make_file(name, size)

    def picture(self, name, app=None):
        return rig.screenshot(os.path.join(os.environ['RIG_ART'], f'{name}.png'), app and app.xid)

    def drop_on_contact(self, *names, **more):
        self.file_manager().drag(names, self.romeo.contact('Juliet').centre(), **more)

    def paste_to_juliet(self, path):
        """The shortest way to an offer."""
        rig.set_clipboard('text/uri-list', path.as_uri() + '\r\n')
        self.romeo.choose('Juliet')
        rig.key('ctrl+v')
        self.juliet.offer(path.name)

    def send_by_mouse(self, path, pictures=''):
        """Drags @path onto Juliet's name, accepts it in her window. Returns (seconds, path badge)."""
        self.drop_on_contact(path.name,
                             before_drop=lambda: pictures and self.picture(f'{pictures}1-drag'))
        self.juliet.offer(path.name)
        if pictures:
            time.sleep(GUARD)
            self.picture(f'{pictures}2-offer')
        self.juliet.answer(path.name, 'Accept')
        started = time.monotonic()
        if pictures and path.stat().st_size > 1 << 28:
            self.romeo.transfer(path.name, r'(/s|Delivered)')
            self.picture(f'{pictures}3-running')
        row = self.romeo.transfer(path.name, 'Delivered', timeout=60)
        seconds = time.monotonic() - started
        self.juliet.transfer(path.name, 'Received')
        if pictures:
            self.picture(f'{pictures}4-done')
        badge = row.find('label', re.compile('^(direct|proxy|in-band)$')).name
        return seconds, badge

    def arrived(self, path, name=None):
        there = self.juliet.person.inbox / (name or path.name)
        assert there.exists(), f'not in {sorted(os.listdir(there.parent))}'
        assert digest(there) == digest(path), 'other bytes arrived'
        return there

    def stop(self):
        """Ends what runs, however it stands."""
        for app in (*self.windows(), self.files):
            if app:
                app.stop()
        self.romeo = self.juliet = self.files = None
