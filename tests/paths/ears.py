# SPDX-License-Identifier: GPL-3.0-or-later
"""Hears every IP packet that comes to a host or leaves it."""

import ipaddress
import socket
import threading

_ALL = 3
_IP = (b'\x08\x00', b'\x86\xdd')  # and not ARP: all routers of the lab are neighbours


class Ears:
    def __init__(self, lab, host, interface):
        self.packets = []
        self.socket = lab.socket(host, socket.AF_PACKET, socket.SOCK_RAW, socket.htons(_ALL))
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8 << 20)
        self.socket.bind((interface, _ALL))
        threading.Thread(target=self.listen, daemon=True).start()

    def listen(self):
        while True:
            try:
                packet = self.socket.recv(65536)
            except OSError:
                return
            if packet[12:14] in _IP:
                self.packets.append(packet)

    def mentions(self, address):
        """Packets from or to @address, or with it in them: in words, or as bytes."""
        packed = ipaddress.ip_address(address).packed
        return [p for p in list(self.packets) if packed in p[14:] or address.encode() in p]

    def streams_and_datagrams(self):
        """Those of TCP and UDP."""
        kinds = [(p, p[23] if p[12:14] == _IP[0] else p[20]) for p in list(self.packets)]
        return [p for p, kind in kinds if kind in (socket.IPPROTO_TCP, socket.IPPROTO_UDP)]
