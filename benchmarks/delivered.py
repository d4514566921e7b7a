"""2,000 URLs on a local nginx at header depth: URLs a second, bytes each, memory as the number grows.

    python -m benchmarks.delivered [--urls 2000] [--linkinator PATH]

Figures of this kind say something only about one machine and one run: quote the ratios.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from PIL import Image

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))
from transformers import nginx

FILES = 40


def pictures(folder: Path) -> int:
    """Photographs' weight: noise does not compress. Returns the mean size in bytes."""
    random = np.random.default_rng(4)
    total = 0
    for number in range(FILES):
        image = Image.fromarray(random.integers(0, 255, (540, 960, 3), dtype=np.uint8))
        buffer = io.BytesIO()
        image.save(buffer, "JPEG" if number % 2 else "PNG")
        suffix = "jpg" if number % 2 else "png"
        (folder / f"{number}.{suffix}").write_bytes(buffer.getvalue())
        total += buffer.tell()
    return total // FILES


def check(urls: list[str], folder: Path) -> tuple[float, float]:
    """Seconds and peak memory in MiB of one run."""
    manifest = folder / "verify4k.json"
    manifest.write_text(json.dumps({"version": 1, "files": {url: {"size": "960x540"} for url in urls}}))
    command = [sys.executable, "-m", "verify4k", "check", "-c", str(manifest), "--allow-private", "-q",
               "--depth", "header"]  # fmt: skip
    began = time.perf_counter()
    process = subprocess.Popen(command)
    _, status, used = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - began
    assert status == 0, "a promise does not hold"
    return seconds, used.ru_maxrss / 1024


def linkinator(program: str, base: str) -> float:
    """Seconds that linkinator needs to ask for the same URLs from a page of links."""
    began = time.perf_counter()
    # it asks so many at once that some fail; its exit status says so
    subprocess.run([program, f"{base}/links.html"], check=False, stdout=subprocess.DEVNULL)
    return time.perf_counter() - began


def main() -> None:
    """Measure and print."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--urls", type=int, default=2000)
    arguments.add_argument("--linkinator", default="", help="its program, to be measured beside")
    wish = arguments.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)  # nginx reads it as another user
        mean = pictures(folder)
        log = folder / "sent.log"  # what was sent is the server's word, not ours
        http = f"""
          log_format bytes $body_bytes_sent;
          server {{ listen 127.0.0.1:{{port}}; root {folder};
            location ~ ^/x/\\d+/(.*) {{ access_log {log} bytes; try_files /$1 =404; }} }}"""
        with nginx(folder / "nginx", http) as base:
            names = sorted(path.name for path in folder.glob("*.[jp][pn]g"))
            urls = [f"{base}/x/{number}/{names[number % FILES]}" for number in range(wish.urls)]
            (folder / "links.html").write_text("".join(f'<a href="{url}">x</a>\n' for url in urls))
            print(f"{wish.urls} URLs, {mean // 1000} kB each")
            for count in (wish.urls // 10, wish.urls // 2, wish.urls):
                log.write_text("")
                seconds, memory = check(urls[:count], folder)
                sent = sum(map(int, log.read_text().split()))
                print(
                    f"verify4k   {count:6} URLs  {seconds:6.2f} s  {count / seconds:6.0f}/s  "
                    f"{sent / count / 1000:6.1f} kB each  {memory:5.0f} MiB"
                )
            if wish.linkinator:
                log.write_text("")
                seconds = linkinator(wish.linkinator, base)
                sent = sum(map(int, log.read_text().split()))
                print(
                    f"linkinator {wish.urls:6} URLs  {seconds:6.2f} s  {wish.urls / seconds:6.0f}/s  "
                    f"{sent / wish.urls / 1000:6.1f} kB each"
                )


if __name__ == "__main__":
    main()
