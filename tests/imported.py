"""Pictures and digests that sources of promises name."""

from __future__ import annotations

import hashlib

from pictures import gradient, save


def png(width: int, height: int, mode: str = "RGB") -> bytes:
    return save(gradient(width, height).convert(mode), "x.png")


def jpeg(width: int, height: int) -> bytes:
    return save(gradient(width, height), "x.jpg")


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def sha512(data: bytes) -> str:
    return hashlib.sha512(data).hexdigest()


def sha1(data: bytes) -> str:
    return hashlib.sha1(data, usedforsecurity=False).hexdigest()


def md5(data: bytes) -> str:
    return hashlib.md5(data, usedforsecurity=False).hexdigest()


ALPHA = "RGBA"
HERO = png(64, 36)
DVC = """outs:
- md5: {}
  size: {}
  hash: md5
  path: hero.png
"""
