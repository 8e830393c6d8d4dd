"""Prints, for each name given, a line NAME_port=PORT with a TCP port of the loopback interface that nobody listens on.

They are below those that outgoing connections get, which would otherwise take one between a stop and a start.
"""

import random
import socket
import sys

LOWEST, HIGHEST = 20_000, 32_000


def listen_somewhere():
    while True:
        held = socket.socket()
        try:
            held.bind(('127.0.0.1', random.randrange(LOWEST, HIGHEST)))
            return held
        except OSError:
            held.close()


held = {name: listen_somewhere() for name in sys.argv[1:]}
for name, one in held.items():
    print('%s_port=%d' % (name, one.getsockname()[1]))
