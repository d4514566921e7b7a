"""Facts are remembered, verdicts are not: what changed is measured anew, what is broken is not believed."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from contextlib import suppress
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import PIL
import pytest
from permissions import permissions_hold
from pictures import drawn, gradient, save
from PIL import Image, ImageCms

from verify4k.artifacts import fact_cache
from verify4k.artifacts.artifact import Artifact
from verify4k.documents.nodes import Place
from verify4k.errors import Verify4kError
from verify4k.files.source import FileReader, FileSource
from verify4k.formats.limits import DEFAULT
from verify4k.formats.metadata.placeholder import XMP
from verify4k.model import Asset

if TYPE_CHECKING:
    from pathlib import Path

    from verify4k.report import Report

HOUR = 3600


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for name in ("a.png", "b.jpg"):
        gradient(64, 36).save(tmp_path / name)
    (tmp_path / "verify4k.yaml").write_text("version: 1\nfiles: {a.png: 64x36, b.jpg: 64x36}\n")
    return tmp_path


@pytest.fixture
def settled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let files be old enough at once: the change time cannot be set."""
    monkeypatch.setattr(fact_cache, "_SETTLED", -HOUR * 1_000_000_000)


def checked(folder: Path) -> Report:
    from verify4k import Settings, check, load_manifest

    cache = fact_cache.open_fact_cache(fact_cache.facts_folder(os.environ))
    return check(load_manifest(folder / "verify4k.yaml"), Settings(fact_cache=cache))


def remembered(report: Report) -> dict[str, tuple[str, ...]]:
    return {asset.target: asset.remembered for asset in report.assets}


def anew(report: Report) -> Report:
    return report._replace(assets=tuple(asset._replace(remembered=()) for asset in report.assets))


def entries(suffix: str) -> list[Path]:
    from pathlib import Path

    return sorted(Path(os.environ["VERIFY4K_CACHE_DIR"], "facts").glob(f"*.{suffix}"))


@pytest.mark.usefixtures("settled")
def test_the_second_run_says_the_same_and_what_it_remembers(project: Path, run: Any) -> None:
    first, second = checked(project), checked(project)
    assert remembered(first)["a.png"] == ()
    assert {"damage", "sha256", "walk"} <= set(remembered(second)["a.png"])
    assert anew(first) == anew(second)


@pytest.mark.usefixtures("settled")
@pytest.mark.parametrize(
    "chosen",
    [
        {"ignore": frozenset({"readable"})},
        *(
            {"select": frozenset({name})}
            for name in ("native-resolution", "no-trailing-data", "unlisted", "color", "patched-metadata")
        ),
        *(
            {"select": frozenset({name})}
            for name in ("same-picture", "no-stray-alpha", "not-blank", "same-bytes", "no-placeholder")
        ),
    ],
    ids=lambda chosen: str(*next(iter(chosen.values()))),
)
def test_facts_are_told_as_if_nothing_were_remembered(chosen: dict[str, Any], project: Path) -> None:
    """What remembered facts rest on is told too, and a digest only where something was read."""
    from verify4k import Settings, check, load_manifest

    (project / "c.png").write_bytes(save(gradient(64, 36).convert("RGBA"), "c.png") + b"xx")
    exif = Image.Exif()
    exif[0x0112], exif[0x0100], exif[0x0101] = 6, 4000, 3000
    icc = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    data = save(gradient(64, 36), "d.jpg", exif=exif, icc_profile=icc[:-1], xmp=XMP)
    (project / "d.jpg").write_bytes(data)
    entries = "{a.png: {sha256: " + "0" * 64 + "}, b.jpg: 64x36, c.png: {alpha: any}, d.jpg: 36x64}"
    (project / "verify4k.yaml").write_text(f"version: 1\nfiles: {entries}\n")
    cache = fact_cache.open_fact_cache(fact_cache.facts_folder(os.environ))
    settings = Settings(fact_cache=cache, **chosen)
    manifest = load_manifest(project / "verify4k.yaml")
    cold, warm = check(manifest, settings), check(manifest, settings)
    checked(project)
    assert anew(cold) == anew(warm) == anew(check(manifest, settings))


