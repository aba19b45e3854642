#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every screen on models of our own, looked at and used.  Usage: screens.py GALLERY [PART-OR-CASE]...

Pictures of the screens are left in $RIG_ART; nothing is compared by pixel."""

import re
import sys
import time

from rig import App, NotFound, key, wait
from screen import GALLERY, assert_content, assert_named, has_focus, picture, show
import screens_chat
import screens_path


def screens_have_names_and_no_complaints():
    for scene in ('main', 'empty', 'page', 'offline', 'request', 'setup', 'wrong-password', 'connecting'):
        with show(scene) as app:
            app.find('push button')
            time.sleep(.3)  # crossfades
            assert_named(app)
            picture(scene)
            assert_content(app)


def dark_and_narrow_are_drawn():
    with show('main', env={'ADW_DEBUG_COLOR_SCHEME': 'prefer-dark'}) as app:
        app.find('push button', 'Send Files')
        time.sleep(.3)
        picture('dark')
    with App(GALLERY, '--size', '360x640', 'main') as app:
        app.find('push button', 'Back').click()
        app.find('list item', re.compile('^Bob Builder')).click()
        app.find('list item', re.compile('^holiday.zip'))
        time.sleep(.3)
        picture('narrow')


def an_offer_waits_before_it_takes_answers():
    with show('offer') as app:
        accept = app.find('push button', 'Accept')
        wait(lambda: 'sensitive' in accept.states, 3, 'an answer to be possible')
        app.find('label', 'juliet@capulet.lit')
        app.find('label', 'summergpj.exe')  # without the sender's override
        picture('offer')
        accept.click()
        app.wait_log('^accept summer')
        app.absent('label', 'juliet@capulet.lit')


def escape_means_later_and_the_banner_remembers():
    with show('offer') as app:
        app.find('push button', 'Accept')
        app.find('label', '1 file is offered to you')
        time.sleep(.7)
        key('Escape')
        app.find('label', '2 files are offered to you')
        assert not re.search('^(accept|decline)', app.log(), re.M)
        app.find('push button', 'Review').click()
        app.find('push button', 'Decline').click()
        app.wait_log('^decline summer')


def search_narrows_the_list():
    with show('many') as app:
        app.find('entry', 'Search contacts').type('09999')
        wait(lambda: len(app.find_all('list item')) == 1, 8, 'one contact')
        app.find('list item', re.compile('Person 09999')).click()
        app.find('push button', 'Send Files')


def details_say_where_it_failed():
    with show('main') as app:
        app.find('list item', re.compile('^song.flac')).find('push button', 'Details').click()
        # A popover's extents lie: do not ask whether it can be seen.
        app.find('label', re.compile('While looking for a path'), visible=False)
        app.find('label', re.compile('Firewalls'), visible=False)
        picture('details')


def adding_a_contact_refuses_nonsense():
    with show('main') as app:
        app.find('push button', 'Add Contact').click()
        app.find('text', 'Address').set_text('nonsense')
        app.find('push button', 'Add').click()
        app.find('alert', re.compile('This is not an address'))
        app.find('text', 'Address').set_text('paris@verona.lit')
        app.find('push button', 'Add').click()
        app.find('list item', re.compile('^paris@verona.lit'))


def the_keyboard_reaches_everything():
    with show('main') as app:
        app.find('push button', 'Send Files')
        key('ctrl+f')
        wait(lambda: has_focus(app, 'entry', 'text'), 3, 'the search')
        key('ctrl+1')
        wait(lambda: has_focus(app, 'list', 'list item'), 3, 'the contacts')
        key('ctrl+n')
        app.find('text', 'Address')
        key('Escape')
        app.absent('text', 'Address')
        key('ctrl+question')
        app.find('label', 'Send files')


MAIN = [
    screens_have_names_and_no_complaints,
    dark_and_narrow_are_drawn,
    an_offer_waits_before_it_takes_answers,
    escape_means_later_and_the_banner_remembers,
    search_narrows_the_list,
    details_say_where_it_failed,
    adding_a_contact_refuses_nonsense,
    the_keyboard_reaches_everything,
]
PARTS = {'main': MAIN, 'chat': screens_chat.TESTS, 'path': screens_path.TESTS}


def main():
    only = sys.argv[2:]
    tests = [t for part, cases in PARTS.items() for t in cases
             if not only or part in only or t.__name__ in only]
    failed = 0
    print(f'1..{len(tests)}', flush=True)
    for i, test in enumerate(tests, 1):
        name = test.__name__.replace('_', '-')
        try:
            test()
            print(f'ok {i} /ui/screens/{name}', flush=True)
        except (AssertionError, NotFound, SystemExit) as e:
            failed += 1
            print(f'not ok {i} /ui/screens/{name}\n# {e}'.replace('\n', '\n# ').replace('# # ', '# '), flush=True)
    return bool(failed)


sys.exit(main())
