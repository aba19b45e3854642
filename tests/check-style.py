#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fails where a C file breaks the measurable rules of the house beyond what may be talked about:
licence line, columns (aim at 100), spaces, line ends, the blank before a call's parenthesis,
sizes of files (aim at 350 lines) and functions (aim at 20).
Usage: check-style.py DIR..."""

import pathlib
import re
import sys

COLUMNS = 120
LINES = {'.c': 600, '.h': 260}
FUNCTION_LINES = 60
TABLES = ('_class_init', '_get_property', '_set_property')  # may be as long as they like
LICENCE = '/* SPDX-License-Identifier: GPL-3.0-or-later */'

CALL = re.compile(r'\b(?!g_auto\w*\b)([a-z_][a-z0-9_]*[a-z0-9])\((?!\))')
NAME = re.compile(r'[a-z_0-9]+(?= \()')
QUOTED = re.compile(r'"(?:\\.|[^"\\])*"|\'(?:\\.|[^\'\\])*\'|/\*.*?\*/|//.*')


def code_only(lines):
    """The lines without comments and strings, one for one."""
    inside = False
    for line in lines:
        if inside:
            end = line.find('*/')
            if end < 0:
                yield ''
                continue
            line, inside = line[end + 2:], False
        line = QUOTED.sub('""', line)
        start = line.find('/*')
        if start >= 0:
            line, inside = line[:start], True
        yield line


def complaints(path):
    lines = path.read_text().split('\n')
    if lines[0] != LICENCE:
        yield 1, 'no licence line'
    if lines[-1] != '':
        yield len(lines), 'no line end at the end'
    if len(lines) - 1 > LINES[path.suffix]:
        yield len(lines), f'more than {LINES[path.suffix]} lines'
    for number, line in enumerate(lines, 1):
        if len(line) > COLUMNS:
            yield number, f'more than {COLUMNS} columns'
        if '\t' in line or line != line.rstrip():
            yield number, 'a tab, or blanks at the end'
    begin = name = None
    for number, line in enumerate(code_only(lines), 1):
        if CALL.search(line) and not line.lstrip().startswith('#'):
            yield number, f'no blank before the parenthesis: {line.strip()}'
        name = match[0] if (match := NAME.match(line)) else name
        if line == '{':
            begin = number
        elif line == '}' and begin is not None:
            if number - begin - 1 > FUNCTION_LINES and not name.endswith(TABLES):
                yield begin, f'a function of {number - begin - 1} lines'
            begin = None


def main():
    bad = False
    for folder in sys.argv[1:]:
        for path in sorted(pathlib.Path(folder).rglob('*.[ch]')):
            for number, text in complaints(path):
                print(f'{path}:{number}: {text}')
                bad = True
    return bad


sys.exit(main())
