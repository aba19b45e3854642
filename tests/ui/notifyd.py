#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""org.freedesktop.Notifications for tests: records instead of showing.

Every call is one JSON line on stdout. A test lists what is shown, presses a button or dismisses
by org.rig.Notifications on the same object (rig.py: notifications(), invoke())."""

import json
import sys

import gi

gi.require_version('Gio', '2.0')
from gi.repository import Gio, GLib  # noqa: E402

NAME = 'org.freedesktop.Notifications'
PATH = '/org/freedesktop/Notifications'
XML = '''<node>
<interface name="org.freedesktop.Notifications">
  <method name="GetCapabilities"><arg type="as" direction="out"/></method>
  <method name="Notify">
    <arg type="s" direction="in"/><arg type="u" direction="in"/><arg type="s" direction="in"/>
    <arg type="s" direction="in"/><arg type="s" direction="in"/><arg type="as" direction="in"/>
    <arg type="a{sv}" direction="in"/><arg type="i" direction="in"/><arg type="u" direction="out"/>
  </method>
  <method name="CloseNotification"><arg type="u" direction="in"/></method>
  <method name="GetServerInformation">
    <arg type="s" direction="out"/><arg type="s" direction="out"/>
    <arg type="s" direction="out"/><arg type="s" direction="out"/>
  </method>
  <signal name="NotificationClosed"><arg type="u"/><arg type="u"/></signal>
  <signal name="ActionInvoked"><arg type="u"/><arg type="s"/></signal>
</interface>
<interface name="org.rig.Notifications">
  <method name="List"><arg type="s" direction="out"/></method>
  <method name="Invoke"><arg type="u" direction="in"/><arg type="s" direction="in"/></method>
  <method name="Dismiss"><arg type="u" direction="in"/></method>
</interface></node>'''

EXPIRED, DISMISSED, CLOSED = 1, 2, 3


class Recorder:
    def __init__(self):
        self.live = {}
        self.next = 1

    @staticmethod
    def log(**event):
        print(json.dumps(event, ensure_ascii=False), flush=True)

    @staticmethod
    def emit(bus, signal, signature, *args):
        bus.emit_signal(None, PATH, NAME, signal, GLib.Variant(signature, args))

    def notify(self, bus, app, replaces, icon, summary, body, actions, hints, timeout):
        number = replaces if replaces in self.live else self.next
        self.next = max(self.next, number + 1)
        plain = {k: v for k, v in hints.items() if isinstance(v, (str, int, bool, float))}
        self.live[number] = dict(id=number, app=app, summary=summary, body=body, actions=actions, hints=plain)
        self.log(event='notify', **self.live[number])
        return GLib.Variant('(u)', (number,))

    def end(self, bus, number, reason):
        self.live.pop(number, None)
        self.emit(bus, 'NotificationClosed', '(uu)', number, reason)

    def call(self, bus, sender, path, interface, method, params, invocation):
        args = params.unpack()
        reply = None
        if method == 'GetCapabilities':
            reply = GLib.Variant('(as)', (['actions', 'body', 'persistence'],))
        elif method == 'GetServerInformation':
            reply = GLib.Variant('(ssss)', ('rig', 'rig', '1', '1.2'))
        elif method == 'Notify':
            reply = self.notify(bus, *args)
        elif method == 'CloseNotification':
            self.log(event='close', id=args[0])
            self.end(bus, args[0], CLOSED)
        elif method == 'List':
            reply = GLib.Variant('(s)', (json.dumps(list(self.live.values())),))
        elif method == 'Invoke':
            self.log(event='invoke', id=args[0], action=args[1])
            self.emit(bus, 'ActionInvoked', '(us)', *args)
            self.end(bus, args[0], DISMISSED)
        elif method == 'Dismiss':
            self.end(bus, args[0], DISMISSED)
        invocation.return_value(reply)

    def start(self, bus, name):
        for interface in Gio.DBusNodeInfo.new_for_xml(XML).interfaces:
            bus.register_object(PATH, interface, self.call, None, None)


Gio.bus_own_name(Gio.BusType.SESSION, NAME, Gio.BusNameOwnerFlags.REPLACE, Recorder().start, None,
                 lambda *_: sys.exit(0))
GLib.MainLoop().run()
