# SPDX-License-Identifier: GPL-3.0-or-later
"""What windows say of paths: cases of screens.py."""

import re
import time

from rig import get_clipboard, key, type_keys, wait
from screen import assert_content, assert_named, has_focus, picture, show

SCENES = ('details', 'details-failed', 'network', 'network-signed-out')


def finding(app, title, text=''):
    """The row, once it says so."""
    return app.find('list item', re.compile(title), visible=False, where=lambda n: re.search(text, n.description))


def test_network(app):
    app.find('push button', 'Test This Network', visible=False).press()


def path_windows_have_names_and_no_complaints():
    for scene in SCENES:
        with show(scene) as app:
            app.find('push button')
            time.sleep(.8)
            assert_named(app)
            picture(scene)
            assert_content(app)


def details_tell_the_path_and_its_steps():
    with show('main') as app:
        app.find('list item', re.compile('^scan.pdf')).find('push button', 'Details').click()
        app.find('label', 'Why This Path')
        app.find('list', 'Why This Path')
        app.find('list item', re.compile('^By a proxy'))
        app.find('label', 'proxy.montague.lit port 5000')
        app.find('label', 'Not by hole punching')
        app.find('list item', re.compile('^0.06 s: Tried 10.0.2.15 port 5281: refused$'), visible=False)
        app.find('list item', re.compile('^1.39 s: Chosen: proxy.montague.lit'), visible=False)
        app.find('list item', re.compile('^0.00 s: Pidgin tries one host'), visible=False)
        app.find('label', re.compile('Security: Encrypted, verified by phrase'), visible=False)
        key('Escape')
        app.absent('label', 'Why This Path')


def details_are_copied_without_addresses():
    with show('details') as app:
        app.find('push button', 'Copy').click()
        text = wait(lambda: get_clipboard('UTF8_STRING'), 3, 'the clipboard')
        app.find('label', 'Copied, with addresses masked')
        picture('details-copied')
        assert 'scan.pdf' in text and 'refused' in text and 'proxy.montague.lit' in text, text
        for address in ('10.0.2.15', '192.168.178.20', '203.0.113.7', '8d4f:9b32', '192.0.2.7', '198.51.100.23'):
            assert address not in text, text
        assert '10.0.2.x' in text, text


def details_grow_while_one_looks():
    with show('details-changing') as app:
        app.find('label', 'By a proxy')
        app.find('label', 'Through the server', timeout=6)
        app.find('list item', re.compile('^2.00 s: The way broke: the connection was lost'), visible=False)
        app.find('label', 'Not by a proxy', visible=False)


def a_full_report_grows_and_keeps_the_place():
    with show('details-full') as app:
        app.find('push button', 'Copy')
        for _ in range(30):
            key('Tab')
            if has_focus(app, 'list item') and '1.39 s' in (app.root.focused().name or ''):
                break
        else:
            raise AssertionError('the step is not reached')
        app.find('list item', re.compile('^2.30 s: Chosen: the way'), visible=False, timeout=12)
        app.find('list item', re.compile('^Through the server'), visible=False)
        assert has_focus(app, 'list item') and '1.39 s' in app.root.focused().name, app.root.focused()
        assert app.root.focused().visible(), 'it is scrolled away'


def a_failure_is_not_called_a_choice():
    with show('details-failed') as app:
        app.find('label', 'What Did Not Work')
        app.find('list', 'What Did Not Work')
        assert not app.find_all('list', 'Why This Path', visible=False)


def a_test_shows_what_it_waits_for():
    with show('network-slow') as app:
        test_network(app)
        app.wait_log('^examine$')
        finding(app, '^Seen From Outside .IPv4', '^Being tested')
        assert 'sensitive' not in app.find('push button', 'Testing…', visible=False).states
        picture('network-testing')
        key('Escape')
        app.absent('label', 'Paths of Files')
        app.wait_log('^examine no more$')
        assert_content(app)


