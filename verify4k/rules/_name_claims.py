"""What a file's name and folders claim of its resolution: words such as 4k, sizes, scales.

A number in a name may be about the subject (a 5k run, NBA 2K, a 1080p camera) or about the picture
that this one was made from (`hero-1920x1080-150x150.jpg`), so what stands around it is read too.
"""

from __future__ import annotations

import re

from verify4k.formats.facts import Size
from verify4k.named_tuple import NamedTuple


class Claim(NamedTuple):
    """One claim. ``size`` is exact; else ``word`` names a class.

    ``sure``: it is about neither the subject nor what this was made from. ``also``: what else it may mean.
    """

    text: str  # as written
    word: str = ""
    size: Size | None = None
    sure: bool = True
    also: Size | None = None


# Patterns that few names need are compiled for the first of them.
# A token stands alone, or ends a plain word of three letters and more; hashes must not match.
_WORD = (
    r"(?i)(?:(?<![A-Za-z0-9])|(?<=[A-Za-z]{3}))"
    r"([234568]k|uhd[48]k|[48]kuhd|uhd|fullhd|fhd|wqhd|qhd|(?:720|1080|1440|2160|4320)p)(?![A-Za-z0-9])"
)
# the scale that may follow multiplies: banner-800x600@2x.png has 1600x1200 pixels; one before it may
_EXPLICIT = (
    r"(?:@([1-4](?:\.\d{1,2})?)[xX][\s_-])?"
    r"(?<![A-Za-z0-9.])([1-9]\d{2,4})[xX×]([1-9]\d{2,4})(?![A-Za-z0-9])(?:[@_-]([1-4](?:\.\d{1,2})?)[xX](?![A-Za-z0-9]))?"
)
_TILE, _TILE_SCALE = "mstile-", "1.8"  # called after the tile, made for screens of 180 % as Microsoft asks
# what WordPress writes behind a name whose picture it has reduced, turned, or let somebody edit
_REWORKED = r"-(?:scaled|rotated|e\d{9,13})(?:-\d{1,2})?"


# what every claim has somewhere: most names have nothing of it
_SOME = re.compile(r"\d[kp]|hd|\d[x×]\d", re.IGNORECASE).search


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_WORDS = r"[a-z]+|\d+[a-z]+|\d+"
_DERIVED = _words(
    """
    thumb thumbs thumbnail thumbnails thumbnailed small tiny mini preview previews lqip placeholder
    blur blurred icon icons crop cropped avatar lowres
    """
)
# what pictures show that is called by a resolution itself: devices, films, games, races
_SUBJECTS = _words(
    """
    tv tvs television monitor monitors display screen camera cam cameras webcam dashcam camcorder
    video videos projector player bluray stream streaming box drone gopro logo badge sticker nba wwe
    game run runs running race races runner runners marathon walk walkers couch charity fun training
    km
    """
)
_GALLERIES = _words(
    """
    wallpaper wallpapers background backgrounds image images picture pictures photo photos res
    resolution screenshots version
    """
)


def claims(target: str) -> tuple[Claim, ...]:
    """Return what a target claims: its name if that says something, else the nearest folder that does."""
    if not _SOME(target):
        return ()
    *folders, name = target.split("/")
    stem = name.rpartition(".")[0] or name
    parts = [set(re.findall(_WORDS, part.lower())) for part in [*folders, stem]]
    own = _of_name(stem)
    if any(part & _DERIVED for part in parts):  # thumbs/hero-4k.jpg may name what it is a thumbnail of
        own = tuple(claim._replace(sure=False) for claim in own)
    if own or parts[-1] & _DERIVED:
        return own
    for at in range(len(folders) - 1, -1, -1):
        if parts[at] & _DERIVED:
            break
        found = _of_folder(folders[at])
        if found:
            return found
    return ()


def _of_name(stem: str) -> tuple[Claim, ...]:
    sizes = list(re.finditer(_EXPLICIT, stem))
    if sizes:
        last = sizes[-1]  # an earlier one is part of the name of what this was made from
        behind = stem[last.end() :]
        if set(re.findall(_WORDS, behind.lower())) & _DERIVED or re.fullmatch(_REWORKED, behind):
            return ()
        also = _times(last, last[1]) if last[1] else None
        if stem.lower().startswith(_TILE) and not last[4]:
            also = _times(last, _TILE_SCALE)
        return (Claim(last[0], size=_times(last, last[4]), also=also),)
    found = []
    for token in re.finditer(_WORD, stem):
        if set(re.findall(_WORDS, stem[token.end() :].lower())) & _DERIVED:
            continue
        found.append(Claim(token[1], word=token[1].lower(), sure=_is_sure(stem, token)))
    return tuple(found)


def _times(found: re.Match[str], scale: str | None) -> Size:
    factor = float(scale or 1)
    return Size(round(int(found[2]) * factor), round(int(found[3]) * factor))


def _is_sure(stem: str, token: re.Match[str]) -> bool:
    """Not about the subject: no subject is named, and a word it is glued to ends the name (wallpaper4k)."""
    words = set(re.findall(_WORDS, re.sub(r"(?<=[a-z])(?=\d)", " ", stem.lower())))
    if words & _SUBJECTS:
        return False
    glued = token.start() > 0 and stem[token.start() - 1].isalpha()
    return not glued or token.end() == len(stem)


def _of_folder(folder: str) -> tuple[Claim, ...]:
    """A folder claims something by being called so: `4k`, `wallpapers-4k`, `3840x2160`."""
    exact = re.fullmatch(_EXPLICIT, folder)
    if exact:
        return (Claim(f"{folder}/", size=_times(exact, exact[4])),)
    words = re.split(r"[\s._-]+", folder.lower())
    said = [word for word in words if word not in _GALLERIES]
    if said and all(re.fullmatch(_WORD, word) for word in said) and (token := re.fullmatch(_WORD, said[0])):
        return (Claim(f"{folder}/", word=token[1].lower()),)
    return ()
