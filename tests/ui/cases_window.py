# SPDX-License-Identifier: GPL-3.0-or-later
"""Signing in, the keyboard, the connection, and what every page has to hold."""

import os
import pathlib
import re
import subprocess
import time

import rig
from people import Person
from story import GUARD, Ferry
from window_cases import Skip, case

MEGABYTE = 1_000_000
ROOT = pathlib.Path(__file__).resolve().parents[2]
# A widget that nobody named is called like its class.
NAMELESS = re.compile(r'^$|^(Gtk|Adw|Ferry)[A-Z]\w+$')
NAMED = ('push button', 'toggle button', 'list item', 'entry', 'progress bar', 'list')
# Not of this program: the controls of a window.
CONTROLS = {'Minimize', 'Maximize', 'Close', 'Restore'}


@case('the-keyboard-alone-sends-and-accepts')
def keyboard(story):
    path = story.make_file('by keyboard.txt', MEGABYTE)
    romeo, juliet = story.romeo.activate(), story.juliet
    rig.key('ctrl+f')
    rig.type_keys('juli')
    rig.wait(lambda: len(romeo.find_all('list item', re.compile('@|online|offline'))) == 1, 5, 'Juliet alone')
    rig.key('Return')
    romeo.find('push button', 'Send Files')
    rig.key('ctrl+o')
    romeo.find('push button', 'Send')
    time.sleep(.3)
    rig.key('ctrl+l')
    time.sleep(.2)
    rig.type_keys(str(path))
    time.sleep(.2)
    rig.key('Return')
    if romeo.find_all('push button', 'Send'):
        rig.key('Return')
    juliet.offer(path.name)
    rig.activate(juliet.window_of_dialog())
    time.sleep(GUARD)
    rig.key('Return')
    romeo.transfer(path.name, 'Delivered')
    story.arrived(path)
    romeo.activate()
    rig.key('ctrl+f', 'Escape')
    romeo.contact('Juliet')


@case('without-a-server-a-banner-says-so-and-tries-again')
def offline(story):
    romeo = story.romeo
    story.server.process.terminate()
    story.server.process.wait()
    romeo.find('label', re.compile('^Not connected. Trying again in'), timeout=20)
    button = romeo.find('push button', 'Try Now')
    story.picture('offline')
    story.server.start()
    button.click()
    romeo.contact('Juliet', timeout=40)
    romeo.absent('push button', 'Try Now')
    path = story.make_file('after the outage.txt', MEGABYTE)
    story.juliet.contact('Romeo', timeout=40)
    story.paste_to_juliet(path)
    story.juliet.answer(path.name, 'Accept')
    romeo.transfer(path.name, 'Delivered')
    story.arrived(path)


def newcomer(story, name, **more):
    """Somebody whose Ferry knows no account yet."""
    story.server.add_account(name, contacts=['romeo'])
    return Ferry(Person(story.server, name, story.folder, story.build), known=False, **more)


@case('a-wrong-password-is-told-in-plain-words')
def first_run(story):
    with newcomer(story, 'paris') as paris:
        paris.place(200, 120, 560, 640)
        story.picture('welcome', paris)
        paris.find('push button', 'Sign In').click()
        time.sleep(.4)  # the page slides in
        rig.type_keys(paris.person.jid)  # the field has the focus
        rig.key('Return')
        rig.type_keys('a guess')
        rig.key('Return')
        paris.find('alert', re.compile('The address or the password is wrong'), timeout=20)
        story.picture('wrong-password', paris)
        rig.key('ctrl+a')
        rig.type_keys(story.server.password('paris'))
        paris.find('push button', 'Connect').click()
        paris.find('list item', re.compile('^Romeo, '), timeout=20)
        story.picture('signed-in', paris)
        assert not paris.complaints(), paris.complaints()
        assert paris.quit() == 0


def nameless(app):
    return [f'{node.role} at {node.extents()}' for node in app.root.walk()
            if node.role in NAMED and node.visible() and NAMELESS.match(rig.norm(node.name))
            and not any(n.role == 'combo box' for n in node.chain())]  # its parts are libadwaita's


