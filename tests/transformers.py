"""Real image servers on this machine, each started for a test session and stopped after it."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
from typing import TYPE_CHECKING

import pytest
from installed_tools import ROOT
from readiness import until_it_answers

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_IMAGE_FILTER = "/usr/lib/nginx/modules/ngx_http_image_filter_module.so"
TOOLS = ROOT / ".tools"  # where scripts/test.sh installs what is no package of this Python

_NGINX = """
{modules}
daemon off;
master_process off;
worker_processes 1;
error_log stderr error;
pid {folder}/nginx.pid;
events {{ worker_connections 1024; }}
http {{
  include {types};
  default_type application/octet-stream;
  access_log off;
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fcgi;
  uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
  {http}
}}
"""


def free_port() -> int:
    """A port that nobody uses at the moment."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        port: int = door.getsockname()[1]
        return port


@contextlib.contextmanager
def running(command: list[str], url: str, folder: Path, **environment: str) -> Iterator[str]:
    """Run a server until the test is over; yields its URL once it answers."""
    log = folder / "log.txt"
    with log.open("wb") as out:
        process = subprocess.Popen(
            command, cwd=folder, env={**os.environ, **environment}, stdout=out, stderr=subprocess.STDOUT
        )
        try:
            until_it_answers(process, url, log)
            yield url
        finally:
            process.terminate()
            process.wait()


@contextlib.contextmanager
def nginx(folder: Path, http: str, *, image_filter: bool = False) -> Iterator[str]:
    """nginx with these http blocks, in which {port} is where it listens; skips where it is missing."""
    program = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    if program is None:
        pytest.skip("nginx is not installed")
    if image_filter and not os.path.exists(_IMAGE_FILTER):
        pytest.skip("nginx's image_filter is not installed (Debian: libnginx-mod-http-image-filter)")
    port = free_port()
    folder.mkdir(parents=True, exist_ok=True)
    text = _NGINX.format(
        modules=f"load_module {_IMAGE_FILTER};" if image_filter else "",
        folder=folder,
        types="/etc/nginx/mime.types",
        http=http.replace("{port}", str(port)),
    )
    (folder / "nginx.conf").write_text(text)
    command = [program, "-p", str(folder), "-c", str(folder / "nginx.conf"), "-e", "stderr"]
    with running(command, f"http://127.0.0.1:{port}", folder) as url:
        yield url


@contextlib.contextmanager
def thumbor(folder: Path, pictures: Path, **settings: object) -> Iterator[str]:
    """Thumbor over a folder of pictures; skips where it is missing."""
    program = os.environ.get("THUMBOR") or shutil.which("thumbor", path=str(TOOLS / "thumbor" / "bin"))
    if program is None:
        pytest.skip("thumbor is not installed: sh scripts/test.sh does it")
    folder.mkdir(parents=True, exist_ok=True)
    wanted = {
        "LOADER": "thumbor.loaders.file_loader",
        "FILE_LOADER_ROOT_PATH": str(pictures),
        "STORAGE": "thumbor.storages.no_storage",
        "ALLOW_UNSAFE_URL": True,
        "SECURITY_KEY": "for-tests",
        **settings,
    }
    (folder / "thumbor.conf").write_text("".join(f"{name} = {value!r}\n" for name, value in wanted.items()))
    port = free_port()
    command = [program, "-i", "127.0.0.1", "-p", str(port), "-c", str(folder / "thumbor.conf")]
    with running(command, f"http://127.0.0.1:{port}/healthcheck", folder) as url:
        yield url.removesuffix("/healthcheck")


_IPX = """
import {{ createServer }} from "node:http";
import {{ createIPX, ipxFSStorage, createIPXNodeServer }} from "{module}";
const ipx = createIPX({{ storage: ipxFSStorage({{ dir: {pictures!r} }}), maxAge: 60 }});
createServer(createIPXNodeServer(ipx)).listen({port}, "127.0.0.1");
"""


@contextlib.contextmanager
def ipx(folder: Path, pictures: Path) -> Iterator[str]:
    """ipx (sharp) over a folder of pictures; skips where it is missing."""
    modules = os.environ.get("IPX_MODULES") or str(TOOLS / "ipx" / "node_modules")
    node = shutil.which("node")
    entry = os.path.join(modules, "ipx", "dist", "index.mjs")
    if node is None or not os.path.exists(entry):
        pytest.skip("ipx is not installed: sh scripts/test.sh does it where there is npm")
    folder.mkdir(parents=True, exist_ok=True)
    port = free_port()
    script = _IPX.format(module=entry, pictures=str(pictures), port=port)
    (folder / "server.mjs").write_text(script)
    with running([node, str(folder / "server.mjs")], f"http://127.0.0.1:{port}", folder) as url:
        yield url
