# SPDX-License-Identifier: GPL-3.0-or-later
"""What can be answered to an offer, and what can be done with a transfer."""

import os
import re
import time

import rig
from window_cases import case

MEGABYTE = 1_000_000
LONG = 3_000_000_000  # bytes: sparse, so that it costs no time to make, but some to send


@case('declined-says-so-and-can-be-sent-again')
def declined(story):
    path = story.make_file('unwanted.txt', MEGABYTE)
    story.paste_to_juliet(path)
    story.juliet.answer(path.name, 'Decline')
    story.romeo.transfer(path.name, 'Juliet declined')
    story.juliet.transfer(path.name, 'You declined')
    assert not (story.juliet.person.inbox / path.name).exists()
    story.picture('declined')
    story.romeo.press(path.name, 'Juliet declined', 'Send Again')
    story.juliet.answer(path.name, 'Accept')
    story.romeo.transfer(path.name, 'Delivered')
    story.arrived(path)


@case('save-as-goes-where-it-is-told')
def save_as(story):
    path = story.make_file('plain name.txt', MEGABYTE)
    juliet = story.juliet
    story.paste_to_juliet(path)
    juliet.answer(path.name, 'Save As…')
    juliet.find('push button', 'Save')
    time.sleep(.3)
    rig.key('ctrl+a')
    rig.type_keys('better name.txt')
    time.sleep(.2)
    juliet.find('push button', 'Save').click()
    story.romeo.transfer(path.name, 'Delivered')
    story.arrived(path, 'better name.txt')
    assert not (juliet.person.inbox / path.name).exists()


@case('clear-takes-away-what-is-done')
def cleared(story):
    path = story.make_file('soon out of sight.txt', MEGABYTE)
    story.paste_to_juliet(path)
    story.juliet.answer(path.name, 'Accept')
    story.romeo.transfer(path.name, 'Delivered')
    story.juliet.transfer(path.name, 'Received')
    for app in story.windows():
        app.find('push button', 'Clear').click()
        app.absent('list item', re.compile('Delivered|Received|declined'))
        app.absent('push button', 'Clear')
    story.arrived(path)


@case('a-name-that-is-taken-is-not-overwritten')
def taken(story):
    path = story.make_file('taken.txt', MEGABYTE)
    (story.juliet.person.inbox / path.name).write_text('mine')
    story.paste_to_juliet(path)
    story.juliet.answer(path.name, 'Accept')
    story.romeo.transfer(path.name, 'Delivered')
    assert (story.juliet.person.inbox / path.name).read_text() == 'mine'
    story.arrived(path, 'taken (1).txt')


@case('a-running-file-shows-its-progress-and-can-be-cancelled')
def cancelled(story):
    path = story.make_file('long film.mkv', 0)
    os.truncate(path, LONG)
    story.paste_to_juliet(path)
    story.juliet.answer(path.name, 'Accept')
    row = story.romeo.transfer(path.name, r'/s')
    story.picture('running')
    row.find('progress bar', 'Progress')
    row.find('push button', 'Cancel').click()
    story.romeo.transfer(path.name, 'Cancelled')
    story.juliet.transfer(path.name, 'The other side stopped the transfer')
    story.picture('cancelled')
    rig.wait(lambda: not list(story.juliet.person.inbox.glob('*long film*')), 5, 'no half file')


@case('escape-is-later-and-the-row-still-answers')
def later(story):
    path = story.make_file('later.txt', MEGABYTE)
    juliet = story.juliet
    story.paste_to_juliet(path)
    time.sleep(.6)
    rig.activate(juliet.window_of_dialog())
    rig.key('Escape')
    juliet.find('label', '1 file is offered to you')
    story.picture('later')
    juliet.press(path.name, 'wants to send', 'Accept')
    story.romeo.transfer(path.name, 'Delivered')
    juliet.absent('label', '1 file is offered to you')
    story.arrived(path)


@case('the-notification-accepts')
def notified(story):
    path = story.make_file('from the notification.txt', MEGABYTE)
    story.paste_to_juliet(path)
    bubble = rig.wait(lambda: next((n for n in rig.notifications() if path.name in n['body']), None),
                      8, 'a notification')
    assert bubble['summary'] == 'Romeo wants to send a file', bubble
    actions = dict(zip(bubble['actions'][1::2], bubble['actions'][::2]))
    rig.invoke(bubble['id'], actions['Accept'])
    story.romeo.transfer(path.name, 'Delivered')
    story.arrived(path)
    rig.wait(lambda: any(n['summary'] == 'A file from Romeo has arrived' and n['body'] == path.name
                         for n in rig.notifications()), 8, 'the news of its arrival')
    rig.wait(lambda: not story.juliet.find_all('label', re.compile('Wants to Send')), 5, 'no dialog')