@case('nothing-is-without-a-name')
def named(story):
    for app in story.windows():
        assert not nameless(app), nameless(app)
    romeo = story.romeo.activate()
    for keys, sign, title in (('ctrl+n', 'Add', None), ('ctrl+comma', None, 'Preferences')):
        rig.key(keys)
        if sign:
            romeo.find('push button', sign)
        else:
            rig.wait(lambda: title in romeo.toplevels(), 8, title)
        time.sleep(.3)
        story.picture(f'window-{keys.split("+")[1]}')
        assert not nameless(romeo), nameless(romeo)
        rig.key('Escape')
        rig.wait(lambda: romeo.toplevels() == ['Ferry'], 5, 'one window')


@case('a-narrow-window-folds')
def narrow(story):
    path = story.make_file('a file with quite a long name, longer than the window.txt', MEGABYTE)
    story.paste_to_juliet(path)
    story.juliet.answer(path.name, 'Accept')
    romeo = story.romeo
    romeo.transfer(path.name, 'Delivered')
    try:
        rig.place(romeo.xid, 0, 0, 370, 500)
        back = romeo.find('push button', 'Back')
        back.resting_centre(step=.5)  # while the page slides, a click may fall on the list below it
        back.click()
        romeo.absent('push button', 'Back')
        story.picture('narrow-contacts', romeo)
        romeo.contact('Juliet').click()
        romeo.find('push button', 'Back')
        romeo.transfer(path.name, 'Delivered')
        story.picture('narrow-files', romeo)
        assert romeo.root.children[0].extents()[2] <= 370, 'wider than it was told to be'
    finally:
        romeo.place(0, 0)


# ---- in a language that does not exist

def pseudo_catalogue(folder):
    """en@pseudo: every marked string in brackets."""
    here = pathlib.Path(__file__).resolve().parent
    where = pathlib.Path(folder) / 'locale' / 'en@pseudo' / 'LC_MESSAGES'
    where.mkdir(parents=True)
    pot, po = where / 'ferry.pot', where / 'ferry.po'
    subprocess.run(['xgettext', '--from-code=UTF-8', f'--directory={ROOT}',
                    f'--files-from={ROOT}/po/POTFILES', '--keyword=_', '--keyword=N_',
                    '--keyword=C_:1c,2', '--keyword=NC_:1c,2', '--keyword=ngettext:1,2',
                    f'--output={pot}'], check=True, capture_output=True)
    subprocess.run(['python3', str(here / 'pseudo.py'), str(pot), str(po)], check=True)
    subprocess.run(['msgfmt', '-c', '-o', str(where / 'ferry.mo'), str(po)], check=True,
                   capture_output=True)
    return where.parents[1]


def seen_as(catalogues, place):
    """A command that sees @catalogues at @place, where the program looks, and nobody else does."""
    while not place.is_dir():
        stand_in = catalogues.parent / f'in-{place.name}'
        stand_in.mkdir()
        catalogues = catalogues.rename(stand_in / place.name).parent
        place = place.parent
    words = ['unshare', '--mount']
    if os.geteuid() != 0:
        words += ['--map-current-user', '--keep-caps']
    words += ['sh', '-c', 'mount --bind "$0" "$1" && shift && exec "$@"', str(catalogues), str(place)]
    if subprocess.run([*words, 'true'], capture_output=True).returncode != 0:
        raise Skip('no mount namespace to be had')
    return words


def locale_dir(build):
    text = (build / 'config.h').read_text()
    return pathlib.Path(re.search(r'#define LOCALEDIR "(.*)"', text)[1])


@case('no-word-is-left-untranslated')
def pseudo(story):
    wrap = seen_as(pseudo_catalogue(story.folder), locale_dir(story.build))
    story.server.add_account('nurse', contacts=['romeo'])
    person = Person(story.server, 'nurse', story.folder, story.build)
    env = {'LANGUAGE': 'en@pseudo', 'LANG': 'C.UTF-8', 'LC_ALL': ''}
    with Ferry(person, wrap=wrap, env=env) as nurse:
        nurse.xid = nurse.window()
        rig.place(nurse.xid, 200, 120, 860, 600)
        nurse.find('list item', re.compile('^Romeo'), timeout=20).click()
        time.sleep(.4)
        story.picture('pseudo', nurse)
        plain = {rig.norm(node.name) for role in ('label', 'push button', 'list item')
                 for node in nurse.find_all(role)}
        data = re.compile(r'^(Romeo|R|nurse@.*|romeo@.*|GtkLabel|)$')
        left = {text for text in plain if '⟦' not in text and not data.match(text)} - CONTROLS
        assert not left, left
        assert any('⟦' in text for text in plain), 'the catalogue is not used'
        assert not nurse.complaints(), nurse.complaints()
