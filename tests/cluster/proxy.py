"""A connection that can be cut: forwards a port to another one."""

import contextlib
import socket
import threading


class Proxy:
    """Forwards until `close`.

    Attributes:
        port: where it listens.
        cut: nothing comes through; connections that are open are ended.
    """

    def __init__(self, to: int) -> None:
        self._to, self.cut = to, False
        self._open: list[socket.socket] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        threading.Thread(target=self._accept, daemon=True).start()

    def sever(self) -> None:
        """Cut it."""
        self.cut = True
        for each in self._open:
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)

    def mend(self) -> None:
        """Let everything through again."""
        self.cut = False

    def close(self) -> None:
        """End."""
        self.sever()
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                one, _ = self._listener.accept()
            except OSError:
                return
            if self.cut:
                one.close()
                continue
            with contextlib.suppress(OSError):
                other = socket.create_connection(("127.0.0.1", self._to))
                self._open += [one, other]
                for pair in ((one, other), (other, one)):
                    threading.Thread(target=self._forward, args=pair, daemon=True).start()

    def _forward(self, source: socket.socket, target: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while piece := source.recv(65536):
                target.sendall(piece)
        for each in (source, target):
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
                each.close()
