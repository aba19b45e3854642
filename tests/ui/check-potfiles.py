#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fails if a file with translatable text is missing from po/POTFILES, or one there is gone.
Usage: check-potfiles.py SOURCE_DIR"""

import pathlib
import re
import sys

MARKED = {
    '.c': re.compile(r'\b(?:_|N_|C_|NC_|Q_|ngettext)\s?\('),
    '.ui': re.compile(r'translatable="(?:yes|true)"'),
}

root = pathlib.Path(sys.argv[1])
listed = {line for line in (root / 'po' / 'POTFILES').read_text().splitlines()
          if line and not line.startswith('#')}
found = {p.relative_to(root).as_posix() for p in (root / 'src').rglob('*')
         if p.suffix in MARKED and MARKED[p.suffix].search(p.read_text())}
found |= {p.relative_to(root).as_posix() for p in (root / 'data').glob('*.in')
          if p.suffixes[-2:] in (['.desktop', '.in'], ['.xml', '.in'])}
complaints = [f'{name}: has text, but is not in po/POTFILES' for name in sorted(found - listed)]
complaints += [f'{name}: in po/POTFILES, but not there' for name in sorted(listed)
               if not (root / name).is_file()]
print('\n'.join(complaints))
sys.exit(bool(complaints))
