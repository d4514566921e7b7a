"""The quality that libjpeg would have been given, told from the table it wrote."""

from __future__ import annotations

from io import BytesIO

import pytest
from PIL import Image

from verify4k.analysis.native.coding import JpegTables, Quality
from verify4k.formats.facts import BytesReader
from verify4k.formats.jpeg.tables import tables


def written(quality: int) -> JpegTables:
    out = BytesIO()
    Image.new("RGB", (8, 8)).save(out, "JPEG", quality=quality)
    found = tables(BytesReader(out.getvalue()))
    assert found is not None
    return JpegTables(*found)


def test_every_quality_that_libjpeg_writes_is_told_exactly() -> None:
    for quality in range(1, 101):
        assert written(quality).quality == Quality(quality, exact=True)


@pytest.mark.parametrize("quality", [20, 60, 85])
def test_a_table_of_another_program_gets_the_nearest(quality: int) -> None:
    table = written(quality)
    other = JpegTables((table.luma[0] + 1, *table.luma[1:]), table.subsampling)
    assert other.quality == Quality(quality, exact=False)


def test_coarse_deep_tables_are_compared_without_the_limit_of_bytes() -> None:
    luma = tuple(step * 50 for step in written(50).luma)  # 5000 % is what quality 1 means
    assert JpegTables(luma, "").quality == Quality(1, exact=True)


@pytest.mark.parametrize(("quality", "strong"), [(40, True), (69, True), (70, False), (95, False)])
def test_below_seventy_a_trace_may_be_lost(quality: int, strong: bool) -> None:
    assert written(quality).quality.strong is strong
