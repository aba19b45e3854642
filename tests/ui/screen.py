# SPDX-License-Identifier: GPL-3.0-or-later
"""A scene of the gallery, for screens.py and its cases."""

import os
import re
import sys

from rig import App, norm, screenshot

GALLERY = sys.argv[1]
ART = os.environ['RIG_ART']
# GTK names a widget by its class where nobody else did.
NAMELESS = re.compile(r'^(Gtk|Adw|Ferry)[A-Z]\w+$|^$')
# Parts of libadwaita's own rows.
FOREIGN = {'Edit', 'Apply', 'GtkImage'}
NAMED = ('push button', 'toggle button', 'list item', 'text', 'password text', 'entry', 'progress bar', 'list')


def show(scene, *options, env=None):
    return App(GALLERY, '--size', '960x640', *options, scene, env=env)


def picture(name):
    screenshot(os.path.join(ART, f'{name}.png'))


def assert_named(app):
    for role in NAMED:
        for node in app.find_all(role):
            if NAMELESS.match(norm(node.name)) and norm(node.name) not in FOREIGN and \
                    not any(n.role == 'combo box' for n in node.chain()):  # of libadwaita alone
                raise AssertionError(f'a {role} without a name at {node.extents()}')


def assert_content(app):
    """That GTK has nothing to say against it."""
    assert not re.search('CRITICAL|WARNING', app.log()), app.log()


def has_focus(app, *roles):
    focus = app.root.focused()
    return focus is not None and focus.role in roles
