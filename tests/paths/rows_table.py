# SPDX-License-Identifier: GPL-3.0-or-later
"""Which path is taken through which networks: a row after the other."""

import lab_servers
from path_stage import assert_way, cross, seconds_to_path
from runner import case

# Seconds from accepted to the path; for the promises of 0.3 and 1.3 ask the bench, which has the
# machine for itself.
DIRECT_LIMIT = 0.5
PROXY_LIMIT = 1.6
IN_BAND_LIMIT = 2.6  # two for the black hole
SYMMETRIC = {'nat_a': 'symmetric', 'nat_b': 'symmetric'}
METHODS = ['upnp', 'nat-pmp', 'pcp']
NAMES = {'upnp': 'UPnP', 'nat-pmp': 'NAT-PMP', 'pcp': 'PCP'}


def soon(stage, sender, limit):
    seconds = seconds_to_path(sender)
    assert seconds <= limit * stage.patience, f'{seconds:.2f} s from accepted to the path'


# ---- somebody can be reached

@case('public to NAT: direct', lab={'nat_b': 'symmetric'})
def public_sends(stage):
    here, there = cross(stage, 'c', 'b')
    for ferry in (here, there):
        assert_way(ferry, 's5b-direct', 'interface')
    soon(stage, here, DIRECT_LIMIT)


@case('NAT to public: direct', lab={'nat_a': 'symmetric'})
def public_receives(stage):
    here, there = cross(stage, 'a', 'c')
    for ferry in (here, there):
        assert_way(ferry, 's5b-direct', 'interface')
    soon(stage, here, DIRECT_LIMIT)


def register_mapping(method):
    """B's router changes ports, so there is no other way to A than the mapping."""
    lab = {'map_a': [method], 'nat_b': 'symmetric'}

    def mapped_at(ferry):
        assert_way(ferry, 's5b-direct', 'mapped')
        offered = ferry.steps('offered', way='mapped')
        assert any(NAMES[method] in (step.get('text') or '') for step in offered), offered

    @case(f'NAT with {NAMES[method]} alone, sending: direct by mapping', lab=lab)
    def sends(stage):
        here, there = cross(stage, 'a', 'b')
        assert_way(there, 's5b-direct')
        mapped_at(here)
        soon(stage, here, DIRECT_LIMIT)

    @case(f'NAT with {NAMES[method]} alone, receiving: direct by mapping', lab=lab)
    def receives(stage):
        here, there = cross(stage, 'b', 'a')
        assert_way(here, 's5b-direct')
        mapped_at(there)
        soon(stage, here, DIRECT_LIMIT)


for each in METHODS:
    register_mapping(each)


# ---- nobody can, unless both try at once

@case('port-keeping NATs: direct by hole punching')
def punch(stage):
    here, there = cross(stage)
    for ferry in (here, there):
        assert_way(ferry, 's5b-direct', 'hole punching')
    soon(stage, here, DIRECT_LIMIT)


@case('port-keeping NATs, far apart: direct by hole punching')
def punch_far(stage):
    stage.lab.delay('rta', 25, stage.link_delay)
    stage.lab.delay('rtb', 60, stage.link_delay)
    here, there = cross(stage)
    for ferry in (here, there):
        assert_way(ferry, 's5b-direct', 'hole punching')


@case('symmetric NATs: proxy', lab=SYMMETRIC)
def proxy(stage):
    here, there = cross(stage)
    for ferry in (here, there):
        assert_way(ferry, 's5b-proxy', 'proxy')
    soon(stage, here, PROXY_LIMIT)


@case('port-keeping NAT and symmetric NAT: proxy', lab={'nat_b': 'symmetric'})
def half(stage):
    here, there = cross(stage)
    for ferry in (here, there):
        assert_way(ferry, 's5b-proxy', 'proxy')
    soon(stage, here, PROXY_LIMIT)


@case('NATs, proxy down: in-band', lab=SYMMETRIC)
def in_band(stage):
    stage.lab.filter('', 'in tcp dport 5000 drop')
    here, there = cross(stage)
    for ferry in (here, there):
        assert_way(ferry, 'ibb', 'in-band')
    soon(stage, here, IN_BAND_LIMIT)


