"""Which encoding the text of a page is in, as its header or its own first bytes declare it.

Only encodings that browsers decode (WHATWG Encoding Standard, "names and labels"): Python knows more, and
some of them, such as punycode, take time that grows with the square of a text's length.
"""

from __future__ import annotations

import codecs
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_DECLARED = re.compile(rb"charset\s*=\s*[\"']?\s*([A-Za-z0-9_:-]{1,40})", re.IGNORECASE)
_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))  # of byte order
_AS_THEY_ARE = frozenset(
    (
        *("utf-8", "koi8-r", "koi8-u", "cp866", "cp874", "mac-roman", "mac-cyrillic"),
        *(f"cp{number}" for number in range(1250, 1259)),
        *(f"iso8859-{number}" for number in (*range(2, 9), 10, 13, 14, 15, 16)),
        *("gbk", "gb18030", "big5", "euc_jp", "iso2022_jp", "cp932", "euc_kr"),
    )
)
_AS_ANOTHER: Mapping[str, str] = {  # what browsers take instead
    **dict.fromkeys(("ascii", "iso8859-1"), "cp1252"),
    "iso8859-9": "cp1254",
    **dict.fromkeys(("iso8859-11", "tis-620"), "cp874"),
    "gb2312": "gbk",
    "shift_jis": "cp932",
}
_WIDE: Mapping[str, str] = {"utf-16": "utf-16-le", "utf-16-le": "utf-16-le", "utf-16-be": "utf-16-be"}


def declared(data: bytes, header: str = "") -> str:
    """Return the encoding of a document by Python's name: by its byte order mark, its header, its own word.

    UTF-8 where none of them says so. What says of itself in ASCII that it is UTF-16 is not.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return encoding
    told = _DECLARED.search(header.encode("ascii", "replace"))
    said = told or _DECLARED.search(data[:1024])
    name = _named(said[1].decode("ascii")) if said else "utf-8"
    if name in _WIDE:
        return _WIDE[name] if told else "utf-8"
    name = _AS_ANOTHER.get(name, name)
    return name if name in _AS_THEY_ARE else "utf-8"


def _named(label: str) -> str:
    try:
        return codecs.lookup(label).name
    except LookupError:
        return ""
