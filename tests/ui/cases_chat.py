# SPDX-License-Identifier: GPL-3.0-or-later
"""Romeo and Juliet talk in private, over the real thing: numbers, a phrase, words, a file."""

import contextlib
import re
import time

import rig
from people import HEIGHT, WIDTH
from story import GUARD
from window_cases import case

ENTRY = ('text', 'Message')
NUMBER = re.compile(r'^\d{3} \d{3} \d{3}$')
CHAT_WIDTH = 400  # pixels


class Chat:
    """Somebody's window of the chat with somebody."""

    def __init__(self, app, whom, x):
        self.app = app
        title = f'Secure Chat with {whom}'
        self.xid = rig.wait(lambda: [w[0] for w in rig.windows(app.pid) if w[1] == title], 15, title)[0]
        rig.place(self.xid, x, 0, CHAT_WIDTH, HEIGHT)

    def activate(self):
        rig.activate(self.xid)
        return self.app

    def state(self, text, timeout=30):
        return self.app.find('push button', re.compile(rf'^Verify \({text}\)$'), timeout=timeout)

    def press(self, name):
        self.activate().find('push button', name).click()

    def write(self, text):
        self.activate().find(*ENTRY).type(text)
        rig.key('Return')

    def hears(self, text):
        return self.app.find('list item', re.compile(rf': {text}$'), timeout=15)

    def close(self):
        self.activate()
        rig.key('ctrl+w')
        self.app.absent(*ENTRY)


def accept(app, phrase=None):
    """The dialog that asks whether to chat."""
    dialog = app.find('label', re.compile('Wants to Chat Securely$'), timeout=20).toplevel()
    time.sleep(GUARD)
    if phrase:
        dialog.find('text', 'Phrase').click()
        time.sleep(.2)
        rig.type_keys(phrase)
    dialog.find('push button', 'Accept').click()


def begin(story):
    """Romeo asks, Juliet says yes. Where there are words of before, they are shown, and nobody is asked yet."""
    story.romeo.choose('Juliet')
    story.romeo.find('push button', re.compile('^Secure Chat')).click()
    romeo = Chat(story.romeo, 'Juliet', WIDTH - CHAT_WIDTH)
    if romeo.app.find_all('list item', re.compile('^You, ')):
        romeo.press('Reopen')
    accept(story.juliet)
    juliet = Chat(story.juliet, 'Romeo', 2 * WIDTH - CHAT_WIDTH)
    for chat in (romeo, juliet):
        chat.app.find('label', re.compile('^End-to-end encrypted · (direct|proxy|in-band)$'), timeout=40)
    return romeo, juliet


def end(romeo, juliet):
    """One closes, the other is told."""
    romeo.close()
    juliet.app.find('label', re.compile('^The other side closed the chat'), timeout=15)
    juliet.close()


@case('two-people-compare-numbers')
def compare_numbers(story):
    romeo, juliet = begin(story)
    romeo.write('Good morrow, cousin.')
    juliet.hears('Good morrow, cousin\\.')
    for chat in (romeo, juliet):
        chat.state('not verified')
        chat.press('Verify')
    numbers = {chat.app.find('label', NUMBER, timeout=20).name for chat in (romeo, juliet)}
    assert len(numbers) == 1, numbers
    story.picture('chat-number')
    for chat in (romeo, juliet):
        chat.press('They Match')
        chat.app.find('label', re.compile('^The numbers are the same'))
        chat.press('Back')
        chat.state('verified by comparing')
    story.romeo.find('list item', re.compile('^Juliet, online.*, verified by comparing$'))
    end(romeo, juliet)


@case('two-people-who-know-a-phrase-talk-and-send-a-file')
def talk_by_phrase(story):
    path = story.make_file('into the chat.pdf', 3_000_000)
    romeo, juliet = begin(story)
    romeo.activate()
    rig.key('ctrl+shift+v')
    romeo.app.find('text', 'Phrase').click()
    time.sleep(.2)
    rig.type_keys('wherefore art thou')
    rig.key('Return')
    accept(story.juliet, 'wherefore art thou')
    for chat in (romeo, juliet):
        chat.state('verified by phrase', timeout=40)
    romeo.write('Did my heart love till now?')
    juliet.hears('Did my heart love till now\\?')
    juliet.write('Good pilgrim.')
    romeo.hears('Good pilgrim\\.')
    romeo.app.find('list item', re.compile('^You, .*, delivered: Did my heart'))
    story.file_manager().drag([path.name], (WIDTH - CHAT_WIDTH / 2, HEIGHT / 2))
    romeo.app.find('label', '1 file: see the main window')
    story.juliet.offer(path.name)
    story.picture('chat-words')
    story.juliet.answer(path.name, 'Accept')
    story.romeo.transfer(path.name, 'Delivered.*, Encrypted, verified by phrase$', timeout=30)
    story.arrived(path)
    end(romeo, juliet)


