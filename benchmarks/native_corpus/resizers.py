"""Enlarge and reduce as CDNs and editors do: Pillow, OpenCV, libvips, ffmpeg, ImageMagick.

Whatever is not installed is replaced by Pillow, and the label says so.
"""

from __future__ import annotations

import importlib
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image

if TYPE_CHECKING:
    import random


def optional(name: str) -> Any:
    """A module that may be missing, or may not find its library."""
    try:
        return importlib.import_module(name)
    except (ImportError, OSError):
        return None


cv2, pyvips = optional("cv2"), optional("pyvips")
if cv2 is not None:
    cv2.setNumThreads(1)
if pyvips is not None:
    pyvips.cache_set_max(0)
FFMPEG = shutil.which("ffmpeg")
CONVERT = "/usr/bin/convert" if Path("/usr/bin/convert").exists() else None

# Weights favour what CDNs and editors use. The filter's family is the first word.
ENLARGERS = (
    ("pillow", "nearest"), ("pillow", "bilinear"), ("pillow", "bicubic"), ("pillow", "lanczos"),
    ("pillow", "lanczos"),
    ("opencv", "bilinear"), ("opencv", "bicubic"), ("opencv", "lanczos"), ("opencv", "nearest"),
    ("vips", "bilinear"), ("vips", "bicubic"), ("vips", "mitchell"), ("vips", "lanczos"), ("vips", "lanczos"),
    ("ffmpeg", "bicubic"), ("ffmpeg", "lanczos"), ("ffmpeg", "bilinear"),
    ("magick", "mitchell"), ("magick", "lanczos"), ("magick", "catrom"), ("magick", "bilinear"),
    ("linear-light", "bicubic"), ("linear-light", "lanczos"),
)  # fmt: skip
# The same in linear light: a lattice that shows best when the code is turned back into light.
LIGHT = (
    ("linear-light", "bicubic"), ("linear-light", "lanczos"), ("linear-light", "bilinear"),
    ("magick-light", "lanczos"), ("magick-light", "mitchell"), ("magick-light", "catrom"),
)  # fmt: skip
PILLOW = {
    "nearest": Image.Resampling.NEAREST,
    "bilinear": Image.Resampling.BILINEAR,
    "lanczos": Image.Resampling.LANCZOS,
}


def pillow(image: Image.Image, size: tuple[int, int], kernel: str) -> Image.Image:
    return image.resize(size, PILLOW.get(kernel, Image.Resampling.BICUBIC))


def opencv(image: Image.Image, size: tuple[int, int], kernel: str) -> Image.Image:
    names = {
        "nearest": "NEAREST",
        "bilinear": "LINEAR",
        "bicubic": "CUBIC",
        "lanczos": "LANCZOS4",
        "area": "AREA",
    }
    flag = getattr(cv2, f"INTER_{names[kernel]}")
    return Image.fromarray(cv2.resize(np.asarray(image), size, interpolation=flag))


def vips(image: Image.Image, size: tuple[int, int], kernel: str) -> Image.Image:
    names = {"bilinear": "linear", "bicubic": "cubic", "mitchell": "mitchell", "lanczos": "lanczos3"}
    width, height = size
    source = pyvips.Image.new_from_array(np.asarray(image))
    big = source.resize(width / image.width, vscale=height / image.height, kernel=names[kernel])
    array = big.numpy()[:height, :width, :3]
    short = ((0, height - array.shape[0]), (0, width - array.shape[1]), (0, 0))
    return Image.fromarray(np.ascontiguousarray(np.pad(array, short, mode="edge")))


def ffmpeg(image: Image.Image, size: tuple[int, int], kernel: str) -> Image.Image:
    raw = ["-f", "rawvideo", "-pix_fmt", "rgb24"]
    scale = f"scale={size[0]}:{size[1]}:flags={kernel}+accurate_rnd+full_chroma_int"
    given = [*raw, "-s", f"{image.width}x{image.height}", "-i", "-"]
    command = [str(FFMPEG), "-v", "error", "-threads", "1", *given, "-vf", scale, *raw, "-"]
    done = subprocess.run(command, input=image.tobytes(), capture_output=True, check=True)
    return Image.frombytes("RGB", size, done.stdout)


def magick(image: Image.Image, size: tuple[int, int], kernel: str, *, light: bool = False) -> Image.Image:
    name = {"bilinear": "Triangle"}.get(kernel, kernel.capitalize())
    given = ["-limit", "thread", "1", "-depth", "8", "-size", f"{image.width}x{image.height}", "rgb:-"]
    asked = ["-filter", name, "-resize", f"{size[0]}x{size[1]}!"]
    if light:
        asked = ["-colorspace", "RGB", *asked, "-colorspace", "sRGB"]
    done = subprocess.run(
        [str(CONVERT), *given, *asked, "-depth", "8", "rgb:-"],
        input=image.tobytes(),
        capture_output=True,
        check=True,
    )
    return Image.frombytes("RGB", size, done.stdout)


def linear_light(image: Image.Image, size: tuple[int, int], kernel: str) -> Image.Image:
    """Resize light, not its sRGB code (approximated by a power of 2.2), as careful pipelines do."""
    light = (np.arange(256, dtype=np.float32) / 255) ** 2.2
    planes = []
    for plane in image.split():
        lit = Image.fromarray(light[np.asarray(plane)])
        code = np.clip(np.asarray(pillow(lit, size, kernel)), 0, 1) ** (1 / 2.2)
        planes.append(Image.fromarray((code * 255).round().astype(np.uint8)))
    return Image.merge("RGB", planes)


def magick_light(image: Image.Image, size: tuple[int, int], kernel: str) -> Image.Image:
    """In linear light by ImageMagick's documented recipe, with the true curve of sRGB."""
    return magick(image, size, kernel, light=True)


def present() -> set[str]:
    tools = {"opencv": cv2, "vips": pyvips, "ffmpeg": FFMPEG, "magick": CONVERT, "magick-light": CONVERT}
    return {"pillow", "linear-light"} | {name for name, tool in tools.items() if tool is not None}


def enlarge(image: Image.Image, size: tuple[int, int], program: str, kernel: str) -> tuple[Image.Image, str]:
    """The enlarged picture and the program that really did it."""
    programs = {
        "opencv": opencv, "vips": vips, "ffmpeg": ffmpeg, "magick": magick, "magick-light": magick_light,
        "linear-light": linear_light,
    }  # fmt: skip
    if program not in present() or program not in programs:
        return pillow(image, size, kernel), "pillow"
    return programs[program](image, size, kernel), program


def coarsely(image: Image.Image, size: tuple[int, int], chance: random.Random) -> Image.Image:
    """Reduced as quick programs do: by areas, or without a filter wide enough to keep aliases out."""
    kernel = chance.choice(["area", "area", "bilinear", "bicubic"])
    if cv2 is not None:
        return opencv(image, size, kernel)
    return image.resize(size, Image.Resampling.BOX)


def reduce(image: Image.Image, size: tuple[int, int], chance: random.Random) -> Image.Image:
    kernel = chance.choice(["lanczos", "lanczos", "bicubic", "area"])
    if kernel == "area" and cv2 is not None:
        return opencv(image, size, "area")
    return pillow(image, size, kernel)
