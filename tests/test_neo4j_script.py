"""``scripts/neo4j/server.py``: servers from published jars, side by side."""

import subprocess
import sys
from pathlib import Path
from typing import Any

from kg.engines.neo4j import Neo4jEngine, connection
from tests.neo4j_server import QUICK, run


def test_a_second_server_has_its_own_home_ports_and_password_and_keeps_its_data(
    neo4j_server: Any, neo4j_script: Any, tmp_path: Path
) -> None:
    server = neo4j_script.Server(tmp_path / "a home", heap="512m", pagecache="64m", java=QUICK)
    try:
        server.start()
        ports = {server.bolt, server.http}
        assert not ports & {neo4j_server.bolt, neo4j_server.http}
        assert server.password != neo4j_server.password
        assert server.password_file.stat().st_mode & 0o777 == 0o600
        assert "running" not in status(server.home)
        assert server.password not in status(server.home)
        ask(server, "CREATE (:Kept)")
        assert server.stop()
        assert not server.stop()
        assert "is not running" in status(server.home)

        server.start()
        assert {server.bolt, server.http} == ports
        assert ask(server, "MATCH (n) RETURN labels(n) AS l") == [{"l": ["Kept"]}]
        server.kill()
        server.wipe()
        assert not server.home.exists()
    finally:
        server.kill()


def ask(server: Any, text: str) -> Any:
    with Neo4jEngine(connection(uri=server.uri, password_file=server.password_file, environment={})) as engine:
        return run(engine, text)


def status(home: Path) -> str:
    script = Path(__file__).parent.parent / "scripts" / "neo4j" / "server.py"
    done = subprocess.run([sys.executable, str(script), "status", "--home", str(home)], capture_output=True, text=True)
    return done.stdout
