# SPDX-License-Identifier: GPL-3.0-or-later
"""TLS by OpenSSL, as an engine without sockets: bytes in, bytes out.

Python's ssl module can neither ask for a certificate whose issuer it does not know nor do
TLS-SRP, so this talks to its library, libssl, directly.
"""

import ctypes
import ctypes.util
import functools
import hashlib

ssl = ctypes.CDLL(ctypes.util.find_library('ssl'))
crypto = ctypes.CDLL(ctypes.util.find_library('crypto'))

TLS1_2, TLS1_3 = 0x0303, 0x0304
PEM = 1
VERIFY = 0x01 | 0x02            # ask for a certificate, and fail without
WANT_READ, ZERO_RETURN = 2, 6   # SSL_get_error()
SET_MIN_VERSION, SET_MAX_VERSION = 123, 124
FATAL, UNKNOWN_USER = 2, 115

ANY_ISSUER = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_int, ctypes.c_void_p)(lambda ok, store: 1)
USER_CB = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.POINTER(ctypes.c_int), ctypes.c_void_p)

for library, names in ((ssl, ['TLS_method', 'SSL_CTX_new', 'SSL_new', 'SSL_get1_peer_certificate', 'SSL_get_version',
                              'SSL_get_current_cipher', 'SSL_CIPHER_get_name', 'SSL_get_srp_username']),
                       (crypto, ['BIO_new', 'BIO_s_mem', 'ERR_reason_error_string'])):
    for name in names:
        getattr(library, name).restype = ctypes.c_void_p
crypto.ERR_get_error.restype = ctypes.c_ulong


class TlsError(Exception):
    """What OpenSSL says."""


def complain():
    reason = 'no reason given'
    while code := crypto.ERR_get_error():
        text = crypto.ERR_reason_error_string(ctypes.c_ulong(code))
        reason = ctypes.string_at(text).decode() if text else hex(code)
    raise TlsError(reason)


def check(good):
    if not good:
        complain()