@contextlib.contextmanager
def preferences(app):
    app.activate()
    rig.key('ctrl+comma')
    rig.wait(lambda: 'Preferences' in app.toplevels(), 8, 'the preferences')
    yield
    app.find('push button', 'Close', where=lambda n: n.toplevel().name == 'Preferences').press()
    rig.wait(lambda: 'Preferences' not in app.toplevels(), 5, 'the preferences to go')


def switch_keeping(app, is_on):
    app.find('check box', re.compile('^Keep Messages'), visible=False).press('toggle')
    app.find('check box', re.compile('^Keep Messages'), visible=False,
             where=lambda n: ('checked' in n.states) == is_on)


@case('words-are-kept-by-who-wants-it-alone')
def keep(story):
    romeos, juliets = (person.folder / 'data' / 'chats' for person in story.people)
    kept = romeos / story.people[0].jid / f'{story.people[1].jid}.txt'
    assert not romeos.exists() and not juliets.exists(), 'nobody asked for that'
    with preferences(story.romeo):
        switch_keeping(story.romeo, True)
    romeo, juliet = begin(story)
    romeo.write('Keep this.')
    juliet.hears('Keep this\\.')
    juliet.write('And this.')
    romeo.hears('And this\\.')
    rig.wait(lambda: re.search('\tin\tdelivered\tAnd this\\.$', kept.read_text(), re.M), 5, 'it to be kept')
    assert re.search('\tout\t[a-z]+\tKeep this\\.$', kept.read_text(), re.M)
    with preferences(story.romeo):
        switch_keeping(story.romeo, False)
    romeo.write('Not this.')
    juliet.hears('Not this\\.')
    end(romeo, juliet)
    assert 'Not this' not in kept.read_text()
    with preferences(story.romeo):
        story.romeo.find('push button', re.compile('Delete… Delete Kept'), visible=False).press()
        story.romeo.find('label', 'Delete Kept Messages?')
        story.romeo.find('push button', 'Delete', where=lambda n: rig.norm(n.name) == 'Delete').press()
        story.romeo.find('label', 'Messages deleted')
        story.romeo.absent('label', 'Delete Kept Messages?')
    assert not romeos.exists() and not juliets.exists()


@case('a-wrong-phrase-opens-nothing')
def wrong_phrase(story):
    romeo, juliet = begin(story)
    romeo.activate()
    rig.key('ctrl+shift+v')
    romeo.app.find('text', 'Phrase').click()
    time.sleep(.2)
    rig.type_keys('montague')
    rig.key('Return')
    accept(story.juliet, 'capulet')
    for chat in (romeo, juliet):
        chat.app.find('label', re.compile('^The two phrases were not the same'), timeout=40)
    story.picture('chat-wrong-phrase')
    for chat in (romeo, juliet):
        chat.close()


def bubble(summary):
    return rig.wait(lambda: next((n for n in rig.notifications() if n['summary'] == summary), None), 10, summary)


@case('a-chat-is-answered-in-its-notification')
def notified(story):
    story.romeo.choose('Juliet')
    story.romeo.find('push button', re.compile('^Secure Chat')).click()
    romeo = Chat(story.romeo, 'Juliet', WIDTH - CHAT_WIDTH)
    if romeo.app.find_all('list item', re.compile('^You, ')):
        romeo.press('Reopen')
    asked = bubble('Romeo wants to chat securely')
    actions = dict(zip(asked['actions'][1::2], asked['actions'][::2]))
    rig.invoke(asked['id'], actions['Accept'])
    juliet = Chat(story.juliet, 'Romeo', 2 * WIDTH - CHAT_WIDTH)
    juliet.app.absent('label', re.compile('Wants to Chat Securely$'))
    romeo.write('A word for two.')
    juliet.hears('A word for two\\.')
    told = bubble('New message from Romeo')
    assert 'A word' not in str(told), 'the desktop may keep it'
    juliet.activate()
    rig.wait(lambda: not any('Romeo' in n['summary'] and 'A file' not in n['summary'] for n in rig.notifications()),
             8, 'what was read to be withdrawn')
    end(romeo, juliet)