def the_doctor_tells_what_it_finds():
    with show('network') as app:
        test_network(app)
        app.wait_log('^examine$')
        finding(app, '^Your Router Keeps Others Out', '^Poor')
        finding(app, '^Seen From Outside .IPv4', '^Poor. As 203.0.113.7; your router changes ports$')
        finding(app, '^Port in the Router by NAT-PMP', '^Bad. Does not work: the router refuses$')
        finding(app, '^Proxy', '^Bad. proxy.montague.lit cannot be used: a loopback address$')
        finding(app, '^Through the Server', '^Good. Works: 31 ms there and back$')
        app.find('label', 'What You Can Do', visible=False)
        finding(app, '^Switch on UPnP')
        finding(app, '^Tell whoever runs your server')
        assert_named(app)
        picture('network-bad')
        assert_content(app)
        wait(lambda: 'sensitive' in app.find('push button', 'Test This Network', visible=False).states, 3, 'the button')
        test_network(app)
        app.absent('label', 'What You Can Do', visible=False)
        finding(app, '^Your Router Keeps Others Out')


def a_good_network_needs_no_advice():
    with show('network-good') as app:
        test_network(app)
        finding(app, '^Your Router Lets Others In', '^Good')
        finding(app, '^Port in the Router by UPnP', '^Good. Others get in at 203.0.113.7:40112$')
        finding(app, '^Port in the Router by PCP', '^Not tested. Not there, and not needed$')
        assert not app.find_all('label', 'What You Can Do', visible=False)
        picture('network-good')


def the_doctor_comes_without_an_account():
    with show('network-left') as app:  # by a client that the preferences still hold
        test_network(app)
        app.wait_log('^examine alone$')
    with show('network-signed-out') as app:
        test_network(app)
        app.wait_log('^examine alone$')
        finding(app, '^Your Router Keeps Others Out')
        finding(app, '^Through the Server', '^Not tested. Not tested: you are not signed in$')


def a_test_that_cannot_begin_says_why():
    with show('network-unreadable') as app:
        test_network(app)
        app.find(None, re.compile('/nonexistent/password'), visible=False)
        assert 'sensitive' in app.find('push button', 'Test This Network', visible=False).states
        assert not app.find_all('list', 'What was found')
        picture('network-unreadable')


def paths_are_chosen_in_the_preferences():
    with show('network') as app:
        relay = app.find('check box', re.compile('^Relay Only'))
        port = app.find('list item', re.compile('^Let the Router'))
        assert 'checked' not in relay.states
        assert 'checked' in app.find('check box', re.compile('^Let the Router')).states
        app.find('label', re.compile('^Nobody learns your address, but files are slower'))
        assert 'sensitive' in port.states
        app.find('label', 'Relay Only').click()
        wait(lambda: 'checked' in relay.states, 3, 'relay only')
        wait(lambda: 'sensitive' not in port.states, 3, 'what means nothing then')
        picture('network-relayed')


def a_stun_server_is_a_server():
    with show('network') as app:
        app.find('label', re.compile('^STUN Server')).click()
        time.sleep(.3)
        type_keys('no server')
        key('Return')
        picture('network-stun-wrong')
        key('ctrl+a')
        type_keys('stun.example.org:3478')
        key('Return')
        time.sleep(.3)
        picture('network-stun')
        assert_content(app)


def a_contact_can_be_kept_from_our_address():
    with show('main') as app:
        app.find('push button', 'Contact Menu').click()
        item = app.find('check menu item', re.compile('^Relay Only'), visible=False)
        assert 'checked' not in item.states
        picture('contact-menu')
        item.press()
        app.wait_log('^relay only bob@example.org 1$')


def the_keyboard_reaches_the_details():
    with show('details') as app:
        app.find('push button', 'Copy')
        for _ in range(30):
            key('Tab')
            if has_focus(app, 'list item') and '1.39 s' in (app.root.focused().name or ''):
                break
        else:
            raise AssertionError('the last step is not reached')
        assert app.root.focused().visible(), 'it is not scrolled to'


TESTS = [
    path_windows_have_names_and_no_complaints,
    details_tell_the_path_and_its_steps,
    details_are_copied_without_addresses,
    details_grow_while_one_looks,
    a_full_report_grows_and_keeps_the_place,
    a_failure_is_not_called_a_choice,
    a_test_shows_what_it_waits_for,
    the_doctor_tells_what_it_finds,
    a_good_network_needs_no_advice,
    the_doctor_comes_without_an_account,
    a_test_that_cannot_begin_says_why,
    paths_are_chosen_in_the_preferences,
    a_stun_server_is_a_server,
    a_contact_can_be_kept_from_our_address,
    the_keyboard_reaches_the_details,
]
