"""systemd as a deploy sees it: programs on PATH that keep a file for each unit that runs, releases that answer."""

from __future__ import annotations

import itertools
import json
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from pathlib import Path

SYSTEMCTL = """\
#!/bin/sh
cd {folder}/units
for last; do :; done
case $1 in
  list-units) for unit in *; do case $unit in $last) echo "$unit loaded active running" ;; esac; done ;;
  show) [ ! -e "$last" ] || printf 'ActiveState=active\\nNRestarts=0\\n' ;;
  is-active) [ ! -e "$last" ] || echo active ;;
  start)
    if [ -e "../refused/$last" ]; then echo "Job for $last failed" >&2; exit 1; fi
    case $last in booty-heal.service) exit 0 ;; esac
    touch "$last"
    name=${{last#*@}}
    case $last in booty-candidate@*)
      ln -sf ../candidate.sock "../run/booty-candidate/${{name%.service}}.sock" ;;
    esac ;;
  stop) rm -f "$last" ;;
esac
"""
SUDO = '#!/bin/sh\nshift 2\nexec systemctl "$@"\n'
JOURNALCTL = "#!/bin/sh\necho 'what the unit logged'\n"


class Answers(BaseHTTPRequestHandler):
    """Answers /health for one of the releases that run on this socket, each in turn."""

    server: Releases

    def do_GET(self) -> None:
        """Answer as the service does."""
        status, said = self.server.answer()
        self.send_response(status)
        self.send_header("Content-Length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def address_string(self) -> str:
        """Name nobody: a unix socket has no address."""
        return "nobody"


class Releases(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    """The releases on one socket: those whose units have these names."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self, path: Path, folder: Path, *names: str) -> None:
        super().__init__(str(path), Answers)
        self._folder, self._names, self._turns = folder, names, itertools.count()

    def answer(self) -> tuple[int, bytes]:
        """Return the status and the body of one answer; 502 when nothing runs."""
        running = sorted(path.name for name in self._names for path in (self._folder / "units").glob(f"{name}@*"))
        if not running:
            return 502, b"{}"
        unit = running[next(self._turns) % len(running)]
        sha = unit.partition("@")[2].removesuffix(".service")
        unwell = self._folder / "unwell"
        alone = unwell / f"{unit} alone"
        is_well_alone = len(running) > 1 or not alone.exists()
        if not is_well_alone and (body := alone.read_bytes()):
            return 200, body
        is_well = not (unwell / unit).exists() and is_well_alone
        says = (unwell / unit).read_text() if (unwell / unit).exists() else "ok"
        return (200 if is_well else 503), json.dumps({"release": f"booty@{sha}", "status": says}).encode()


class SystemdStandIn:
    """The programs, the sockets, what runs; what should go wrong is told by a unit's name."""

    def __init__(self, folder: Path) -> None:
        """Lay everything out in `folder`, whose path must be short: a socket's has at most 107 characters."""
        self.folder, self.programs, self.sockets = folder, folder / "programs", folder / "run"
        for name in ("units", "refused", "unwell", "programs", "run/booty-candidate"):
            (folder / name).mkdir(parents=True)
        for name, text in {
            "systemctl": SYSTEMCTL.format(folder=folder),
            "sudo": SUDO,
            "journalctl": JOURNALCTL,
        }.items():
            (self.programs / name).write_text(text)
            (self.programs / name).chmod(0o755)

    @contextmanager
    def answering(self) -> Iterator[None]:
        """Let the releases answer while the block lasts."""
        live = Releases(self.sockets / "booty.sock", self.folder, "booty", "booty-twin")
        candidates = Releases(self.sockets / "candidate.sock", self.folder, "booty-candidate")
        with live, candidates:
            for server in (live, candidates):
                threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
            yield
            live.shutdown()
            candidates.shutdown()

    def run(self, unit: str) -> None:
        """Let `unit` run."""
        (self.folder / "units" / unit).touch()

    def refuse(self, unit: str) -> None:
        """Let `unit` fail to start."""
        (self.folder / "refused" / unit).touch()

    def accept(self, unit: str) -> None:
        """Let `unit` start again."""
        (self.folder / "refused" / unit).unlink()

    def make_unwell(self, unit: str, *, status: str = "unwell") -> None:
        """Let `unit` answer 503, and say that its status is this."""
        (self.folder / "unwell" / unit).write_text(status)

    def make_unwell_alone(self, unit: str, *, body: bytes = b"") -> None:
        """Let `unit` answer 503, or 200 with this `body`, while no other release runs beside it."""
        (self.folder / "unwell" / f"{unit} alone").write_bytes(body)

    def running(self) -> list[str]:
        """Return the services that run."""
        return sorted(path.name for path in (self.folder / "units").glob("*.service"))

    def is_listening(self) -> bool:
        """Return whether the live socket is open."""
        return (self.folder / "units" / "booty.socket").exists()
