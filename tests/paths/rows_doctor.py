# SPDX-License-Identifier: GPL-3.0-or-later
"""What ferry-cli doctor says of the networks of the table."""

from runner import case

SYMMETRIC = {'nat_a': 'symmetric', 'nat_b': 'symmetric'}
METHODS = ['upnp', 'nat-pmp', 'pcp']
LIMIT = 20  # seconds a person would wait


def examine(stage, kind, host='a', advice=(), paths=(), options=(), status=0, **verdicts):
    """@advice and @paths: what must be among them. @verdicts: by test, '_' for '-'."""
    doctor = stage.ferry(host, 'romeo', 'doctor', options=options)
    assert doctor.exit(LIMIT) == status, 'another exit status'
    found = {finding['test']: finding for finding in doctor.find('finding')}
    diagnosis = doctor.wait('diagnosis')
    assert diagnosis['kind'] == kind, diagnosis
    for each in advice:
        assert each in diagnosis['advice'], diagnosis
    if not advice:
        assert not diagnosis['advice'], diagnosis
    for each in paths:
        assert each in diagnosis['paths'], diagnosis
    for test, verdict in verdicts.items():
        finding = found[test.replace('_', '-')]
        assert finding['verdict'] == verdict, finding
    for finding in found.values():
        assert finding['text'] and finding['verdict'] != 'pending', finding
    router = stage.lab.routers['rta']
    assert not router.leases() + router.pinholes(), 'the doctor left something at the router'
    return found


@case('doctor: public')
def public(stage):
    examine(stage, 'public', 'c', paths=['interface', 'proxy', 'in-band'], stun_ipv4='good', proxy='good',
            in_band='good')


def register_mapping(method):
    @case(f'doctor: mapped by {method}', lab={'map_a': [method]})
    def mapped(stage):
        examine(stage, 'mapped', paths=['mapped'], **{method.replace('-', '_'): 'good'},
                **{each.replace('-', '_'): 'skipped' for each in METHODS if each != method})


for each in METHODS:
    register_mapping(each)


@case('doctor: a router that keeps ports')
def keeps_ports(stage):
    examine(stage, 'keeps-ports', advice=['enable-mapping'], paths=['hole punching', 'proxy'], stun_ipv4='good')


@case('doctor: a symmetric router', lab=SYMMETRIC)
def symmetric(stage):
    examine(stage, 'symmetric', advice=['enable-mapping', 'ask-for-ipv6'], paths=['proxy'], proxy='good')


@case('doctor: no mapping is wanted', lab={'map_a': METHODS})
def unmapped(stage):
    examine(stage, 'keeps-ports', options=['--no-port-mapping'], pcp='skipped', upnp='skipped', nat_pmp='skipped',
            advice=())


@case('doctor: the proxy is down', lab=SYMMETRIC)
def proxy_down(stage):
    stage.lab.filter('', 'in tcp dport 5000 drop')
    examine(stage, 'symmetric', advice=['broken-proxy'], paths=['in-band'], proxy='bad', in_band='good')


@case('doctor: there is no proxy', lab=SYMMETRIC, server={'proxy': False})
def no_proxy(stage):
    examine(stage, 'symmetric', advice=['no-proxy'], paths=['in-band'], proxy='poor')


@case('doctor: the proxy says it is at 127.0.0.1', server={'proxy_address': '127.0.0.1'})
def proxy_at_home(stage):
    examine(stage, 'keeps-ports', advice=['broken-proxy'], proxy='bad')


@case('doctor: IPv6 only, public', lab={'ipv6': ['-c', 'b']})
def ipv6_public(stage):
    examine(stage, 'ipv6-only', 'c', ipv6='good', stun_ipv6='good')


@case('doctor: IPv6 only, with a pinhole', lab={'ipv6': ['-a', 'b'], 'map_a': ['pcp']})
def ipv6_pinhole(stage):
    examine(stage, 'ipv6-only', ipv6='good', pcp='good')


@case('doctor: behind a carrier', lab={'carrier': 'cone', 'map_a': ['pcp', 'upnp'], 'claims': '11.11.12.77'})
def carrier(stage):
    examine(stage, 'carrier', advice=['double-nat'])


@case('doctor: behind a carrier, and the router tells nothing of its outside',
      lab={'carrier': 'symmetric', 'map_a': METHODS})
def carrier_refuses(stage):
    examine(stage, 'symmetric', advice=['ask-for-ipv6'], paths=['proxy'])


@case('doctor: the STUN server is dead')
def dead_stun(stage):
    stage.lab.filter('', 'in udp dport 3478 drop')
    examine(stage, 'unknown', advice=['firewall'], stun_ipv4='bad')


@case('doctor: nobody names a STUN server', stun=False)
def no_stun(stage):
    examine(stage, 'unknown', advice=['no-stun'], stun_ipv4='poor')


@case('doctor: relay only', lab={'map_a': METHODS})
def relayed(stage):
    examine(stage, 'relayed', options=['--relay-only'], paths=['proxy', 'in-band'], stun_ipv4='skipped', pcp='skipped')


@case('doctor: no network')
def offline(stage):
    stage.lab.ip('a', 'link set eth0 down')
    examine(stage, 'offline', status=3, in_band='skipped')
