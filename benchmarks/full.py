"""CPU of a full check in one process, against Pillow's bare open().load() of the same files.

    python -m benchmarks.full [FOLDER]     FOLDER: 4K PNGs and JPEGs of your own

Goal: no more CPU than Pillow. Measured with the rules about the file itself, and with all rules.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import simplejpeg  # noqa: F401 - both sides start warm
from PIL import Image

from verify4k import Settings, check, load_manifest

if TYPE_CHECKING:
    from collections.abc import Callable

ANALYSES = frozenset({"native-resolution", "not-padded", "not-blank", "detail"})


def cpu(work: Callable[[], object], runs: int = 5) -> float:
    """Return the median CPU seconds of one call."""
    samples = []
    for _ in range(runs):
        start = time.process_time()
        work()
        samples.append(time.process_time() - start)
    return statistics.median(samples)


def pictures(folder: Path) -> None:
    """Write six textured 4K pictures as PNG and JPEG."""
    for number in range(6):
        random = np.random.default_rng(number)
        waves = np.fft.rfft2(random.standard_normal((2160, 3840)))
        across = np.hypot(np.fft.fftfreq(2160)[:, None], np.fft.rfftfreq(3840)[None, :])
        plane = np.fft.irfft2(waves / (across + 0.002), s=(2160, 3840))
        plane = (plane - plane.mean()) / plane.std() * 40 + 128
        image = Image.fromarray(plane.clip(0, 255).astype("uint8"))
        image = Image.merge(
            "RGB", (image, image.rotate(180), image.transpose(Image.Transpose.FLIP_TOP_BOTTOM))
        )
        image.save(folder / f"{number}.png")
        image.save(folder / f"{number}.jpg", quality=90)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path)
    given = parser.parse_args().folder
    with tempfile.TemporaryDirectory() as name:
        folder = given or Path(name)
        if given is None:
            pictures(folder)
        for suffix in ("png", "jpg"):
            files = sorted(folder.glob(f"*.{suffix}"))
            manifest_path = Path(name) / f"{suffix}.yaml"
            manifest_path.write_text(
                f'version: 1\nroot: {folder.resolve()}\nfiles: {{"*.{suffix}": {{width: 1..}}}}\n'
            )
            manifest = load_manifest(manifest_path)
            pillow = cpu(lambda files=files: [Image.open(file).load() for file in files])  # type: ignore[misc]
            facts = cpu(lambda m=manifest: check(m, Settings(jobs=1, ignore=ANALYSES)))  # type: ignore[misc]
            everything = cpu(lambda m=manifest: check(m, Settings(jobs=1)))  # type: ignore[misc]
            print(
                f"{len(files)} {suffix}: Pillow {pillow / len(files) * 1000:.0f} ms a file; "
                f"rules about the file x{facts / pillow:.2f}; with the analyses x{everything / pillow:.2f} "
                f"({(everything - facts) / len(files) * 1000:.0f} ms a file more)"
            )


if __name__ == "__main__":
    main()
