# SPDX-License-Identifier: GPL-3.0-or-later
"""The ways a file gets into Ferry: dropped, chosen, pasted."""

import time

import rig
from window_cases import case

MEGABYTE = 1_000_000


@case('a-file-dropped-on-a-name-arrives')
def dropped_on_a_name(story):
    path = story.make_file('Grüße aus Verona – Ferien.zip', 5 * MEGABYTE)
    _, badge = story.send_by_mouse(path, pictures='story-')
    assert badge == 'direct', badge
    story.arrived(path)


@case('a-file-dropped-on-the-page-arrives')
def dropped_on_the_page(story):
    path = story.make_file('dropped on the page.pdf', MEGABYTE)
    romeo = story.romeo.choose('Juliet')
    x, y, width, height = rig.geometry(romeo.xid)

    def over_the_page():
        romeo.find('label', 'Drop to Send to Juliet')
        story.picture('drop-on-page')
    story.file_manager().drag([path.name], (x + width * 3 / 4, y + height * 2 / 3),
                              before_drop=over_the_page)
    story.juliet.answer(path.name, 'Accept')
    romeo.transfer(path.name, 'Delivered')
    story.arrived(path)


@case('several-files-are-one-window-and-a-banner')
def several(story):
    paths = [story.make_file(f'several {n}.bin', MEGABYTE) for n in (1, 2, 3)]
    story.drop_on_contact(*(p.name for p in paths))
    juliet = story.juliet
    juliet.offer(paths[0].name)
    juliet.find('label', '2 files are offered to you')
    story.picture('several')
    assert len(juliet.toplevels()) == 2, juliet.toplevels()
    juliet.answer(paths[0].name, 'Accept')
    for n, path in enumerate(paths[1:]):
        juliet.absent('dialog', None)
        juliet.find('push button', 'Review').click()
        juliet.answer(path.name, 'Accept')
    for path in paths:
        story.romeo.transfer(path.name, 'Delivered')
        story.arrived(path)
    juliet.absent('push button', 'Review')


@case('a-file-chosen-with-ctrl-o-arrives')
def chosen(story):
    path = story.make_file('chosen.txt', MEGABYTE)
    romeo = story.romeo.choose('Juliet')
    rig.key('ctrl+o')
    romeo.find('push button', 'Send')
    time.sleep(.3)
    rig.key('ctrl+l')
    time.sleep(.2)
    rig.type_keys(str(path))
    time.sleep(.2)
    rig.key('Return')
    if romeo.find_all('push button', 'Send'):  # the first Enter took the completion
        rig.key('Return')
    story.juliet.answer(path.name, 'Accept')
    romeo.transfer(path.name, 'Delivered')
    story.arrived(path)


@case('a-file-pasted-from-the-file-manager-arrives')
def pasted(story):
    path = story.make_file('pasted.ods', MEGABYTE)
    files = story.file_manager()
    rig.activate(files.xid)
    rig.click_at(*files.centre_of(files.file(path.name)))
    rig.key('ctrl+c')
    romeo = story.romeo.choose('Juliet')
    rig.key('ctrl+v')
    story.juliet.answer(path.name, 'Accept')
    romeo.transfer(path.name, 'Delivered')
    story.arrived(path)
