"""A Neo4j server from published jars, for a try-out and for tests: needs Java 17 and Maven, nothing installed.

    python scripts/neo4j/server.py start            fetch (once), configure, start, print where to look
    python scripts/neo4j/server.py status           is it running, and where
    python scripts/neo4j/server.py uri              where drivers find it, and nothing else
    python scripts/neo4j/server.py stop             stop it cleanly; its data stays
    python scripts/neo4j/server.py wipe             stop it and forget its data, its password and its ports
    python scripts/neo4j/server.py import FOLDER    bulk-import what `kg export neo4j-csv` wrote (the server is stopped)

Each ``--home`` is a server of its own with its own ports, so several run side by side. The jars lie in one cache
(``$PAPERKG_CACHE``, default ``.cache`` of the project), keyed by ``pom.xml``. The password is made here and kept in
``HOME/password``, readable by its owner alone.
"""

import argparse
import contextlib
import hashlib
import json
import os
import random
import secrets
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import zipfile
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

HERE = Path(__file__).resolve().parent
PROJECT = HERE.parent.parent
USER = "neo4j"
BROWSER = "browser.jar"
PORTS = range(20_000, 32_000)
OPENS = [
    f"--add-opens=java.base/{package}=ALL-UNNAMED" for package in ("java.nio", "java.io", "sun.nio.ch", "java.lang")
]
CONFIG = """\
server.bolt.listen_address=127.0.0.1:{bolt}
server.bolt.advertised_address=127.0.0.1:{bolt}
server.http.listen_address=127.0.0.1:{http}
server.http.advertised_address=127.0.0.1:{http}
server.https.enabled=false
server.memory.heap.max_size={heap}
server.memory.pagecache.size={pagecache}
db.tx_log.rotation.retention_policy=false
dbms.usage_report.enabled=false
client.allow_telemetry=false
browser.remote_content_hostname_whitelist=127.0.0.1
browser.post_connect_cmd=style http://127.0.0.1:{http}/browser/browser.grass; guide http://127.0.0.1:{http}/browser/browser-guide.html
"""
BROWSER_FILES = ("schemas/browser.grass", "docs/browser-guide.html")  # served beside the Browser's own


class ServerError(Exception):
    """What keeps the server from running; the message says what to do."""


def missing_tools() -> str:
    """Why no server can be had on this machine ("" if one can): Java 17 or later, and Maven or a filled cache."""
    if shutil.which("java") is None:
        return "java is not on the PATH: install a Java runtime 17 or later"
    if shutil.which("mvn") is None and not cached_jars().is_dir():
        return "mvn is not on the PATH: install Maven (it fetches Neo4j once)"
    return ""


def cached_jars() -> Path:
    """Where the jars of this pom lie, or will."""
    cache = Path(os.environ.get("PAPERKG_CACHE") or PROJECT / ".cache")
    key = hashlib.sha256((HERE / "pom.xml").read_bytes()).hexdigest()[:16]
    return cache / f"neo4j-{key}"


def fetch_jars() -> Path:
    """The folder of jars, fetched by Maven if it is not there yet (some 140 MB, once)."""
    folder = cached_jars()
    if folder.is_dir():
        return folder
    folder.parent.mkdir(parents=True, exist_ok=True)
    print("Fetching Neo4j with Maven: some 140 MB, once ...", file=sys.stderr)
    with tempfile.TemporaryDirectory(dir=folder.parent) as temporary:
        copied = Path(temporary) / "lib"
        command = ["mvn", "-q", "-B", "-f", str(HERE / "pom.xml"), "dependency:copy-dependencies"]
        _run([*command, f"-DoutputDirectory={copied}"])
        with contextlib.suppress(FileExistsError, OSError):  # another process was faster: its folder is the same
            copied.rename(folder)
    if not folder.is_dir():
        raise ServerError(f"the jars could not be kept in {folder}")
    return folder


def free_port(preferred: int = 0) -> int:
    """``preferred`` if nobody listens there, else a port that is free now.

    Below the range that systems use for outgoing connections, so that it stays free until the server has it again.
    """
    for port in (preferred or random.choice(PORTS), *random.sample(PORTS, 50)):
        if _is_free(port):
            return port
    raise ServerError(f"no free port on 127.0.0.1 between {PORTS.start} and {PORTS.stop}")


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def _run(command: list[str], environment: dict[str, str] | None = None) -> str:
    done = subprocess.run(command, capture_output=True, text=True, env=environment)
    if done.returncode:
        raise ServerError(f"{' '.join(command)} ended with {done.returncode}:\n{(done.stdout + done.stderr)[-4000:]}")
    return done.stdout


