# SPDX-License-Identifier: GPL-3.0-or-later
"""Links, files from elsewhere, the file manager, notifications."""

import os
import re
import time

import rig
from desktop import ID, need, owner
from people import HEIGHT, WIDTH
from story import GUARD, FileManager

MEGABYTE = 1_000_000

# None of these is an address; what a web page might try.
NO_ADDRESS = ['xmpp:', 'xmpp:?;;', 'xmpp:%00@ferry.test', 'xmpp:@', 'xmpp:@ferry.test', 'xmpp:///',
              'xmpp:a@b@c', 'xmpp:%', 'xmpp:%ff%fe@ferry.test', 'xmpp:' + 'a' * 20000 + '@ferry.test',
              'xmpp:a@' + 'b.' * 9000 + 'test', 'xmpp:?message;body=' + 'x' * 20000,
              'xmpp:%3Cb%3E@ferry.test', 'XMPP:#fragment', 'xmpp:\u202e@ferry.test']


def open_uris(*uris):
    rig.sh('gdbus', 'call', '-e', '-d', ID, '-o', '/' + ID.replace('.', '/'),
           '-m', 'org.freedesktop.Application.Open', str(list(uris)), '{}')


def roster(stage):
    return next(stage.server.directory.glob('data/*/roster/juliet.dat')).read_text()


def address_asked(juliet):
    """In the dialog, not on the page behind it."""
    return juliet.find('text', 'Address', where=lambda n: n.toplevel().name == 'Add Contact').text


def a_link_starts_it_and_shows_the_contact(stage):
    stage.signed_in()
    stage.quit_juliet()
    juliet = stage.launch('gio', 'open', 'xmpp:romeo@ferry.test?message')
    juliet.contact('Romeo')
    juliet.find('push button', 'Send Files')
    rig.wait(lambda: 'selected' in juliet.contact('Romeo').states, 5, 'Romeo to be chosen')
    assert juliet.toplevels() == ['Ferry'], juliet.toplevels()
    stage.picture('link', juliet)


def a_link_to_a_stranger_asks_first(stage):
    need('xdg-open')
    juliet = stage.signed_in()
    rig.sh('xdg-open', 'xmpp:mercutio@ferry.test?roster;name=Your%20Bank')
    assert address_asked(juliet) == 'mercutio@ferry.test', address_asked(juliet)
    stage.picture('stranger')
    # Many links are no pile of windows, and none swaps the address under the user's hand.
    open_uris(*(f'xmpp:mercutio{n}@ferry.test' for n in range(30)))
    open_uris('xmpp:mercutio@verona.test')
    time.sleep(.5)
    assert len(juliet.toplevels()) == 2, juliet.toplevels()
    assert address_asked(juliet) == 'mercutio@ferry.test', address_asked(juliet)
    rig.activate(juliet.window_of_dialog())
    rig.key('Escape')
    rig.wait(lambda: juliet.toplevels() == ['Ferry'], 5, 'one window')
    assert 'mercutio' not in roster(stage)


def hostile_links_do_nothing(stage):
    juliet = stage.signed_in()
    before = roster(stage)
    for uri in NO_ADDRESS:
        open_uris(uri)
    juliet.find('label', 'This is not an address.')
    stage.picture('hostile', juliet)
    time.sleep(.3)
    assert juliet.toplevels() == ['Ferry'], juliet.toplevels()
    assert not juliet.find_all('label', re.compile('^Choose who gets')), 'taken for files'
    assert roster(stage) == before
    juliet.absent('label', 'This is not an address.')  # said once, not once for each
    assert owner(ID) == juliet.pid


def a_file_from_elsewhere_asks_who_gets_it(stage):
    juliet = stage.signed_in()
    path = juliet.person.make_file('from elsewhere.txt', MEGABYTE)
    rig.sh('gapplication', 'launch', ID, path)
    juliet.find('label', 'Choose who gets the file')
    stage.picture('recipient', juliet)
    juliet.contact('Romeo').click()
    stage.romeo.answer(path.name, 'Decline')
    juliet.transfer(path.name, 'Romeo declined')
    assert juliet.absent('label', 'Choose who gets the file')
    # A second start hands its file to the first.
    more = juliet.person.make_file('second instance.txt', MEGABYTE)
    rig.sh('ferry', more)
    juliet.find('label', 'Choose who gets the file')
    juliet.find('push button', 'Cancel').click()
    juliet.absent('label', 'Choose who gets the file')
    assert not stage.romeo.find_all('list item', re.compile(f'^{more.name}'))