class Tls:
    """@identity: paths of certificate and key.  @phrase: TLS-SRP in place of certificates.
    @users: in TLS-SRP; a server takes any of them.  @tickets: that a server hands out.
    @old: no more than TLS 1.2.  @weak: with a key that nobody should use any more.
    """

    def __init__(self, is_server, identity=None, phrase=None, users=(), tickets=2, old=False, weak=False):
        self.is_server = is_server
        context = ctypes.c_void_p(ssl.SSL_CTX_new(ctypes.c_void_p(ssl.TLS_method())))
        if phrase is None:
            self.limit(context, TLS1_2, TLS1_2) if old else self.limit(context, TLS1_3, TLS1_3)
            self.use_certificate(context, identity, tickets, weak)
        else:
            self.use_phrase(context, phrase.encode(), [user.encode() for user in users])
        self.context = context
        self.session = ctypes.c_void_p(ssl.SSL_new(context))
        self.inbound, self.outbound = (ctypes.c_void_p(crypto.BIO_new(ctypes.c_void_p(crypto.BIO_s_mem())))
                                       for _ in range(2))
        ssl.SSL_set_bio(self.session, self.inbound, self.outbound)
        (ssl.SSL_set_accept_state if is_server else ssl.SSL_set_connect_state)(self.session)

    @staticmethod
    def limit(context, lowest, highest):
        ssl.SSL_CTX_ctrl(context, SET_MIN_VERSION, lowest, None)
        ssl.SSL_CTX_ctrl(context, SET_MAX_VERSION, highest, None)

    @staticmethod
    def use_certificate(context, identity, tickets, weak):
        if weak:
            check(ssl.SSL_CTX_set_cipher_list(context, b'DEFAULT:@SECLEVEL=0') == 1)
        certificate, key = map(str, identity)
        check(ssl.SSL_CTX_use_certificate_file(context, certificate.encode(), PEM) == 1)
        check(ssl.SSL_CTX_use_PrivateKey_file(context, key.encode(), PEM) == 1)
        ssl.SSL_CTX_set_verify(context, VERIFY, ANY_ISSUER)
        ssl.SSL_CTX_set_num_tickets(context, ctypes.c_size_t(tickets))

    def use_phrase(self, context, phrase, users):
        self.limit(context, TLS1_2, TLS1_2)
        check(ssl.SSL_CTX_set_cipher_list(context, b'SRP:@SECLEVEL=1') == 1)
        if self.is_server:
            self.callback = USER_CB(functools.partial(self.look_up, phrase, users))
            ssl.SSL_CTX_set_srp_username_callback(context, self.callback)
        else:
            check(ssl.SSL_CTX_set_srp_username(context, users[0]) == 1)
            check(ssl.SSL_CTX_set_srp_password(context, phrase) == 1)

    @staticmethod
    def look_up(phrase, users, session, alert, _):
        session = ctypes.c_void_p(session)
        user = ctypes.string_at(ssl.SSL_get_srp_username(session))
        if user not in users:
            alert[0] = UNKNOWN_USER
            return FATAL
        check(ssl.SSL_set_srp_server_param_pw(session, user, phrase, b'2048') == 1)
        return 0

    def close(self):
        ssl.SSL_free(self.session)
        ssl.SSL_CTX_free(self.context)

    # ---- bytes of the path

    def feed(self, data):
        check(not data or crypto.BIO_write(self.inbound, data, len(data)) == len(data))

    def take(self):
        """What is to be sent."""
        buffer = ctypes.create_string_buffer(65536)
        out = b''
        while (n := crypto.BIO_read(self.outbound, buffer, len(buffer))) > 0:
            out += buffer.raw[:n]
        return out

    # ---- what they mean

    def judge(self, result):
        """True: it was done. False: there have to come more bytes first. None: the other side ended."""
        if result > 0:
            return True
        error = ssl.SSL_get_error(self.session, result)
        if error == WANT_READ:
            return False
        if error == ZERO_RETURN:
            return None
        return complain()

    def handshake(self):
        crypto.ERR_clear_error()
        return self.judge(ssl.SSL_do_handshake(self.session))

    def read(self):
        """Bytes; None: none yet; b'': the other side said that no more will come."""
        buffer = ctypes.create_string_buffer(16384)
        crypto.ERR_clear_error()
        n = ssl.SSL_read(self.session, buffer, len(buffer))
        verdict = self.judge(n)
        return buffer.raw[:n] if verdict else b'' if verdict is None else None

    def write(self, data):
        check(not data or ssl.SSL_write(self.session, data, len(data)) == len(data))

    def say_goodbye(self):
        ssl.SSL_shutdown(self.session)

    # ---- what came of it

    def certificate(self):
        """The other side's, DER; b'' in TLS-SRP."""
        held = ssl.SSL_get1_peer_certificate(self.session)
        if not held:
            return b''
        out = ctypes.c_void_p()
        size = crypto.i2d_X509(ctypes.c_void_p(held), ctypes.byref(out))
        crypto.X509_free(ctypes.c_void_p(held))
        return ctypes.string_at(out, size)

    def cipher(self):
        held = ssl.SSL_get_current_cipher(self.session)
        version = ctypes.string_at(ssl.SSL_get_version(self.session)).decode()
        return f'{version} {ctypes.string_at(ssl.SSL_CIPHER_get_name(ctypes.c_void_p(held))).decode()}'

    def export(self, label, size):
        """RFC 5705."""
        out = ctypes.create_string_buffer(size)
        check(ssl.SSL_export_keying_material(self.session, out, ctypes.c_size_t(size), label,
                                             ctypes.c_size_t(len(label)), None, ctypes.c_size_t(0), 0) == 1)
        return out.raw


def fingerprint(certificate, algorithm='sha256'):
    return hashlib.new(algorithm, certificate).hexdigest()