@dataclass
class Server:
    """One Neo4j: its home folder holds configuration, data, logs, password and (while it runs) ``server.json``."""

    home: Path
    bolt: int = 0
    http: int = 0
    heap: str = "1g"
    pagecache: str = "256m"
    java: tuple[str, ...] = ()  # more options for Java

    @cached_property
    def jars(self) -> Path:
        """Where Neo4j is, fetched if need be."""
        return fetch_jars()

    @property
    def uri(self) -> str:
        return f"bolt://127.0.0.1:{self.bolt}"

    @property
    def browser(self) -> str:
        return f"http://127.0.0.1:{self.http}/browser/"

    @property
    def guide(self) -> str:
        """What to type into the Browser to see the guide."""
        return f":guide {self.browser}browser-guide.html"

    @property
    def password_file(self) -> Path:
        return self.home / "password"

    @property
    def password(self) -> str:
        return self.password_file.read_text().strip()

    @property
    def admin(self) -> Path:
        """``neo4j-admin`` of this server, as scripts know it."""
        return self.home / "bin" / "neo4j-admin"

    def start(self, *, timeout: float = 120) -> None:
        """Configure and start, and return when queries can be sent; a server that runs already is left alone."""
        if self.pid():
            self._recall_ports()
            return
        self.configure()
        log = self.home / "logs" / "neo4j.log"
        log.parent.mkdir(exist_ok=True)
        seen = log.stat().st_size if log.exists() else 0
        main = ["org.neo4j.server.CommunityEntryPoint", f"--home-dir={self.home}", f"--config-dir={self.home / 'conf'}"]
        with (log.parent / "console.log").open("ab") as console:
            process = subprocess.Popen(
                [*self._java(f"-Xmx{self.heap}", *self.java), *main],
                stdin=subprocess.DEVNULL,
                stdout=console,
                stderr=console,
                env=self._environment(),
                start_new_session=True,  # it outlives the terminal that started it
            )
        self._remember(process.pid)
        self._wait_until_started(process, log, seen, timeout)

    def configure(self) -> None:
        """Write the configuration, keep or choose the ports, and set the first password."""
        self._recall_ports()
        self.bolt, self.http = free_port(self.bolt), free_port(self.http)
        for folder in ("conf", "bin"):
            (self.home / folder).mkdir(parents=True, exist_ok=True)
        text = CONFIG.format(bolt=self.bolt, http=self.http, heap=self.heap, pagecache=self.pagecache)
        (self.home / "conf" / "neo4j.conf").write_text(text)
        self._write_browser()
        self._write_admin()
        if not self.password_file.exists():
            self._set_password(secrets.token_hex(12))

    def stop(self, *, timeout: float = 60) -> bool:
        """Stop cleanly (SIGTERM); false if it was not running."""
        if not (pid := self.pid()):
            return False
        self._recall_ports()
        os.kill(pid, signal.SIGTERM)
        if not self._wait_until_gone(timeout):
            raise ServerError(f"process {pid} did not stop within {timeout:.0f} s: see {self.home / 'logs'}")
        return True

    def kill(self) -> None:
        """End it as a power cut would (SIGKILL)."""
        if pid := self.pid():
            os.kill(pid, signal.SIGKILL)
            self._wait_until_gone(30)

    def wipe(self) -> None:
        """Stop it and remove its home."""
        self.stop()
        shutil.rmtree(self.home, ignore_errors=True)

    def bulk_import(self, folder: Path) -> str:
        """Run the ``import.sh`` that `kg export neo4j-csv` wrote to ``folder``; the server is stopped for it."""
        self.stop()
        self.configure()
        return _run(
            ["sh", str(folder / "import.sh"), "--overwrite-destination"],
            {**self._environment(), "NEO4J_ADMIN": str(self.admin)},
        )

    def pid(self) -> int:
        """The process that runs this home; 0 if none does."""
        state = self._state()
        pid = state.get("pid", 0)
        return pid if pid and _started(pid) == state.get("started") else 0

    def _java(self, *options: str) -> list[str]:
        return ["java", *OPENS, *options, "-cp", f"{self.home / BROWSER}:{self.jars}/*"]

    def _environment(self) -> dict[str, str]:
        return {**os.environ, "NEO4J_HOME": str(self.home), "NEO4J_CONF": str(self.home / "conf")}

    def _write_browser(self) -> None:
        """A copy of the Browser's jar with style and guide in it, so that it gets them from where it comes from."""
        (original,) = self.jars.glob("neo4j-browser-*.jar")
        copy = self.home / BROWSER
        shutil.copyfile(original, copy)
        with zipfile.ZipFile(copy, "a", zipfile.ZIP_DEFLATED) as jar:
            for name in BROWSER_FILES:
                jar.write(PROJECT / name, f"browser/{Path(name).name}")

    def _write_admin(self) -> None:
        home, conf = shlex.quote(str(self.home)), shlex.quote(str(self.home / "conf"))
        command = shlex.join([*self._java("-Xmx1g"), "org.neo4j.cli.AdminTool"])
        lines = ["#!/bin/sh", f"export NEO4J_HOME={home} NEO4J_CONF={conf}", f'exec {command} "$@"']
        self.admin.write_text("\n".join(lines) + "\n")
        self.admin.chmod(0o755)

    def _set_password(self, password: str) -> None:
        with open(os.open(self.password_file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write(password)
        # An argument file, not an argument: a command line is open to everyone on the machine.
        _run([str(self.admin), "dbms", "set-initial-password", f"@{self.password_file}"])

    def _state(self) -> dict[str, int]:
        try:
            return dict(json.loads((self.home / "server.json").read_text()))
        except (FileNotFoundError, json.JSONDecodeError):
            return {}

    def _recall_ports(self) -> None:
        state = self._state()
        self.bolt, self.http = state.get("bolt") or self.bolt, state.get("http") or self.http

    def _remember(self, pid: int) -> None:
        state = {"pid": pid, "started": _started(pid), "bolt": self.bolt, "http": self.http}
        (self.home / "server.json").write_text(json.dumps(state))

    def _wait_until_started(self, process: "subprocess.Popen[bytes]", log: Path, seen: int, timeout: float) -> None:
        deadline = time.monotonic() + timeout
        while time.monotonic() < deadline:
            if log.exists() and b"Started." in log.read_bytes()[seen:]:
                return
            if process.poll() is not None:
                console = (log.parent / "console.log").read_text(errors="replace")
                raise ServerError(f"Neo4j ended with {process.returncode}:\n{console[-4000:]}")
            time.sleep(0.1)
        raise ServerError(f"Neo4j did not start within {timeout:.0f} s: see {log}")

    def _wait_until_gone(self, timeout: float) -> bool:
        deadline = time.monotonic() + timeout
        while self.pid() or not (_is_free(self.bolt) and _is_free(self.http)):  # its threads may outlive its main one
            if time.monotonic() > deadline:
                return False
            time.sleep(0.05)
        return True


def _started(pid: int) -> int:
    """When the process started, in clock ticks since boot (0: it is not running), so that a reused id is not taken
    for the server."""
    with contextlib.suppress(ChildProcessError):
        os.waitpid(pid, os.WNOHANG)  # a child that ended is a zombie until someone asks
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except FileNotFoundError:
        return _answers(pid)
    return 0 if fields[0] == "Z" else int(fields[19])


def _answers(pid: int) -> int:
    """Without /proc (macOS): 1 while a process of that id runs."""
    if Path("/proc/self").exists():
        return 0
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return 0
    return 1


def _describe(server: Server) -> str:
    if not server.pid():
        return f"Neo4j of {server.home} is not running"
    server._recall_ports()
    return "\n".join(
        [
            f"Neo4j Browser  {server.browser}",
            f"Guide          {server.guide}",
            f"Bolt           {server.uri}",
            f"User           {USER}",
            f"Password       in {server.password_file}",
        ]
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("command", choices=["start", "status", "uri", "stop", "wipe", "import"])
    parser.add_argument("folder", nargs="?", type=Path, help="for import: what `kg export neo4j-csv` wrote")
    parser.add_argument("--home", type=Path, default=PROJECT / ".neo4j", help="the server's folder (default: .neo4j)")
    parser.add_argument("--bolt", type=int, default=7687, help="port for drivers, another if taken (default: 7687)")
    parser.add_argument("--http", type=int, default=7474, help="port for the Browser, another if taken (default: 7474)")
    parser.add_argument("--heap", default="1g", help="Java heap (default: 1g)")
    options = parser.parse_args()
    try:
        _do(options)
    except ServerError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _do(options: argparse.Namespace) -> None:
    if reason := missing_tools():
        raise ServerError(reason)
    server = Server(options.home.absolute(), options.bolt, options.http, options.heap)
    if options.command == "uri":
        server._recall_ports()
        print(server.uri)
        return
    if options.command == "start":
        server.start()
    elif options.command == "stop":
        server.stop()
    elif options.command == "wipe":
        server.wipe()
    elif options.command == "import":
        if options.folder is None:
            raise ServerError("say which folder to import")
        print(server.bulk_import(options.folder.absolute()))
    print(_describe(server))


if __name__ == "__main__":
    sys.exit(main())
