# SPDX-License-Identifier: GPL-3.0-or-later
"""What ferry-cli doctor says of a server on this machine, and without one. Real networks are of tests/paths."""

import json
import signal

from cases_command import plain
from runner import case

TESTS = ['addresses', 'stun-ipv4', 'stun-ipv6', 'pcp', 'nat-pmp', 'upnp', 'ipv6', 'proxy', 'in-band']


def findings(events):
    """By test; each was told, in their order, before what they come to."""
    told = [event for event in events if event['event'] in ('finding', 'diagnosis')]
    assert told and told[-1]['event'] == 'diagnosis', told
    tests = [event['test'] for event in told[:-1]]
    assert list(dict.fromkeys(tests)) == TESTS, tests
    return {event['test']: event for event in told[:-1]}, told[-1]


@case('the doctor says what this server allows')
def with_a_server(stage):
    doctor = stage.ferry(stage.romeo, 'doctor')
    assert doctor.exit(30) == 0
    found, diagnosis = findings(doctor.events)
    assert found['in-band']['verdict'] == 'good', found['in-band']
    assert found['proxy']['verdict'] == 'good', found['proxy']
    assert found['pcp']['verdict'] == 'skipped', found['pcp']
    assert {'proxy', 'in-band'} <= set(diagnosis['paths']), diagnosis


@case('the doctor tells people in plain words')
def for_people(stage):
    done = plain(stage, '--no-port-mapping', '--relay-only', 'doctor')
    assert done.returncode == 0, done
    assert done.stdout.startswith('Nothing Goes Directly\n'), done.stdout
    assert '\n[ -- ] Through the Server: Not tested: you are not signed in\n' in done.stdout, done.stdout
    assert '\nFiles can go from here:\n[ -- ] directly: not wanted\n' in done.stdout, done.stdout


@case('the doctor needs no account for what needs no server')
def without_an_account(stage):
    done = plain(stage, '--json', '--no-port-mapping', 'doctor')
    assert done.returncode == 0, done
    found, diagnosis = findings([json.loads(line) for line in done.stdout.splitlines()])
    assert found['in-band']['verdict'] == 'skipped', found['in-band']
    assert 'in-band' not in diagnosis['paths'], diagnosis


@case('the doctor goes on where the login fails, and its status tells')
def failed_login(stage):
    stage.server.add_account(stage.romeo, password='something else')
    doctor = stage.ferry(stage.romeo, 'doctor')
    assert doctor.exit(30) == 3
    assert doctor.wait('error')['reason'] == 'auth', doctor.find('error')
    found, _ = findings(doctor.events)
    assert found['proxy']['verdict'] == found['in-band']['verdict'] == 'skipped', found


@case('an interrupted doctor ends with 130')
def interrupted(stage):
    doctor = stage.ferry(stage.romeo, 'doctor', options=['--stun', '192.0.2.1:3478'])
    doctor.wait('connected')
    doctor.signal(signal.SIGINT)
    assert doctor.exit(10) == 130
    assert not doctor.find('diagnosis')
