# SPDX-License-Identifier: GPL-3.0-or-later
"""Screens in a language that does not exist, from right to left, in large letters, in few colours.

Pictures are for people; what a program can see is checked: nothing grows beyond its window,
nothing stays untranslated, right is left.
"""

import os
import pathlib
import re
import subprocess
import time

import rig
from window_cases import Skip

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
SIZE = (860, 600)
NARROW = (360, 640)
SCENES = ('main', 'page', 'offer', 'request', 'offline', 'wrong-password')
PATHS = ('details', 'details-failed', 'network', 'network-tested')
CHATS = ('chat', 'chat-lost', 'chat-changed', 'chat-request-phrase', 'verify', 'preferences')
# Of GTK and libadwaita, whose own catalogues do not speak this language.
FOREIGN = {'Minimize', 'Maximize', 'Close', 'Restore'}


def catalogues(stage):
    """The pseudo translation as en@pseudo and, for GTK turns around only for languages it knows, as he."""
    where = stage.folder / 'catalogues'
    if where.exists():
        return where
    where.mkdir()
    pot, po = where / 'ferry.pot', where / 'ferry.po'
    rig.sh('xgettext', '--from-code=UTF-8', f'--directory={ROOT}', f'--files-from={ROOT}/po/POTFILES',
           '--keyword=_', '--keyword=N_', '--keyword=C_:1c,2', '--keyword=NC_:1c,2',
           '--keyword=ngettext:1,2', f'--output={pot}')
    rig.sh('/usr/bin/python3', HERE / 'pseudo.py', pot, po)
    for language in ('en@pseudo', 'he'):
        folder = where / language / 'LC_MESSAGES'
        folder.mkdir(parents=True)
        rig.sh('msgfmt', '-c', '-o', folder / 'ferry.mo', po)
    rig.sh('localedef', '-i', 'he_IL', '-f', 'UTF-8', where / 'he_IL.UTF-8', check=False)
    return where


def messages(stage):
    """Every text that could have been translated."""
    text = (catalogues(stage) / 'ferry.pot').read_text()
    found = re.findall(r'^msgid(?:_plural)? ((?:"(?:[^"\\]|\\.)*"\s*)+)', text, re.M)
    joined = (''.join(re.findall(r'"((?:[^"\\]|\\.)*)"', block)) for block in found)
    return {rig.norm(m) for m in joined if m and '%' not in m}


class Look(rig.App):
    """The gallery's window with a scene in it."""

    def __init__(self, stage, scene, name, size=SIZE, env=None):
        self.size = size
        gallery = stage.build / 'tests' / 'ui' / 'gallery'
        super().__init__(gallery, '--size', f'{size[0]}x{size[1]}', '--catalogues', catalogues(stage), scene,
                         env={'GSETTINGS_SCHEMA_DIR': str(stage.build / 'data'), **(env or {})},
                         log=os.path.join(os.environ['RIG_ART'], 'gallery.log'))
        self.find(None, None, where=lambda n: n.role in ('push button', 'toggle button'))
        time.sleep(2.5 if scene == 'network-tested' else .5)  # crossfades
        xid = rig.wait(lambda: rig.windows(self.pid), 5, 'a window')[-1][0]
        rig.screenshot(os.path.join(os.environ['RIG_ART'], f'look-{name}-{scene}.png'), xid)

    def check(self):
        for window in self.root.children:
            width = window.extents()[2]
            if 'showing' in window.states:  # hidden ones are there, too
                assert width <= self.size[0], f'{window}: {width} wide instead of {self.size[0]}'
        bad = [line for line in self.log().splitlines() if re.search('WARNING|CRITICAL', line)]
        assert not bad, bad


def look(stage, name, scenes=SCENES, env=None, size=SIZE, then=None):
    for scene in scenes:
        with Look(stage, scene, name, size, env) as app:
            app.check()
            if then:
                then(app, scene)


PSEUDO = {'LANGUAGE': 'en@pseudo', 'LANG': 'C.UTF-8', 'LC_ALL': ''}


def nothing_is_untranslated(stage):
    known = messages(stage)

    def check(app, scene):
        shown = {rig.norm(text) for node in app.find_all() for text in (node.name, node.description)}
        left = (shown & known) - FOREIGN
        assert not left, f'{scene}: {left}'
        assert any('⟦' in text for text in shown), 'the catalogue is not used'
    look(stage, 'pseudo', SCENES[:3] + SCENES[4:] + CHATS + PATHS, PSEUDO, then=check)


def long_words_fit_a_narrow_window(stage):
    scenes = ('main', 'list', 'wrong-password', 'chat', 'chat-changed', 'verify')
    look(stage, 'pseudo-narrow', scenes + PATHS, PSEUDO, NARROW)


def right_is_left(stage):
    where = catalogues(stage)
    if not (where / 'he_IL.UTF-8').exists():
        raise Skip('the source of he_IL (package locales) is not installed')
    env = {'LC_ALL': 'he_IL.UTF-8', 'LANG': 'he_IL.UTF-8', 'LANGUAGE': 'he', 'LOCPATH': str(where)}

    def check(app, scene):
        if scene == 'main':
            row = app.find('list item', re.compile('^Bob Builder'))
            assert row.extents()[0] > SIZE[0] / 2, row.extents()
            assert app.find_all('label', re.compile('^\u200f.*Bob Builder')), 'at the wrong side'
    look(stage, 'rtl', SCENES + CHATS + PATHS, env=env, then=check)


def dark_and_high_contrast_are_drawn(stage):
    look(stage, 'dark', ('main', 'offer', 'request', *CHATS, *PATHS), {'ADW_DEBUG_COLOR_SCHEME': 'prefer-dark'})
    look(stage, 'contrast', ('main', 'offer', 'offline', 'chat', 'chat-changed', *PATHS), {'ADW_DEBUG_HIGH_CONTRAST': '1'})
    look(stage, 'contrast-dark', ('main', 'offer'),
         {'ADW_DEBUG_HIGH_CONTRAST': '1', 'ADW_DEBUG_COLOR_SCHEME': 'prefer-dark'})


def large_letters_fit(stage):
    # What GTK reads where no settings daemon runs.
    rig.sh('xprop', '-root', '-f', 'RESOURCE_MANAGER', '8s', '-set', 'RESOURCE_MANAGER', 'Xft.dpi:\t144\n')
    try:
        look(stage, 'large', ('main', 'offer', 'request', 'wrong-password', 'chat', 'verify', *PATHS))
        look(stage, 'large-narrow', ('main', 'list', 'chat', 'verify', *PATHS), size=NARROW)
    finally:
        rig.sh('xprop', '-root', '-remove', 'RESOURCE_MANAGER')


CASES = [
    nothing_is_untranslated,
    long_words_fit_a_narrow_window,
    right_is_left,
    dark_and_high_contrast_are_drawn,
    large_letters_fit,
]
