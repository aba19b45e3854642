# SPDX-License-Identifier: GPL-3.0-or-later
"""The list of cases: functions of a Story, in the order in which they are told."""

CASES = []


class Skip(Exception):
    """The machine lacks what the case needs."""


def case(name):
    def register(function):
        CASES.append((name, function))
        return function
    return register
