"""A line to the city that can break as lines do: dead, cut in the middle of an upload, or with the answer lost."""

import socket
import threading
import time
from contextlib import suppress

UP, DEAD, CUT, MUTE, STALL, SLOW = "up", "dead", "cut", "mute", "stall", "slow"
SLOW_S = 1.5
CUT_AFTER = 3_000  # bytes of a request that still get through


class Line:
    """Stands between browser and city. `how`: up; dead (nobody answers); cut (a large request breaks off); mute (what
    is sent arrives, and no answer comes back); stall (nothing moves); slow (answers take their time)."""

    def __init__(self, port: int):
        self.to = port
        self.how = UP
        self.posts = 0  # reports that went over it
        self._open: set[socket.socket] = set()
        self._door = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._door.getsockname()[1]}"
        threading.Thread(target=self._serve, daemon=True).start()

    def turn(self, how: str) -> None:
        """From now on the line is so; what was open breaks, so that nothing goes on over an old connection."""
        self.how = how
        for each in list(self._open):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Take the line down."""
        self._door.close()
        self.turn(DEAD)

    def _serve(self) -> None:
        while True:
            try:
                near, _ = self._door.accept()
            except OSError:
                return
            threading.Thread(target=self._carry, args=(near,), daemon=True).start()

    def _carry(self, near: socket.socket) -> None:
        if self.how == DEAD:
            near.close()
            return
        far = socket.create_connection(("127.0.0.1", self.to))
        self._open |= {near, far}
        back = threading.Thread(target=self._back, args=(far, near), daemon=True)
        back.start()
        self._forth(near, far)
        back.join()
        for each in (near, far):
            self._open.discard(each)
            each.close()

    def _forth(self, near: socket.socket, far: socket.socket) -> None:
        carried = 0
        with suppress(OSError):
            while data := near.recv(1_000 if self.how == CUT else 65_536):
                carried += len(data)
                self.posts += data.count(b"POST /v1/reports ")
                if self.how == CUT and carried > CUT_AFTER:
                    break
                if self.how != STALL:
                    far.sendall(data)
        for each in (near, far) if self.how == CUT else (far,):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR if self.how == CUT else socket.SHUT_WR)

    def _back(self, far: socket.socket, near: socket.socket) -> None:
        with suppress(OSError):
            while data := far.recv(65_536):
                if self.how == MUTE:
                    break
                if self.how == SLOW:
                    time.sleep(SLOW_S)
                near.sendall(data)
        with suppress(OSError):
            near.shutdown(socket.SHUT_RDWR)
