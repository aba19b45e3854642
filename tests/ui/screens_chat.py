# SPDX-License-Identifier: GPL-3.0-or-later
"""The windows of secure chats: cases of screens.py."""

import os
import pathlib
import re
import time

from rig import get_clipboard, key, norm, type_keys, wait
from screen import assert_content, assert_named, has_focus, picture, show

SCENES = ('chat', 'chat-new', 'chat-verified', 'chat-lost', 'chat-changed', 'chat-request',
          'chat-request-phrase', 'verify', 'verify-changed', 'preferences', 'unread')
ENTRY = ('text', 'Message')


def padlock(app, state):
    """The button in the contact's header, once its name says so."""
    return app.find('push button', re.compile(f'^Secure Chat .*{state}'))


def type_phrase(app, phrase):
    app.find('text', 'Phrase').click()
    time.sleep(.2)
    type_keys(phrase)


def message(app, text):
    return app.find('list item', re.compile(text))


def chat_windows_have_names_and_no_complaints():
    for scene in SCENES:
        with show(scene) as app:
            app.find('push button')
            time.sleep(.8)  # crossfades, and who asks comes later
            assert_named(app)
            picture(scene)
            assert_content(app)


def a_message_goes_by_enter_and_says_how_far_it_came():
    with show('chat') as app:
        app.find(*ENTRY).type('Fare thee well')
        key('shift+Return')
        type_keys('Romeo')
        assert 'say' not in app.log()
        key('Return')
        app.wait_log('^say Fare thee well$')
        message(app, r'^You, \d\d:\d\d, sent: Fare thee well Romeo$')
        message(app, r'^You, \d\d:\d\d, delivered: Good morrow')
        message(app, r'^Bob Builder, \d\d:\d\d: Hi!$')
        wait(lambda: app.find(*ENTRY).text == '', 3, 'an empty entry')
        assert not app.find_all('label', 'summergpj'), 'nothing of another scene'


def a_lost_chat_says_so_and_reopens():
    with show('chat-lost') as app:
        app.find('label', re.compile('^The connection to the other side was lost. Reopen the chat'))
        message(app, 'You, .*, may not have arrived: Are you there')
        message(app, 'You, .*, waiting: Then this waits')
        app.find('push button', 'Reopen').click()
        app.wait_log('^open bob@example.org$')
        app.find('label', re.compile('is asked whether to chat'))


def numbers_that_match_verify():
    with show('chat') as app:
        padlock(app, 'not verified')
        app.find('push button', 'Verify').click()
        app.find('label', '472 918 305')
        app.find('push button', 'They Match').click()
        app.wait_log('^they match')
        app.find('label', re.compile('^The numbers are the same'))
        picture('verify-matched')
        app.find('push button', 'Back').click()
        app.find('push button', 'Verify (verified by comparing)')
        app.absent('label', 'Not verified')
        padlock(app, 'verified by comparing')
        app.find('list item', 'Bob Builder, online, verified by comparing')


def numbers_that_differ_close_the_chat():
    with show('verify') as app:
        app.find('push button', 'They Do Not Match').click()
        app.wait_log('^they do not match')
        app.find('label', re.compile('^The numbers are not the same: somebody may stand'))
        picture('verify-failed')


def a_phrase_opens_the_chat_anew():
    with show('verify') as app:
        use = app.find('push button', 'Use', visible=False)
        assert 'sensitive' not in use.states
        type_phrase(app, 'verona')
        key('Return')
        app.wait_log('^open bob@example.org by verona$')
        app.find(*ENTRY)


def who_asks_by_a_phrase_gets_it_or_no_answer():
    with show('chat-request-phrase') as app:
        app.find('push button', 'Accept')
        time.sleep(.8)
        assert 'sensitive' not in app.find('push button', 'Accept').states
        app.find('label', 'juliet@capulet.lit')
        app.find('label', 'Identity not verified')
        type_phrase(app, 'balcony')
        app.find('push button', 'Accept').click()
        app.wait_log('^accept chat by balcony$')
        app.find('push button', re.compile(r'^Verify \(verified by phrase\)$'))


def a_request_can_be_put_off():
    with show('chat-request') as app:
        app.find('push button', 'Accept')
        time.sleep(.8)
        key('Escape')
        app.find('label', '1 person wants to chat')
        assert not re.search('^(accept|decline)', app.log(), re.M)
        app.find('push button', 'Review').click()
        app.find('push button', 'Decline').click()
        app.wait_log('^decline chat')
        app.absent('label', '1 person wants to chat')


def a_changed_key_has_no_way_round():
    with show('chat-changed') as app:
        app.find('label', re.compile('^Bob Builder’s key changed. Nothing is sent'))
        assert not app.find_all('push button', 'Reopen')
        assert 'sensitive' not in app.find(*ENTRY).states
        app.find('push button', 'What to Do').click()
        app.find('push button', 'Forget the Old Key…').click()
        app.find('label', re.compile('^Forget Bob Builder’s Key'))
        picture('forget')
        key('Escape')
        app.absent('label', re.compile('^Forget Bob Builder’s Key'))
        assert 'forget' not in app.log()
        app.find('push button', 'Forget the Old Key…').click()
        app.find('push button', 'Forget').click()
        app.wait_log('^forget bob@example.org')
        app.absent('push button', 'Forget the Old Key…')