@pytest.mark.usefixtures("settled")
def test_metadata_are_remembered_too(project: Path, run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every photograph has some: for them alone each file would be opened again."""
    exif = Image.Exif()
    exif[0x0100], exif[0x0101] = 4000, 3000
    icc = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    (project / "b.jpg").write_bytes(save(gradient(64, 36), "b.jpg", exif=exif, icc_profile=icc[:-1], xmp=XMP))
    first = checked(project)
    assert {"patched-metadata", "color", "no-placeholder"} <= {found.rule for found in first.findings}
    opened: list[str] = []
    open_it = FileSource.open

    def noted(self: FileSource) -> FileReader:
        opened.append(os.path.basename(self.path))
        return open_it(self)

    monkeypatch.setattr(FileSource, "open", noted)
    assert anew(checked(project)) == anew(first)
    assert opened == ["verify4k.yaml"]


MEASURED = {
    "texture": {"native", "detail", "frame_faults"},
    "enlarged": {"native", "native_evidence"},  # with what undoing it leaves
    "padded": {"padding"},
    "blank": {"blank"},
    "disc-clear": {"edges", "art", "alpha"},
    "rounded": {"rounding"},
    "truncated": {"damage"},
}


@pytest.mark.usefixtures("settled")
@pytest.mark.parametrize("kind", MEASURED)
def test_every_fact_that_was_measured_is_remembered_as_it_was(kind: str, tmp_path: Path) -> None:
    """Whatever class it has: one that could not be written down was measured anew, unsaid, in every run."""
    path = tmp_path / "a.png"
    path.write_bytes(drawn(kind, 1024, 576))
    os.utime(path, (HOUR, HOUR))
    cache = fact_cache.open_fact_cache(fact_cache.facts_folder(os.environ))
    assert cache is not None

    def looked_at() -> tuple[dict[str, Any], set[str]]:
        content = Artifact(Asset("a.png", str(path), Place("verify4k.yaml", 1, 1)), FileSource(str(path)))
        content.cached_facts = known = cache.of(str(path), DEFAULT, colour=False)
        for name in fact_cache.KEPT:
            with suppress(Verify4kError):
                getattr(content, name)
        content.close()
        return {name: vars(content)[name] for name in fact_cache.KEPT if name in vars(content)}, known.used

    measured, nothing = looked_at()
    assert nothing == set()
    assert MEASURED[kind] <= set(measured)
    assert all(measured[name] for name in MEASURED[kind])
    assert looked_at() == (measured, set(measured))


@pytest.mark.usefixtures("settled")
def test_why_a_file_is_damaged_is_told_whatever_is_remembered(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(drawn("truncated", name="a.jpg"))
    (tmp_path / "verify4k.yaml").write_text("version: 1\nfiles: {a.jpg: {size: 64x36, corners: square}}\n")
    first, second = checked(tmp_path), checked(tmp_path)
    assert second.assets[0].remembered
    assert anew(second) == anew(first)
    assert first.assets[0].facts["error"].startswith("the file ends"), first.assets[0].facts


@pytest.mark.usefixtures("settled")
def test_what_is_known_already_is_not_written_again(project: Path, run: Any) -> None:
    def written() -> list[tuple[str, int]]:
        return [(path.name, path.stat().st_ino) for kind in ("facts", "path") for path in entries(kind)]

    checked(project)
    before = written()
    assert len(before) == 4  # two files
    checked(project)
    assert written() == before


@pytest.mark.usefixtures("settled")
def test_what_is_remembered_whole_is_judged_without_any_process(
    project: Path, run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from verify4k.checking import dispatch

    first = checked(project)
    monkeypatch.setattr(dispatch, "processes", lambda *_: pytest.fail("a process was started"))
    assert anew(checked(project)) == anew(first)
    gradient(64, 37).save(project / "a.png")
    with pytest.raises(pytest.fail.Exception, match="a process was started"):
        checked(project)


@pytest.mark.usefixtures("settled")
def test_a_file_that_has_not_changed_is_not_opened(
    project: Path, run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = checked(project)
    opened: list[str] = []
    descriptor = FileSource._descriptor

    def noted(self: FileSource) -> tuple[int, int]:
        opened.append(os.path.basename(self.path))
        return descriptor(self)

    monkeypatch.setattr(FileSource, "_descriptor", noted)
    assert anew(checked(project)) == anew(first)
    for path in entries("facts"):
        path.unlink()  # the path's own entry has them too
    assert anew(checked(project)) == anew(first)
    assert set(opened) == {"verify4k.yaml"}


@pytest.mark.usefixtures("settled")
def test_facts_that_are_too_large_for_two_entries_stand_in_one(
    project: Path, run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = checked(project)
    largest = max(path.stat().st_size for path in entries("facts"))
    for path in (*entries("facts"), *entries("path")):
        path.unlink()
    monkeypatch.setattr("verify4k.artifacts.cache_entries._LARGEST", largest + 110)
    checked(project)
    written = {path.name: path.stat().st_ino for path in (*entries("facts"), *entries("path"))}
    assert len(written) == 4
    assert b'"facts"' not in max(entries("path"), key=lambda path: path.stat().st_mtime_ns).read_bytes()
    second = checked(project)
    assert anew(second) == anew(first)
    assert {"sha256", "damage"} <= set(remembered(second)["a.png"])
    assert {path.name: path.stat().st_ino for path in (*entries("facts"), *entries("path"))} == written


@pytest.mark.usefixtures("settled")
def test_a_second_look_in_colour_leaves_what_the_first_has_written(tmp_path: Path) -> None:
    """Two pictures with the same first rows are decoded once more, and remembered apart."""
    for number, last in enumerate(((1, 2, 3), (4, 5, 6))):
        image = gradient(64, 360)
        image.putpixel((63, 359), last)
        image.save(tmp_path / f"{number}.png")
    (tmp_path / "verify4k.yaml").write_text("version: 1\nfiles: {'*.png': 64x360}\n")
    first, second = checked(tmp_path), checked(tmp_path)
    assert anew(first) == anew(second)
    written = {path.name: path.stat().st_ino for path in (*entries("facts"), *entries("path"))}
    assert len(written) == 8
    assert anew(checked(tmp_path)) == anew(first)
    assert {path.name: path.stat().st_ino for path in (*entries("facts"), *entries("path"))} == written


@pytest.mark.usefixtures("settled")
def test_a_renamed_file_has_the_facts_of_its_content(project: Path, run: Any) -> None:
    checked(project)
    (project / "a.png").rename(project / "c.png")
    (project / "verify4k.yaml").write_text("version: 1\nfiles: {c.png: 64x36}\n")
    assert {"damage", "header", "walk"} <= set(remembered(checked(project))["c.png"])
    assert "sha256" in remembered(checked(project))["c.png"]


@pytest.mark.usefixtures("settled")
@pytest.mark.parametrize("kind", ["blank", "padded", "texture"])
def test_what_is_remembered_is_told_without_numpy(kind: str, tmp_path: Path) -> None:
    """Importing it takes longer than to judge a thousand files by what is known of them."""
    (tmp_path / "a.png").write_bytes(drawn(kind, 1024, 576))
    promised = "{size: 1024x576, native: on, padding: forbidden}"
    (tmp_path / "verify4k.yaml").write_text(f"version: 1\nfiles: {{a.png: {promised}}}\n")
    code = (
        "import sys; from verify4k.artifacts import fact_cache; fact_cache._SETTLED = -10**18;"
        "from verify4k.__main__ import main; main(sys.argv[1:]); print('numpy' in sys.modules)"
    )
    command = [sys.executable, "-c", code, "check", "-c", str(tmp_path / "verify4k.yaml")]
    said = [
        subprocess.run(command, capture_output=True, text=True, check=True).stdout.rpartition("1 asset")
        for _ in range(2)
    ]
    assert said[0][:2] == said[1][:2]
    assert said[1][1] == "1 asset"
    assert said[1][2].split("\n")[-2] == "False"


@pytest.mark.usefixtures("settled")
@pytest.mark.parametrize(("new", "looked_for"), [(1, ["a.png"]), (2, ["a.png", "b.jpg"])])
def test_after_many_files_that_nobody_remembers_no_more_are_looked_for(
    new: int, looked_for: list[str], project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from verify4k.checking import dispatch

    seen: list[str] = []

    def remembered(*arguments: Any) -> None:
        seen.append(arguments[-1].asset.target)

    monkeypatch.setattr(dispatch, "remembered", remembered)
    monkeypatch.setattr(dispatch, "NEW_IN_A_ROW", new)
    assert checked(project).exit_code == 0
    assert seen == looked_for


@pytest.mark.usefixtures("settled")
def test_a_changed_promise_is_judged_by_what_is_remembered(project: Path, run: Any) -> None:
    checked(project)
    (project / "verify4k.yaml").write_text("version: 1\nfiles: {a.png: 32x18, b.jpg: 64x36}\n")
    report = checked(project)
    assert [found.target for found in report.findings] == ["a.png"]
    assert remembered(report)["a.png"]


@pytest.mark.usefixtures("settled")
def test_a_changed_file_is_measured_anew_whatever_its_times_say(project: Path, run: Any) -> None:
    checked(project)
    before = (project / "a.png").stat()
    data = (project / "a.png").read_bytes()
    (project / "a.png").write_bytes(data[:-20] + bytes(20))  # of the same size
    os.utime(project / "a.png", ns=(before.st_atime_ns, before.st_mtime_ns))
    report = checked(project)
    assert [found.target for found in report.findings] == ["a.png"]
    assert "damage" not in remembered(report)["a.png"]


@pytest.mark.parametrize("modified", [None, 1.5])
def test_a_file_that_is_as_new_as_the_run_is_read_again(
    modified: float | None, project: Path, run: Any
) -> None:
    if modified is not None:  # an archive tells when it was, and its change time that it is new here
        for name in ("a.png", "b.jpg"):
            os.utime(project / name, (modified, modified))
    checked(project)
    assert entries("path") == []
    again = remembered(checked(project))["a.png"]
    assert "damage" in again  # of the same content
    assert "sha256" not in again


@pytest.mark.usefixtures("settled")
def test_where_the_change_time_is_the_time_of_modification_every_file_is_read(
    project: Path, run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Squashfs, ISO 9660 and sshfs know no change time, and reproducible builds set all others alike."""

    def built(path: str) -> tuple[int, ...]:
        found = os.stat(path)
        return found.st_size, 1_700_000_000_000_000_000, 1_700_000_000_000_000_000, 2, 1792

    monkeypatch.setattr(fact_cache, "_stat", built)
    checked(project)
    data = (project / "a.png").read_bytes()
    (project / "a.png").write_bytes(data[:-20] + bytes(20))  # of the same size
    report = checked(project)
    assert [found.target for found in report.findings] == ["a.png"]
    assert "damage" in remembered(report)["b.jpg"]  # of the same content
    assert "sha256" not in remembered(report)["b.jpg"]


@pytest.mark.usefixtures("settled")
@pytest.mark.parametrize(
    "harm",
    [
        lambda data: data[: len(data) // 2],
        lambda data: data.replace(b"damage", b"dAmage"),
        lambda _: b"",
        lambda _: b"\0" * 5000,
    ],
)
def test_an_entry_that_is_not_whole_is_not_believed(harm: Any, project: Path, run: Any) -> None:
    first = checked(project)
    for path in (*entries("facts"), *entries("path")):
        path.write_bytes(harm(path.read_bytes()))
    second = checked(project)
    assert not any("damage" in names for names in remembered(second).values())
    assert remembered(first) is not None
    assert anew(first) == anew(second)
    assert "damage" in remembered(checked(project))["a.png"]  # rebuilt


def a_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def a_fifo(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


def a_link(path: Path) -> None:
    path.unlink()
    path.symlink_to("/dev/zero")


@pytest.mark.usefixtures("settled")
@pytest.mark.parametrize("suffix", ["facts", "path"])
@pytest.mark.parametrize(
    "other", [a_folder, *(() if os.name == "nt" else (a_fifo, a_link))], ids=lambda other: other.__name__
)
def test_what_is_no_file_in_an_entry_s_place_is_not_waited_for_and_gives_way(
    other: Any, suffix: str, project: Path, run: Any
) -> None:
    first = checked(project)
    for path in entries(suffix):
        other(path)
    if suffix == "facts":  # else they are not looked for
        for path in entries("path"):
            path.unlink()
    assert anew(first) == anew(checked(project))
    assert "damage" in remembered(checked(project))["a.png"]
    assert all(path.is_file() and not path.is_symlink() for path in entries("facts"))
    assert all(path.is_file() and not path.is_symlink() for path in entries("path"))


@pytest.mark.usefixtures("settled")
@pytest.mark.parametrize("suffix", ["facts", "path"])
def test_an_entry_in_which_a_value_was_changed_is_not_believed(suffix: str, project: Path, run: Any) -> None:
    (project / "a.png").write_bytes((project / "a.png").read_bytes()[:-20])
    first = checked(project)
    assert [found.target for found in first.findings] == ["a.png"]
    changed = 0
    for path in entries(suffix):
        text = path.read_bytes()
        intact = re.sub(rb'"damage":(\[[^]]*\]|\{[^}]*\})', b'"damage":[]', text)
        changed += intact != text
        path.write_bytes(intact)
    assert changed
    if suffix == "facts":
        for path in entries("path"):
            path.unlink()
    assert anew(first) == anew(checked(project))


@pytest.mark.usefixtures("settled")
def test_a_value_that_nobody_can_read_any_more_is_measured_anew(project: Path, run: Any) -> None:
    from verify4k.artifacts.cache_entries import keep_entry, read_entry

    (project / "a.png").write_bytes((project / "a.png").read_bytes()[:-20])
    first = checked(project)
    for path in entries("path"):
        path.unlink()
    for path in entries("facts"):
        gone = {"of": "verify4k.formats.facts:Gone", "is": []}
        strange = {name: gone for name in read_entry(str(path))}  # noqa: C420 - one for each
        assert keep_entry(str(path.parent), str(path), strange)
    assert anew(first) == anew(checked(project))


@pytest.mark.usefixtures("settled")
@pytest.mark.parametrize("suffix", ["facts", "path"])
def test_an_entry_that_belongs_to_another_file_is_not_believed(suffix: str, project: Path, run: Any) -> None:
    (project / "a.png").write_bytes((project / "a.png").read_bytes()[:-20])
    first = checked(project)
    one, other = entries(suffix)
    held = one.read_bytes(), other.read_bytes()
    one.write_bytes(held[1])
    other.write_bytes(held[0])
    if suffix == "facts":  # else they are not looked for
        for path in entries("path"):
            path.unlink()
    assert anew(first) == anew(checked(project))


@pytest.mark.usefixtures("settled")
@pytest.mark.parametrize(
    "argv",
    [("--no-cache",), ("--no-ignores",), ("--report", "in-toto=s.json"), ("--report", "sha256sums=s.txt")],
)
def test_a_statement_and_who_wants_none_rest_on_no_earlier_run(
    argv: tuple[str, ...], project: Path, run: Any
) -> None:
    said = "note: 2 files were measured by an earlier run"
    assert said not in run("check", "-v").err
    assert said in run("check", "-v").err
    assert said not in run("check", "-v", *argv).err


@pytest.mark.usefixtures("settled")
def test_a_statement_of_what_was_remembered_never_says_passed() -> None:
    from verify4k.report import Report
    from verify4k.reporters._result import result

    class Asset:
        target, sha256, depth, verdict, remembered = "a.png", "0", "full", "passed", ("damage",)

    report = Report("1", "m", "0", (Asset(),), (), (), (), (), (), "error", 0)  # type: ignore[arg-type]
    assert result(report) == ("FAILED", ["1 remembered from an earlier run"])


def test_other_limits_and_other_code_measure_for_themselves(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"x")
    one = fact_cache.FactCache(str(tmp_path), "1")
    paths = {
        one.of(str(tmp_path / "a"), DEFAULT, colour=False)._of("0" * 64),
        one.of(str(tmp_path / "a"), DEFAULT, colour=True)._of("0" * 64),
        one.of(str(tmp_path / "a"), DEFAULT._replace(pixels=1), colour=False)._of("0" * 64),
        fact_cache.FactCache(str(tmp_path), "2").of(str(tmp_path / "a"), DEFAULT, colour=False)._of("0" * 64),
    }
    assert len(paths) == 4


@pytest.mark.parametrize("part", ["formats", "analysis", "artifacts", "data"])
def test_the_version_is_another_where_a_file_of_what_measures_is_another(
    part: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks = fact_cache._looks_of
    before = fact_cache._version()
    assert fact_cache._version() == before
    monkeypatch.setattr(
        fact_cache,
        "_looks_of",
        lambda folder: [*looks(folder), "new"] if folder.endswith(part) else looks(folder),
    )
    assert fact_cache._version() != before


def test_the_version_is_another_where_a_decoder_was_installed_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    stat = fact_cache._stat
    before = fact_cache._version()
    for name in filter(find_spec, ("PIL", "numpy", "simplejpeg", "pyspng", "zlib_ng")):
        installed = f"{os.sep}{name}{os.sep}"
        monkeypatch.setattr(
            fact_cache, "_stat", lambda path, part=installed: None if part in path else stat(path)
        )
        assert fact_cache._version() != before, name


def test_a_pillow_that_decodes_with_the_system_s_libraries_is_another_after_their_update(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pillow, installed = tmp_path / "PIL", tmp_path / "ld.so.cache"
    monkeypatch.setattr(fact_cache, "_INSTALLED", (str(installed), str(tmp_path / "nowhere")))
    pillow.mkdir()

    def told() -> list[str]:
        return list(fact_cache._libraries_of(str(pillow)))

    installed.write_text("libwebp 1")
    before = told()
    installed.write_text("libwebp 1.2")
    assert told() != before
    for wheel in (tmp_path / "pillow.libs", pillow / ".dylibs"):
        wheel.mkdir()
        assert told() == []
        wheel.rmdir()


def test_the_version_asks_for_the_libraries_of_the_very_pillow(monkeypatch: pytest.MonkeyPatch) -> None:
    plain = fact_cache._version()
    monkeypatch.setattr(fact_cache, "_libraries_of", lambda pillow: [pillow])
    assert fact_cache._version() != plain
    monkeypatch.setattr(fact_cache, "_libraries_of", lambda _: [os.path.dirname(PIL.__file__)])
    again = fact_cache._version()
    monkeypatch.setattr(fact_cache, "_libraries_of", lambda pillow: [pillow])
    assert fact_cache._version() == again


@pytest.mark.usefixtures("settled")
def test_clean_removes_what_is_ours_and_nothing_else(project: Path, run: Any) -> None:
    checked(project)
    other = entries("facts")[0].with_name("other.txt")
    other.write_text("mine")
    assert (
        (other.parent / "CACHEDIR.TAG").read_text().startswith("Signature: 8a477f597d28d172789f06886806bc55")
    )
    assert run("clean").out.startswith("removed 4 entries from ")
    assert [path.name for path in other.parent.iterdir()] == ["other.txt"]
    assert run("clean").out == "nothing is kept\n"


@pytest.mark.usefixtures("settled")
def test_clean_tells_of_what_it_cannot_remove(project: Path, run: Any) -> None:
    checked(project)
    entry = entries("facts")[0]
    entry.unlink()
    entry.mkdir()
    ended = run("clean")
    assert ended.code == 3
    assert "1 of what is kept in" in ended.err
    assert sorted(path.name for path in entry.parent.iterdir()) == sorted([entry.name, "CACHEDIR.TAG"])
    entry.rmdir()
    assert run("clean").out == "nothing is kept\n"
    assert not entry.parent.exists()


@pytest.mark.usefixtures("settled")
def test_clean_tells_of_a_folder_that_it_may_not_look_into(project: Path, run: Any) -> None:
    checked(project)
    folder = entries("facts")[0].parent
    folder.chmod(0o000)
    with permissions_hold():
        ended = run("clean")
    folder.chmod(0o700)
    assert (ended.code, "cannot be listed" in ended.err) == (3, True)


@pytest.mark.skipif(os.name == "nt", reason="users of Windows have a home")
def test_a_user_without_a_home_keeps_nothing_and_has_no_folder_named_tilde(project: Path) -> None:
    """As in a container that runs under a number: no HOME, and no entry in the list of users."""
    run_as = "from verify4k.__main__ import main; import pwd; pwd.getpwuid = {}.__getitem__; main(['check'])"
    bare = {k: v for k, v in os.environ.items() if k not in ("HOME", "XDG_CACHE_HOME", "VERIFY4K_CACHE_DIR")}
    command = [sys.executable, "-c", run_as]
    ended = subprocess.run(command, cwd=project, env=bare, capture_output=True, text=True, check=False)
    assert ended.stdout == "2 assets: 2 passed; every promise holds\n", ended.stderr
    assert sorted(os.listdir(project)) == ["a.png", "b.jpg", "verify4k.yaml"]


def test_beyond_a_number_the_oldest_go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("verify4k.artifacts.cache_entries._MOST", 3)
    fact_cache.open_fact_cache(str(tmp_path))
    for age in range(6):
        (tmp_path / f"{age}.facts").touch()
        os.utime(tmp_path / f"{age}.facts", (10**9 - age, 10**9 - age))
    os.utime(tmp_path / "CACHEDIR.TAG", (0, 0))  # a day has passed
    fact_cache.open_fact_cache(str(tmp_path))
    assert sorted(path.name for path in tmp_path.glob("*.facts")) == ["0.facts", "1.facts", "2.facts"]


def test_who_writes_much_makes_room_before_a_day_is_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from verify4k.artifacts import cache_entries as kept

    monkeypatch.setattr(kept, "_MOST", 3)
    monkeypatch.setattr(kept, "_OFTEN", 5)
    kept.open_folder(str(tmp_path))
    for name, hours in ((".new-left", 2), (".new-now", -2)):
        (tmp_path / name).touch()
        then = time.time() - hours * HOUR
        os.utime(tmp_path / name, (then, then))
    for number in range(60):
        assert kept.keep_entry(str(tmp_path), str(tmp_path / f"{number}.facts"), number)
        os.utime(tmp_path / f"{number}.facts", (10**9 + number, 10**9 + number))
        assert len(list(tmp_path.glob("*.facts"))) <= 3 + 5
    assert not (tmp_path / ".new-left").exists()
    assert (tmp_path / ".new-now").exists(), "somebody writes it"
    assert kept.read_entry(str(tmp_path / "59.facts")) == 59


@pytest.mark.usefixtures("settled")
def test_a_folder_that_cannot_be_written_costs_only_time(
    project: Path, run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "locked"
    folder.mkdir(mode=0o500)
    monkeypatch.setenv("VERIFY4K_CACHE_DIR", str(folder / "cache"))
    with permissions_hold():
        assert run("check").code == 0
    assert list(folder.iterdir()) == []