def send_to_of_the_file_manager_asks_who_gets_it(stage):
    juliet = stage.signed_in()
    path = stage.make_file('sent to.txt', MEGABYTE)
    files = stage.file_manager()
    rig.activate(files.xid)
    rig.click_at(*files.centre_of(files.file(path.name)), button=3)
    files.find('menu', 'Send To').click()
    item = files.find('menu item', 'Ferry Contact')
    time.sleep(.3)
    stage.picture('send-to')
    item.click()
    juliet.find('label', 'Choose who gets the file')
    stage.in_front(juliet)
    juliet.contact('Romeo').click()
    stage.romeo.answer(path.name, 'Accept')
    juliet.transfer(path.name, 'Delivered')


def a_received_file_can_be_dragged_away(stage):
    stage.signed_in()
    path = stage.deliver('drag me away.txt')
    target = stage.folder / 'desk'
    target.mkdir()
    stage.close_file_manager()
    (target / 'already here.txt').write_text('so that there is a list')
    with FileManager(target) as files:
        files.file('already here.txt')
        juliet = stage.juliet.activate()
        x, y, width, height = juliet.transfer(path.name, 'Received').extents()
        left, top = juliet.origin(juliet.root.children[0])
        rig.drag((left + x + width / 3, top + y + height / 2), (WIDTH / 2, HEIGHT + 300),
                 before_drop=lambda: stage.picture('drag-out'))
        copied = target / path.name
        rig.wait(lambda: copied.exists() and copied.read_bytes() == path.read_bytes(), 8, 'the copy')
    assert path.exists(), 'moved away, not copied'


def titles():
    return [title for _, title, _ in rig.windows()]


def open_and_show_in_folder_do_so(stage):
    juliet = stage.signed_in()
    path = stage.deliver('open me.txt')
    stage.in_front(juliet)
    juliet.press(path.name, 'Received', 'Open')
    rig.wait(lambda: stage.opened.exists() and str(path) in stage.opened.read_text(), 8, 'an opener')
    assert not any('Downloads' in title for title in titles()), titles()
    juliet.press(path.name, 'Received', 'Show in Folder')
    rig.wait(lambda: any('Downloads' in title for title in titles()), 10, 'a file manager')
    time.sleep(.5)
    stage.picture('show-in-folder')
    close('Downloads')


def close(title):
    for xid, name, _ in rig.windows():
        if title in name:
            rig.activate(xid)
            rig.key('ctrl+w')
    rig.wait(lambda: not any(title in name for name in titles()), 5, f'no {title}')


def save_as_never_overwrites(stage):
    juliet = stage.signed_in()
    path = stage.make_file('report.txt', MEGABYTE)
    place = juliet.person.folder / 'elsewhere'
    place.mkdir()
    (place / 'mine.txt').write_text('mine')
    stage.paste_to_juliet(path)
    juliet.answer(path.name, 'Save As…')
    juliet.find('push button', 'Save')
    time.sleep(.3)
    rig.key('ctrl+l')
    time.sleep(.2)
    rig.key('ctrl+a')
    rig.type_keys(str(place / 'mine.txt'))
    time.sleep(.3)
    rig.key('Return')
    replace = juliet.find('push button', 'Replace')
    stage.picture('replace')
    replace.click()
    stage.romeo.transfer(path.name, 'Delivered')
    assert (place / 'mine.txt').read_text() == 'mine'
    assert (place / 'mine (1).txt').read_bytes() == path.read_bytes()
    assert sorted(os.listdir(place)) == ['mine (1).txt', 'mine.txt'], os.listdir(place)


