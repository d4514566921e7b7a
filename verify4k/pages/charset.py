"""Which encoding the text of a page is in, as its header or its own first bytes declare it.

Only encodings that browsers decode (WHATWG Encoding Standard, "names and labels"): Python knows more, and
some of them, such as punycode, take time that grows with the square of a text's length.
"""

from __future__ import annotations

import codecs
import re

_DECLARED = re.compile(rb"charset\s*=\s*[\"']?\s*([A-Za-z0-9_:-]{1,40})", re.IGNORECASE)
_LATIN = frozenset(("ascii", "iso8859-1", "latin-1", "cp1252"))  # one encoding for browsers
_BROWSERS = frozenset(
    (
        *("utf-8", "utf-16-le", "koi8-r", "koi8-u", "cp866", "cp874", "tis-620", "mac-roman", "mac-cyrillic"),
        *(f"cp{number}" for number in range(1250, 1259)),
        *(f"iso8859-{number}" for number in (*range(2, 9), 10, 13, 14, 15, 16)),
        *("gb2312", "gbk", "gb18030", "big5", "euc_jp", "iso2022_jp", "shift_jis", "cp932", "euc_kr"),
    )
)


def declared(data: bytes, header: str = "") -> str:
    """Return the encoding of a document by Python's name: the header's word, its own, else UTF-8."""
    if data.startswith(b"\xef\xbb\xbf"):
        return "utf-8-sig"
    found = _DECLARED.search(header.encode("ascii", "replace")) or _DECLARED.search(data[:1024])
    if found is None:
        return "utf-8"
    try:
        name = codecs.lookup(found[1].decode("ascii")).name
    except LookupError:
        return "utf-8"
    if name in _LATIN:
        return "cp1252"
    return name if name in _BROWSERS else "utf-8"
