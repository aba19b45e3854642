# SPDX-License-Identifier: GPL-3.0-or-later
"""The rows of the bench that need routers: a network lab, in a process of its own."""

import multiprocessing
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time
import traceback

TESTS = pathlib.Path(__file__).resolve().parent.parent
sys.path[:0] = [str(TESTS / folder) for folder in ('fixtures', 'integration', 'paths')]

from path_stage import ADDRESSES, Stage, assert_way, cross, seconds_to_path   # noqa: E402

PORT = 20000
LINE = '1gbit'  # what a fast line carries
SIZE = 1 << 30
RUNS = 3
FINDINGS = 7

SEND = 'socat -u -b 262144 OPEN:{source} TCP:{address}:{port}'
RECEIVE = 'socat -u -b 262144 TCP-LISTEN:{port},reuseaddr OPEN:{target},creat,trunc'


def in_lab(cli, work, **lab):
    """What @work returns for a Stage with such a @lab; the namespaces are a child's."""
    receiver, sender = multiprocessing.Pipe(duplex=False)

    def child():
        with tempfile.TemporaryDirectory(prefix='ferry-bench-', dir='/dev/shm', ignore_cleanup_errors=True) as folder:
            stage = Stage(cli, None, None, 1, pathlib.Path(folder), 1, lab=lab)
            stage.note = lambda text: None  # the rows say it
            try:
                sender.send((work(stage), None))
            except Exception:
                sender.send((None, traceback.format_exc() + stage.describe()))
            finally:
                stage.close()
    process = multiprocessing.get_context('fork').Process(target=child)
    process.start()
    sender.close()
    result, fault = receiver.recv()
    process.join()
    assert fault is None, fault
    return result


def big_file(stage):
    path = stage.file(0, 'large.bin')
    subprocess.run(['openssl', 'rand', '-out', str(path), str(SIZE)], check=True)
    return path


def copy_by_socat(stage, path):
    """Seconds for a copy from b through a port that rta hands to a, as a mapping does."""
    target = stage.inbox / 'socat.bin'
    fields = {'source': path, 'target': target, 'address': ADDRESSES['rta'], 'port': PORT}
    receive, send = (stage.lab.command(host, *command.format(**fields).split())
                     for host, command in (('a', RECEIVE), ('b', SEND)))
    listener = subprocess.Popen(receive)
    time.sleep(0.3)
    start = time.monotonic()
    subprocess.run(send, check=True)
    listener.wait()
    seconds = time.monotonic() - start
    target.unlink()
    return seconds


def copy_by_ferry(stage, path):
    there = stage.receive('a', options=['--security', 'none'])
    here = stage.send(path, host='b', options=['--security', 'none'])
    stage.assert_arrived(here, there, path, limit=60)
    assert_way(there, 's5b-direct', 'mapped')
    (stage.inbox / path.name).unlink()
    return here.wait('done')['at'] - here.wait('state', state='offering')['at']  # with all that finding the path takes


def throughput(stage, rate):
    """(ratio, MB/s) a run, over a line of @rate; None: as fast as it goes."""
    stage.lab.run('rta', 'nft', 'add', 'rule', 'inet', 'filter', 'prerouting', 'iifname', 'wan', 'tcp', 'dport',
                  str(PORT), 'dnat', 'ip', 'to', f'{ADDRESSES["a"]}:{PORT}')
    stage.lab.run('rta', 'nft', 'insert', 'rule', 'inet', 'filter', 'forward', 'ct', 'status', 'dnat', 'accept')
    if rate:
        stage.lab.slow_down('b', rate)
    path = big_file(stage)
    runs = []
    for _ in range(RUNS):
        plain, ferry = copy_by_socat(stage, path), copy_by_ferry(stage, path)
        runs.append((plain / ferry, SIZE / ferry / 1e6))
    return runs


def times(stage, transport):
    """Seconds to the path, of several files."""
    found = []
    for _ in range(FINDINGS):
        here, _ = cross(stage, 'b', 'a')
        assert_way(here, transport)
        found.append(seconds_to_path(here))
        (stage.inbox / 'file.bin').unlink()
    return found


def measure_mapped(bench):
    rows = ((LINE, '1 GiB direct through a mapping, a line of 1 Gbit/s', '0.9'), (None, 'the same without a limit', ''))
    for rate, name, bar in rows:
        runs = in_lab(bench.cli, lambda stage, rate=rate: throughput(stage, rate), map_a=['pcp'], nat_b='symmetric')
        ratios = [ratio for ratio, _ in runs]
        speed = statistics.median(speed for _, speed in runs)
        bench.row(f'{name}, against plain socat there', f'{statistics.median(ratios):.2f}', bar, '',
                  f'{speed:.0f} MB/s; ratios {min(ratios):.2f} to {max(ratios):.2f}')


def measure_paths(bench):
    kinds = (('direct by mapping', 's5b-direct', '0.3 s', {'map_a': ['pcp'], 'nat_b': 'symmetric'}),
             ('direct by hole punching', 's5b-direct', '0.3 s', {}),
             ('only the proxy works', 's5b-proxy', '1.3 s', {'nat_a': 'symmetric', 'nat_b': 'symmetric'}))
    for name, transport, bar, lab in kinds:
        found = in_lab(bench.cli, lambda stage, transport=transport: times(stage, transport), **lab)
        bench.row(f'accepted to path, {name}', f'{statistics.median(found):.2f} s', bar, '',
                  f'{min(found):.2f} to {max(found):.2f} s, n = {len(found)}')
