"""The table: false alarms first, then what was found, per class and with counts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from benchmarks.native_corpus.results import doubtful

if TYPE_CHECKING:
    from collections.abc import Callable

    from benchmarks.native_corpus.results import Judged

    Test = Callable[[dict[str, Any]], bool]

LOSSLESS = ("png", "webpll", "png16")
APART = ("drawn", "generated", "cells")  # kinds with rows of their own, that the goals do not know
ADDED = ("copies", "one axis")  # what whole.py adds to each source, in rows of its own


def share(part: list[bool]) -> str:
    return f"{sum(part)}/{len(part)} ({100 * sum(part) / len(part):.0f} %)" if part else "-"


def line(name: str, *cells: str) -> None:
    print(f"| {name} | {' | '.join(cells)} |")


def head(*cells: str) -> None:
    print()
    line(cells[0], *cells[1:])
    line("---", *["---"] * (len(cells) - 1))


def plain(label: dict[str, Any]) -> bool:
    """The goals' class: photographs, no grain afterwards, not nearest neighbour."""
    return bool(label["kind"] == "photo" and label["how"] != "grain" and label["kernel"] != "nearest")


def near(label: dict[str, Any], ratio: float) -> bool:
    return bool(abs(label["ratio"] - ratio) < 0.004)


def false_alarms(judged: list[Judged]) -> None:
    head("true pictures", "`upscaled`", "`suspect`", "`cannot-tell`")
    for kind in ("photo", "art", *APART):
        for how in ("", *sorted({j.label["how"] for j in judged if j.true and j.label["kind"] == kind})):
            said = [
                j.found.verdict for j in judged
                if j.true and j.label["kind"] == kind and how in ("", j.label["how"])
            ]  # fmt: skip
            cells = [
                share([v == verdict for v in said]) for verdict in ("upscaled", "suspect", "cannot-tell")
            ]
            line(f"{kind}, {how}" if how else f"**{kind}**", *cells)


def found(judged: list[Judged]) -> None:
    head("enlarged", "`upscaled`", "and `suspect`", "size within 2 % of those found")
    every = [j for j in judged if j.label["ratio"] <= 0.703]
    small = [j for j in every if j.label["kernel"] != "network" and j.label["how"] not in ADDED]
    slight = [j for j in judged if 0.78 < j.label["ratio"] < 0.85 and j.label["kind"] not in APART]
    goals(small, slight)
    networks([j for j in every if j.label["kernel"] == "network"])
    for how in ADDED:
        row(every, f"how: {how}", lambda x, h=how: x["how"] == h)  # type: ignore[misc]
    for kind in APART:
        row(small, f"{kind}, all", lambda x, k=kind: x["kind"] == k)  # type: ignore[misc]
    known = [j for j in small if j.label["kind"] not in APART]
    row(known, "everything below 0.70", lambda _: True)
    for key in ("how", "kernel", "program", "codec"):
        for value in sorted({j.label[key] for j in known}):
            row(known, f"{key}: {value}", lambda x, k=key, v=value: x[k] == v)  # type: ignore[misc]


def row(over: list[Judged], name: str, test: Test) -> None:
    """One row: of the cases that pass ``test``, how many are called enlarged, and with the right size."""
    chosen = [j for j in over if test(j.label)]
    hits = [j for j in chosen if j.found.verdict == "upscaled"]
    either = [j.found.verdict in ("upscaled", "suspect") for j in chosen]
    line(name, share([j in hits for j in chosen]), share(either), share([j.size_right for j in hits]))


def goals(small: list[Judged], slight: list[Judged]) -> None:
    """The rows that goals are set for: by format, then by ratio."""

    def below(label: dict[str, Any]) -> bool:
        return plain(label) and label["ratio"] <= 0.535

    row(small, "PNG, JPEG 95", lambda x: below(x) and x["codec"] in (*LOSSLESS, "jpg95"))
    row(small, "JPEG 75-85", lambda x: below(x) and x["codec"] in ("jpg85", "jpg75"))
    row(small, "WebP 80", lambda x: below(x) and x["codec"] == "webp80")
    row(small, "AVIF 55", lambda x: below(x) and x["codec"] == "avif55")
    row(small, "exactly half, photos", lambda x: plain(x) and near(x, 0.5))
    row(small, "exactly half, art", lambda x: x["kind"] == "art" and near(x, 0.5))
    row(
        small,
        "2560 to 3840, PNG and JPEG 95",
        lambda x: plain(x) and near(x, 2 / 3) and x["codec"] in (*LOSSLESS, "jpg95"),
    )
    row(small, "2560 to 3840, JPEG 85", lambda x: plain(x) and near(x, 2 / 3) and x["codec"] == "jpg85")
    row(
        small,
        "2560 to 3840, JPEG 75, WebP, AVIF",
        lambda x: plain(x) and near(x, 2 / 3) and x["codec"] not in (*LOSSLESS, "jpg95", "jpg85"),
    )
    row(slight, "3072-3200 to 3840", lambda _: True)
    row(small, "art, all", lambda x: x["kind"] == "art")


def networks(cases: list[Judged]) -> None:
    """The rows of pictures that neural networks enlarged."""
    row(cases, "by neural networks, photos", lambda x: x["kind"] == "photo")
    row(cases, "by neural networks, art", lambda x: x["kind"] == "art")
    row(cases, "by neural networks, reduced afterwards", lambda x: x["how"] == "reduced")
    row(cases, "by neural networks, all", lambda _: True)
    for model in sorted({j.label["program"] for j in cases}):
        row(cases, f"by the network {model}", lambda x, m=model: x["program"] == m)  # type: ignore[misc]


def left_out(judged: list[Judged]) -> None:
    """Sources that are no true pictures of their size, by name, so that anyone can count them in."""
    for source in sorted({j.label["source"] for j in judged}):
        true = [j for j in judged if j.label["source"] == source and j.true]
        called = [j for j in true if j.found.verdict == "upscaled"]
        print(f"left out: {source}, {len(called)} of {len(true)} true cases `upscaled`")


def show(every: list[Judged], *, misses: bool) -> None:
    left_out([j for j in every if doubtful(j.label)])
    judged = [j for j in every if not doubtful(j.label)]
    sources = len({j.label["source"] for j in judged if j.label["kind"] != "drawn"})
    print(f"{len(judged)} cases of {sources} source pictures and drawn ones")
    false_alarms(judged)
    found(judged)
    print("\nfalse `upscaled`:")
    for j in judged:
        if j.true and j.found.verdict == "upscaled":
            print("-", j.label["kind"], j.label["source"], j.label["name"], j.label["size"], j.found)
    for j in judged if misses else ():
        if not j.true and j.found.verdict != "upscaled" and j.label["ratio"] <= 0.703:
            print(
                "- missed",
                j.label["source"],
                j.label["name"],
                j.label["kernel"],
                j.label["how"],
                j.found.verdict,
            )
