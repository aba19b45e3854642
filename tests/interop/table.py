#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes the tables of README.md, section "Interoperation", out of what the suites recorded.

Usage: table.py RESULTS_DIR README               prints what the tables are to be
       table.py --write RESULTS_DIR README       puts them there
       table.py --check NAME RESULTS_DIR README  fails if table NAME is another ("ferry", "peers")

A suite that was not run, because what it needs is not installed, leaves its rows as they are.
"""

import collections
import json
import pathlib
import re
import sys

GOOD, NEVER, BAD = '✓', '–', 'fails'
OURSELVES = 'ferry'

# The columns, in order.
SCENARIOS = ['direct', 'proxy', 'in-band', 'fallback', 'both reach', 'empty file', 'request', 'decline',
             'sender cancels', 'receiver cancels', 'sender vanishes', 'receiver vanishes',
             'too long', 'too short', 'wrong hash', 'mixed up']
HIDDEN = ['by script']  # a prerequisite of others
DIALECTS = ['jingle-1', 'jingle-1-ft4', 'jingle-1-ft3', 'jingle-1-ft1', 'jingle-0', 'jingle-0-ft1',
            'jingle-0-bytestreams', 'jingle-0-ibb', 'si', 'si-87', 'rel']
WAYS = {'s5b-direct': 'direct', 's5b-proxy': 'proxy', 'ibb': 'in-band', '': ''}
PEER_COLUMNS = ['we send direct', 'we send proxy', 'we send in-band',
                'it sends direct', 'it sends proxy', 'it sends in-band', 'decline', 'cancel', 'vanishes']


def rank(order, name):
    return (order.index(name), '') if name in order else (len(order), name)


def load(folder):
    lines = []
    for path in sorted(pathlib.Path(folder).glob('*.jsonl')):
        lines += [json.loads(line) for line in path.read_text(encoding='utf-8').splitlines()]
    return lines


def worst(outcomes):
    """Of several trials for one cell; a word counts less than ✓ and more than a failure."""
    outcomes = sorted(outcomes, key=lambda o: (o != BAD, o in (GOOD, NEVER), o == NEVER, o))
    return outcomes[0]


def render(head, rows):
    """@rows: (names, {column: outcomes})."""
    lines = ['| ' + ' | '.join(head) + ' |', '|' + '---|' * len(head)]
    columns = head[len(rows[0][0]):] if rows else []
    for names, cells in rows:
        lines.append('| ' + ' | '.join([*names, *(worst(cells[c]) if c in cells else ' ' for c in columns)]) + ' |')
    return lines


def table(lines, name_of, column_of, row_order, column_order, heads):
    cells = collections.defaultdict(lambda: collections.defaultdict(list))
    for line in lines:
        cells[name_of(line)][column_of(line)].append(line['outcome'])
    others = {c for row in cells.values() for c in row} - set(column_order)
    columns = [*column_order, *sorted(others)]
    rows = [(names, cells[names]) for names in sorted(cells, key=row_order)]
    return render([*heads, *columns], rows) if rows else []


def ferry_table(lines):
    lines = [e for e in lines if e['peer'] == OURSELVES and e['scenario'] not in HIDDEN]
    return table(lines, lambda e: (f"`{e['dialect']}`",), lambda e: e['scenario'],
                 lambda names: rank(DIALECTS, names[0].strip('`')), SCENARIOS, ['dialect'])


def peers_table(lines):
    lines = [e for e in lines if e['peer'] != OURSELVES]
    return table(lines, lambda e: (e['peer'], f"`{e['dialect']}`"),
                 lambda e: f"{e['scenario']} {WAYS.get(e['transport'], e['transport'])}".strip()
                 if e['scenario'] in ('we send', 'it sends') else e['scenario'],
                 lambda names: (names[0].lower(), rank(DIALECTS, names[1].strip('`'))), PEER_COLUMNS,
                 ['with', 'dialect'])


TABLES = {'ferry': ferry_table, 'peers': peers_table}


def place(name):
    """What stands between the two markers of a table."""
    return re.compile(rf'(<!-- results: {name} -->\n)(.*?)(<!-- results end -->)', re.S)


def known_rows(text, name):
    """The rows that README has already, by peer."""
    found = place(name).search(text)
    rows = collections.defaultdict(list)
    for line in found[2].splitlines()[2:] if found else []:
        rows[line.split('|')[1].strip()].append(line)
    return rows


def complete(name, lines, text):
    """@lines with the rows of peers that were not there this time."""
    rows = known_rows(text, name)
    if name != 'peers' or not lines:
        return lines
    present = {line.split('|')[1].strip() for line in lines[2:]}
    lines += [line for peer, old in rows.items() if peer not in present for line in old]
    return lines[:2] + sorted(lines[2:], key=str.lower)


def write(results, readme):
    text = readme.read_text(encoding='utf-8')
    for name, make in TABLES.items():
        lines = complete(name, make(results), text)
        if lines:
            text = place(name).sub(lambda m, new='\n'.join(lines): f'{m[1]}{new}\n{m[3]}', text)
    return text


def check(name, results, readme):
    """Returns: what is wrong, or None."""
    text = readme.read_text(encoding='utf-8')
    found = place(name).search(text)
    if found is None:
        return f'README.md has no place for the table "{name}"'
    lines = complete(name, TABLES[name](results), text)
    if found[2].splitlines() != lines:
        return '\n'.join([f'README.md does not show what this run produced; tests/interop/table.py --write makes it:',
                          *lines])
    return None


def main(arguments):
    option = arguments.pop(0) if arguments[0].startswith('--') else None
    name = arguments.pop(0) if option == '--check' else None
    results, readme = load(arguments[0]), pathlib.Path(arguments[1])
    if option == '--check' and not any((e['peer'] == OURSELVES) == (name == 'ferry') for e in results):
        return 77  # none of them was there
    if option == '--write':
        readme.write_text(write(results, readme), encoding='utf-8')
    elif option == '--check':
        complaint = check(name, results, readme)
        print(complaint or 'as in README.md')
        return 1 if complaint else 0
    else:
        print('\n\n'.join('\n'.join(make(results)) for make in TABLES.values()))
    return 0


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
