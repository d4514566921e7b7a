"""A folder with a manifest, a server the environment points at, and the real command between them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from apiserver.server import KEY, ApiServer

from verify4k.__main__ import main

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


class Done(NamedTuple):
    """What a command did."""

    code: int
    out: str
    err: str

    @property
    def all(self) -> str:
        return self.out + self.err


class Bench:
    """A folder with a manifest, and a server that the environment points at."""

    def __init__(self, folder: Path, server: ApiServer, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder = folder
        self.server = server
        self._capsys = capsys

    def manifest(self, files: dict[str, Any], **top: Any) -> None:
        """Write the manifest; JSON is YAML too, and easier to make."""
        top.setdefault("generate", {"route": "openai-images", "model": "gpt-image-2", "quality": "low"})
        body = {"version": 1, **top, "files": files}
        (self.folder / "verify4k.yaml").write_text(json.dumps(body), encoding="utf-8")

    def one(
        self, prompt: str = "a hill", target: str = "hero.png", size: str = "1024x640", **more: Any
    ) -> None:
        """Write a manifest of one picture."""
        generate = {"prompt": prompt, **more.pop("generate", {})}
        top = {"routes": more.pop("routes")} if "routes" in more else {}
        self.manifest({target: {"size": size, "alpha": "forbidden", "generate": generate, **more}}, **top)

    def run(self, *argv: str) -> Done:
        """Run verify4k here."""
        self._capsys.readouterr()
        code = main(argv)
        done = Done(code, *self._capsys.readouterr())
        assert "Traceback" not in done.all
        assert KEY not in done.all
        return done

    def generate(self, *argv: str) -> Done:
        """Run ``verify4k generate --yes``."""
        return self.run("generate", "--yes", *argv)

    @property
    def ledger(self) -> list[dict[str, Any]]:
        """All ledger lines."""
        path = self.folder / "verify4k.ledger.jsonl"
        if not path.exists():
            return []
        text = path.read_text("utf-8")
        assert KEY not in text
        return [json.loads(line) for line in text.splitlines()]

    def path(self, name: str) -> Path:
        return self.folder / name