@case('NATs, no proxy at all: in-band', lab=SYMMETRIC, server={'proxy': False})
def no_proxy(stage):
    here, there = cross(stage)
    for ferry in (here, there):
        assert_way(ferry, 'ibb', 'in-band')
    soon(stage, here, IN_BAND_LIMIT)


@case('symmetric NATs, a proxy at the server of one of them alone: proxy', lab=SYMMETRIC,
      server={'proxy': False, 'more': lab_servers.OTHER_WITH_PROXY})
def proxy_of_contact(stage):
    """Whoever offers: Romeo's server has none, Juliet's has."""
    stage.server.add_account('romeo', contacts=['nurse@other.ferry.test'])
    stage.server.add_account('nurse@other.ferry.test', contacts=['romeo@ferry.test'])
    for sender, receiver in (('romeo', 'nurse@other.ferry.test'), ('nurse@other.ferry.test', 'romeo')):
        path = stage.file()
        there = stage.receive('b', name=receiver)
        here = stage.send(path, name=sender, to=receiver)
        stage.assert_arrived(here, there, path)
        for ferry in (here, there):
            assert_way(ferry, 's5b-proxy', 'proxy')
        soon(stage, here, PROXY_LIMIT)
        (stage.inbox / path.name).unlink()


# ---- IPv6

def over_ipv6(ferry):
    assert_way(ferry, 's5b-direct')
    assert ':' in ferry.path()['remote'].rpartition(':')[0], ferry.path()


@case('IPv6 only, public, and dual stack behind a NAT: direct by IPv6', lab={'ipv6': ['-c', 'b']})
def ipv6_public(stage):
    here, there = cross(stage, 'b', 'c')
    over_ipv6(here)
    over_ipv6(there)
    soon(stage, here, DIRECT_LIMIT)


@case('IPv6 only with a PCP pinhole, and dual stack: direct by IPv6', lab={'ipv6': ['-a', 'b'], 'map_a': ['pcp']})
def ipv6_pinhole(stage):
    here, there = cross(stage, 'a', 'b')
    over_ipv6(here)
    over_ipv6(there)
    soon(stage, here, DIRECT_LIMIT)


@case('IPv6 only with a PCP pinhole, receiving: direct by IPv6', lab={'ipv6': ['-a', 'b'], 'map_a': ['pcp']})
def ipv6_pinhole_back(stage):
    here, there = cross(stage, 'b', 'a')
    over_ipv6(here)
    over_ipv6(there)
    soon(stage, here, DIRECT_LIMIT)


@case('IPv6 only behind a firewall, no pinhole: proxy', lab={'ipv6': ['-a', 'b']})
def ipv6_closed(stage):
    here, there = cross(stage, 'a', 'b')
    for ferry in (here, there):
        assert_way(ferry, 's5b-proxy')


# ---- carriers

def no_time_lost(stage, ways):
    here, there = cross(stage)
    for ferry in (here, there):
        assert ferry.path()['transport'] in ways, ferry.path()
    soon(stage, here, PROXY_LIMIT if here.path()['transport'] == 's5b-proxy' else DIRECT_LIMIT)
    return here


@case('carrier-grade NAT, port keeping, and a mapping inner router: punched',
      lab={'carrier': 'cone', 'map_a': ['pcp', 'upnp'], 'claims': '11.11.12.77'})
def carrier_cone(stage):
    here = no_time_lost(stage, ['s5b-direct'])
    assert_way(here, 's5b-direct', 'hole punching')


@case('carrier-grade NAT, symmetric, and a mapping inner router: proxy',
      lab={'carrier': 'symmetric', 'map_a': ['pcp', 'upnp'], 'claims': '11.11.12.77'})
def carrier_symmetric(stage):
    no_time_lost(stage, ['s5b-proxy'])


@case('carrier-grade NAT and an inner router that claims its outside: proxy',
      lab={'carrier': 'symmetric', 'map_a': ['nat-pmp'], 'claims': '11.11.11.4'})
def carrier_lies(stage):
    no_time_lost(stage, ['s5b-proxy'])


@case('carrier-grade NAT and an inner router that refuses: proxy or punched',
      lab={'carrier': 'cone', 'map_a': ['pcp', 'nat-pmp', 'upnp'], 'nat_b': 'cone'})
def carrier_refuses(stage):
    no_time_lost(stage, ['s5b-direct', 's5b-proxy'])
