# SPDX-License-Identifier: GPL-3.0-or-later
"""The demo after the building: tests/demo calls this.  Usage: demo.py BUILD_DIR [--headless]"""

import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time

sys.dont_write_bytecode = True
sys.path[:0] = [str(pathlib.Path(__file__).resolve().parent)]

from people import Person, Prosody, die_with_parent, end_when_told  # noqa: E402

BUILD = pathlib.Path(sys.argv[1]).absolute()
PICTURES = BUILD.parent / 'demo-pictures'
SIZE = 600_000_000  # bytes; enough to see it move


def say(text):
    print(text, flush=True)


# ---- with a display: somebody else drags

def watch(processes):
    """Until both windows are closed."""
    while any(process.poll() is None for process in processes):
        time.sleep(0.2)


def interactive(folder):
    with Prosody(['romeo', 'juliet']) as server:
        people = [Person(server, name, folder, BUILD) for name in ('romeo', 'juliet')]
        processes = [subprocess.Popen(person.command(), env=person.environment(),
                                      stdin=subprocess.DEVNULL, preexec_fn=die_with_parent)
                     for person in people]
        try:
            place_side_by_side(processes)
            say('1. Left is Romeo\'s window, right is Juliet\'s: the name is at the bottom of each.')
            say('2. Drag any file from your file manager onto "Juliet" in Romeo\'s window.')
            say(f'3. Press Accept in Juliet\'s window; the file lands in {people[1].inbox}')
            say('The lock above the files opens a chat that no server can read; give both windows one phrase, and it is verified.')
            say('(Close both windows or press Ctrl-C to end; the folder goes with them.)')
            watch(processes)
        finally:
            for process in processes:
                process.terminate()
            for process in processes:
                process.wait()
    return 0


def place_side_by_side(processes):
    """Where there is a tool for it; else the desktop decides."""
    if not shutil.which('xdotool') or not os.environ.get('DISPLAY'):
        return
    for i, process in enumerate(processes):
        subprocess.run(['timeout', '5', 'xdotool', 'search', '--sync', '--onlyvisible', '--pid',
                        str(process.pid), 'windowmove', str(40 + i * 760), '60'],
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


# ---- without: the same by itself

def talk(stage):
    """A chat that Romeo opens by the lock, and what each sees of it."""
    import cases_chat
    say('Romeo opens a secure chat by the lock; Juliet accepts')
    romeo, juliet = cases_chat.begin(stage)
    romeo.write("M'lady, I would be pleased to make your acquaintance.")
    juliet.hears("M'lady, I would be pleased to make your acquaintance.")
    juliet.write('Art thou not Romeo, and a Montague?')
    romeo.hears(r'Art thou not Romeo, and a Montague\?')
    label = romeo.app.find('label', re.compile('^End-to-end encrypted'))
    stage.picture('demo-chat')
    say(f'Words crossed both ways: {label.name}')
    cases_chat.end(romeo, juliet)


def by_itself(folder):
    import story
    with Prosody(['romeo', 'juliet']) as server:
        stage = story.Story(server, folder, BUILD)
        try:
            stage.start()
            path = stage.make_file('Grüße aus Verona.mkv', SIZE)
            say(f'Dragging “{path.name}” ({SIZE // 1_000_000} MB) from Thunar onto Juliet, with the mouse')
            seconds, badge = stage.send_by_mouse(path, pictures='demo-')
            there = stage.arrived(path)
            say(f'Arrived: {there.name}, and its SHA-256 is the same: {story.digest(there)}')
            say(f'Path: {badge}; rate: {SIZE / seconds / 1e6:.0f} MB/s or more, '
                f'{seconds:.1f} s from the click on Accept to “Delivered”')
            talk(stage)
            assert not [c for app in stage.windows() for c in app.complaints()], 'a program complained'
            say(f'Pictures: {os.environ["RIG_ART"]}')
        finally:
            stage.stop()
    return 0


def main():
    end_when_told()
    headless = '--headless' in sys.argv[2:]
    if headless and not os.environ.get('RIG_INNER'):
        say('On an invisible display: two windows, a file manager, a mouse')
        import story
        story.enter(PICTURES)
    folder = tempfile.mkdtemp(prefix='ferry-demo-')
    try:
        return by_itself(folder) if headless else interactive(folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == '__main__':
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