def the_notification_answers(stage):
    juliet = stage.signed_in()
    paths = [stage.make_file(f'noted {n}.txt', MEGABYTE) for n in (1, 2, 3)]
    stage.paste_to_juliet(paths[0])
    bubble, buttons = stage.notification(paths[0].name)
    assert list(buttons) == ['', 'Decline', 'Accept'], buttons
    stage.in_front(stage.romeo)
    rig.invoke(bubble['id'], buttons['Decline'])
    stage.romeo.transfer(paths[0].name, 'Juliet declined')
    rig.wait(lambda: juliet.toplevels() == ['Ferry'], 5, 'the dialog to go')
    stage.paste_to_juliet(paths[1])
    bubble, buttons = stage.notification(paths[1].name)
    stage.in_front(stage.romeo)
    rig.invoke(bubble['id'], buttons['Accept'])
    stage.romeo.transfer(paths[1].name, 'Delivered')
    rig.wait(lambda: juliet.toplevels() == ['Ferry'], 5, 'the dialog to go')
    # Answered in the window: the notification goes by itself.
    stage.paste_to_juliet(paths[2])
    stage.notification(paths[2].name)
    juliet.answer(paths[2].name, 'Decline')
    rig.wait(lambda: not any(paths[2].name in n['body'] for n in rig.notifications()), 5, 'withdrawal')


def with_button(stage, text, button):
    bubble, buttons = stage.notification(text)
    return (bubble, buttons) if button in buttons else None


def the_news_of_a_file_opens_it(stage):
    stage.signed_in()
    path = stage.make_file('news.txt', MEGABYTE)
    stage.paste_to_juliet(path)
    bubble, buttons = stage.notification(path.name)
    stage.in_front(stage.romeo)
    rig.invoke(bubble['id'], buttons['Accept'])
    bubble, buttons = rig.wait(lambda: with_button(stage, path.name, 'Open'), 8, 'the news')
    assert bubble['summary'] == 'A file from Romeo has arrived', bubble
    assert list(buttons) == ['', 'Open', 'Show in Folder'], buttons
    rig.invoke(bubble['id'], buttons['Open'])
    there = stage.arrived(path)
    rig.wait(lambda: stage.opened.exists() and str(there) in stage.opened.read_text(), 8, 'an opener')
    more = stage.make_file('more news.txt', MEGABYTE)
    stage.paste_to_juliet(more)
    bubble, buttons = stage.notification(more.name)
    stage.in_front(stage.romeo)
    rig.invoke(bubble['id'], buttons['Accept'])
    bubble, buttons = rig.wait(lambda: with_button(stage, more.name, 'Show in Folder'), 8, 'the news')
    rig.invoke(bubble['id'], buttons['Show in Folder'])
    rig.wait(lambda: any('Downloads' in title for title in titles()), 10, 'a file manager')
    close('Downloads')


def who_leaves_takes_the_question_along(stage):
    juliet = stage.signed_in()
    path = stage.make_file('nobody answers.txt', MEGABYTE)
    stage.paste_to_juliet(path)
    bubble, buttons = stage.notification(path.name)
    time.sleep(GUARD)
    rig.activate(juliet.window_of_dialog())
    rig.key('Escape')
    rig.wait(lambda: juliet.toplevels() == ['Ferry'], 5, 'one window')
    juliet.activate()
    rig.key('ctrl+q')
    juliet.find('label', 'Files Are Still Moving')
    stage.picture('leaving', juliet)
    juliet.find('push button', 'Quit').click()
    stage.quit_juliet()
    assert not any('wants to send' in n['summary'] for n in rig.notifications()), 'its buttons are dead'


CASES = [
    a_link_starts_it_and_shows_the_contact,
    a_link_to_a_stranger_asks_first,
    hostile_links_do_nothing,
    a_file_from_elsewhere_asks_who_gets_it,
    send_to_of_the_file_manager_asks_who_gets_it,
    a_received_file_can_be_dragged_away,
    open_and_show_in_folder_do_so,
    save_as_never_overwrites,
    the_notification_answers,
    the_news_of_a_file_opens_it,
    who_leaves_takes_the_question_along,
]
