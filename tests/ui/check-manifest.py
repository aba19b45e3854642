#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fails if flatpak-builder has anything to say about the manifest: an unknown key is only a
warning to it, with exit status 0.  Usage: check-manifest.py MANIFEST"""

import os
import shutil
import subprocess
import sys
import tempfile

if not shutil.which('flatpak-builder'):
    print('1..0 # SKIP flatpak-builder is not installed')
    sys.exit(77)
with tempfile.TemporaryDirectory() as scratch:
    run = subprocess.run(['flatpak-builder', '--show-manifest', os.path.abspath(sys.argv[1])],
                         capture_output=True, text=True, timeout=60, cwd=scratch)
print(run.stderr, end='')
sys.exit(run.returncode or bool(run.stderr))