def fingerprints_are_there_to_be_compared():
    with show('verify-changed') as app:
        app.find('label', re.compile('^9F86D081 884C7D65 9A2FEAA0'), visible=False)
        app.find('label', re.compile('^60303AE2 2B998861 BCE3B28F'), visible=False)
        app.find('label', re.compile('^2F4B8C16 D09AE735 51C8407B'), visible=False)
        app.find('push button', 'Copy Your Fingerprint', visible=False).press()
        wait(lambda: get_clipboard('UTF8_STRING').startswith('2f4b8c16d09ae735'), 3, 'the clipboard')
        app.find('push button', 'The Other Key Is Theirs', visible=False).press()
        app.wait_log('^pin bob@example.org changed')


def closing_the_window_closes_the_chat():
    with show('chat') as app:
        app.find(*ENTRY).click()
        key('Escape')
        time.sleep(.2)
        assert 'close chat' not in app.log(), 'a stray Escape'
        key('ctrl+w')
        app.wait_log('^close chat')
        app.absent(*ENTRY)
        padlock(app, 'not verified')


def the_keyboard_reaches_the_chat():
    with show('main') as app:
        padlock(app, 'not verified')
        key('ctrl+t')
        app.wait_log('^open bob@example.org$')
        wait(lambda: has_focus(app, 'text'), 3, 'the entry')
        key('ctrl+shift+v')
        app.find('label', 'Verify Bob Builder')
        key('Escape')
        app.absent('label', 'Verify Bob Builder')
        wait(lambda: has_focus(app, 'text'), 3, 'the entry again')


def unread_messages_are_counted():
    with show('unread') as app:
        padlock(app, '2 new messages').click()
        app.find(*ENTRY)
        message(app, 'Are you there')
        padlock(app, 'not verified')
        assert not app.find_all('push button', re.compile('new message'))


def an_offer_says_who_is_not_verified():
    with show('offer') as app:
        app.find('label', 'Identity not verified')
        app.find('push button', 'Verify…').click()
        app.wait_log('^open juliet@capulet.lit')
        app.find('label', 'Verify Juliet Capulet')
        app.find('label', '2 files are offered to you')


def preferences_hold_the_own_key():
    with show('preferences') as app:
        app.find('label', re.compile('2F4B8C16 D09AE735'))
        app.find('push button', re.compile('^Replace… ')).press()
        app.find('label', 'Replace Your Key?')
        picture('replace')
        assert 'replace' not in app.log()
        app.find('push button', 'Replace', where=lambda n: norm(n.name) == 'Replace').click()
        app.wait_log('^replace identity')
        app.find('label', re.compile('60303AE2'))


def kept_messages_are_deleted_after_a_question():
    file = pathlib.Path(os.environ['XDG_CACHE_HOME'], 'ferry-gallery', 'chats', 'romeo', 'juliet.txt')
    file.parent.mkdir(parents=True)
    file.write_text('1\tin\tdelivered\tAy me!\n')
    with show('preferences') as app:
        label = app.find('label', re.compile('not encrypted: whoever'), visible=False)
        assert str(file.parent.parent) in label.name, label.name
        switch = app.find('check box', re.compile('^Keep Messages'), visible=False)
        assert 'checked' not in switch.states
        app.find('push button', re.compile('Delete… Delete Kept'), visible=False).press()
        app.find('label', 'Delete Kept Messages?')
        picture('delete-messages')
        time.sleep(.3)
        key('Escape')
        app.absent('label', 'Delete Kept Messages?')
        assert file.exists()
        app.find('push button', re.compile('Delete… Delete Kept'), visible=False).press()
        app.find('push button', 'Delete', where=lambda n: norm(n.name) == 'Delete').click()
        app.find('label', 'Messages deleted')
        assert not file.parent.parent.exists()


def files_say_how_they_are_encrypted():
    with show('main') as app:
        app.find('list item', re.compile('^holiday.zip, .*, Encrypted, not verified$'))
        app.find('list item', re.compile('^scan.pdf, .*, Encrypted, verified by phrase$'))
        row = app.find('list item', re.compile('^photo.jpg, .*, Not encrypted$'))
        row.find('push button', 'Details').click()
        app.find('label', re.compile('Security: Not encrypted'), visible=False)


TESTS = [
    chat_windows_have_names_and_no_complaints,
    a_message_goes_by_enter_and_says_how_far_it_came,
    a_lost_chat_says_so_and_reopens,
    numbers_that_match_verify,
    numbers_that_differ_close_the_chat,
    a_phrase_opens_the_chat_anew,
    who_asks_by_a_phrase_gets_it_or_no_answer,
    a_request_can_be_put_off,
    a_changed_key_has_no_way_round,
    fingerprints_are_there_to_be_compared,
    closing_the_window_closes_the_chat,
    the_keyboard_reaches_the_chat,
    unread_messages_are_counted,
    an_offer_says_who_is_not_verified,
    preferences_hold_the_own_key,
    kept_messages_are_deleted_after_a_question,
    files_say_how_they_are_encrypted,
]
