# SPDX-License-Identifier: GPL-3.0-or-later
"""How files find their way, told by real windows on a real server."""

import re
import time

import rig
from window_cases import case

MEGABYTE = 1_000_000


@case('details-tell-how-a-file-found-its-way')
def details(story):
    path = story.make_file('where from.txt', MEGABYTE)
    story.paste_to_juliet(path)
    story.juliet.answer(path.name, 'Accept')
    for app, status in ((story.romeo, 'Delivered'), (story.juliet, 'Received')):
        app.activate().transfer(path.name, status, timeout=30)
        app.press(path.name, status, 'Details')
        app.find('label', 'Why This Path')
        app.find('list item', re.compile('^(Directly|By a proxy|Through the server)'), visible=False)
        steps = [node.name for node in app.find_all('list item', re.compile(r'^\d+\.\d\d s: '), visible=False)]
        assert any(re.search('s: Chosen: ', step) for step in steps), steps
        assert any(re.search('s: (Offered|The other side offers) ', step) for step in steps), steps
        story.picture(f'details-{app.person.name}')
        app.find('push button', 'Copy').click()
        text = rig.wait(lambda: rig.get_clipboard('UTF8_STRING'), 3, 'the clipboard')
        assert path.name in text and 'chosen' in text, text
        assert not re.search(r'\d+\.\d+\.\d+\.\d+', text), text
        rig.key('Escape')
        app.absent('label', 'Why This Path')


@case('the-preferences-test-this-network')
def network(story):
    romeo = story.romeo.activate()
    rig.key('ctrl+comma')
    rig.wait(lambda: 'Preferences' in romeo.toplevels(), 8, 'the preferences')
    romeo.find('page tab', 'Network').click()
    romeo.find('push button', 'Test This Network').click()
    row = romeo.find('list item', 'Through the Server', visible=False, timeout=30,
                     where=lambda n: 'there and back' in n.description)
    assert row.description.startswith('Good'), row.description
    romeo.find('push button', 'Test This Network', timeout=30, where=lambda n: 'sensitive' in n.states)
    story.picture('network-tested')
    found = {node.name: node.description for node in romeo.find_all('list item', visible=False)}
    assert not any('Being tested' in text for text in found.values()), found
    rig.key('Escape')
    rig.wait(lambda: romeo.toplevels() == ['Ferry'], 5, 'one window')


@case('a-contact-may-be-kept-from-our-address')
def relay_only(story):
    romeo = story.romeo.choose('Juliet')

    def item():
        romeo.find('push button', 'Contact Menu').click()
        time.sleep(.4)
        return romeo.find(None, re.compile('^Relay Only'), visible=False, where=lambda n: 'menu item' in n.role)
    item().press()
    time.sleep(.3)
    path = story.make_file('by the server.txt', MEGABYTE)
    story.paste_to_juliet(path)
    story.juliet.answer(path.name, 'Accept')
    row = romeo.transfer(path.name, 'Delivered', timeout=40)
    assert row.find('label', re.compile('^(direct|proxy|in-band)$')).name != 'direct', 'told its address'
    romeo.activate()
    assert 'checked' in item().states
    rig.key('Escape')
    story.arrived(path)
