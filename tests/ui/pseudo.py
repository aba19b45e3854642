#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes a pseudo translation: accents, 40 % longer, in brackets; so that a test sees what was
forgotten to be marked, and what does not fit.  Usage: pseudo.py ferry.pot OUT.po"""

import re
import sys

ACCENTS = str.maketrans('aeiouAEIOUcnsyCNSY', 'àéîöûÀÉÎÖÛçñšýÇÑŠÝ')
# printf directives, markup, escapes, entities, mnemonics: to be left alone
TOKEN = re.compile(r'(%(?:\d+\$)?[-+ #0]*\d*(?:\.\d+)?(?:hh?|ll?|[zjt])?[diouxXeEfgGcsp%]'
                   r'|<[^>]+>|\\.|&\w+;|_(?=\w))')


def pseudo(text):
    if not text:
        return ''
    out = ''.join(part if i % 2 else part.translate(ACCENTS) for i, part in enumerate(TOKEN.split(text)))
    tail = '\\n' if out.endswith('\\n') else ''
    return '⟦' + (out[:-2] if tail else out) + '~' * (2 + len(text) * 2 // 5) + '⟧' + tail


def literal(block, keyword):
    m = re.search(r'^' + keyword + r'((?:\s*"(?:[^"\\]|\\.)*"\n?)+)', block, re.M)
    return ''.join(re.findall(r'"((?:[^"\\]|\\.)*)"', m[1])) if m else None


def header(block):
    block = block.replace('charset=CHARSET', 'charset=UTF-8').replace('#, fuzzy\n', '')
    block = block.replace('"Language: \\n"', '"Language: en_US\\n"')
    return block.replace('nplurals=INTEGER; plural=EXPRESSION', 'nplurals=2; plural=(n != 1)')


def translate(block):
    single, plural = literal(block, 'msgid '), literal(block, 'msgid_plural ')
    block = re.sub(r'^msgstr.*', '', block, flags=re.M | re.S).rstrip()
    if plural is None:
        return f'{block}\nmsgstr "{pseudo(single)}"'
    return f'{block}\nmsgstr[0] "{pseudo(single)}"\nmsgstr[1] "{pseudo(plural)}"'


with open(sys.argv[1], encoding='utf-8') as f:
    first, *blocks = f.read().split('\n\n')
with open(sys.argv[2], 'w', encoding='utf-8') as f:
    translated = [translate(b) for b in blocks if literal(b, 'msgid ') is not None]
    f.write('\n\n'.join([header(first)] + translated) + '\n')
