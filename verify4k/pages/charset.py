"""Which encoding the text of a page or style sheet is in, as its header or its own first bytes declare it.

Only encodings that browsers decode, under the names that they know (WHATWG Encoding Standard, "names and
labels"): Python knows others, and some of them, such as punycode, take time that grows with the square of a
text's length.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_DECLARED = re.compile(rb"charset\s*=\s*[\"']?\s*([A-Za-z0-9_:.-]{1,40})", re.IGNORECASE)
_FIRST = 1024  # bytes in which browsers look for it
_COMMENT = re.compile(rb"<!--.*?(?:-->|$)", re.DOTALL)
_META = re.compile(rb"<meta[\s/][^>]*", re.IGNORECASE)
_CONTENT = re.compile(rb"content\s*=\s*(?:\"[^\"]*\"|'[^']*'|[^\s>]*)", re.IGNORECASE)
_AT_FIRST = re.compile(rb"(?:@charset \"|<\?xml[^>]{0,99}\sencoding\s*=\s*[\"'])([A-Za-z0-9_:.-]{1,40})[\"']")
_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))  # of byte order
_WIDE: Mapping[str, str] = {
    **dict.fromkeys(("utf-16", "utf-16le", "ucs-2", "unicode", "csunicode", "iso-10646-ucs-2"), "utf-16-le"),
    "utf-16be": "utf-16-be",
}
# what Python calls an encoding, and the names by which browsers know it
_LABELS: Mapping[str, str] = {
    "cp866": "866 cp866 csibm866 ibm866",
    "iso8859-2": "csisolatin2 iso-ir-101 iso_8859-2:1987 l2 latin2",
    "iso8859-3": "csisolatin3 iso-ir-109 iso_8859-3:1988 l3 latin3",
    "iso8859-4": "csisolatin4 iso-ir-110 iso_8859-4:1988 l4 latin4",
    "iso8859-5": "csisolatincyrillic cyrillic iso-ir-144 iso_8859-5:1988",
    "iso8859-6": "arabic asmo-708 csiso88596e csiso88596i csisolatinarabic ecma-114 iso-8859-6-e iso-8859-6-i"
    " iso-ir-127 iso_8859-6:1987",
    "iso8859-7": "csisolatingreek ecma-118 elot_928 greek greek8 iso-ir-126 iso_8859-7:1987 sun_eu_greek",
    "iso8859-8": "csiso88598e csiso88598i csisolatinhebrew hebrew iso-8859-8-e iso-8859-8-i iso-ir-138"
    " iso_8859-8:1988 logical visual",
    "iso8859-10": "csisolatin6 iso-ir-157 l6 latin6",
    "iso8859-13": "",
    "iso8859-14": "",
    "iso8859-15": "csisolatin9 l9",
    "iso8859-16": "",
    "koi8-r": "cskoi8r koi koi8 koi8-r koi8_r",
    "koi8-u": "koi8-ru koi8-u",
    "mac-roman": "csmacintosh mac macintosh x-mac-roman",
    "mac-cyrillic": "x-mac-cyrillic x-mac-ukrainian",
    "cp874": "dos-874 iso-8859-11 iso8859-11 iso885911 tis-620 windows-874",
    "cp1252": "ansi_x3.4-1968 ascii cp819 csisolatin1 ibm819 iso-8859-1 iso-ir-100 iso8859-1 iso88591"
    " iso_8859-1 iso_8859-1:1987 l1 latin1 us-ascii",
    "cp1254": "csisolatin5 iso-8859-9 iso-ir-148 iso8859-9 iso88599 iso_8859-9 iso_8859-9:1989 l5 latin5",
    **dict.fromkeys((f"cp{number}" for number in (1250, 1251, 1253, 1255, 1256, 1257, 1258)), ""),
    "gbk": "chinese csgb2312 csiso58gb231280 gb2312 gb_2312 gb_2312-80 gbk iso-ir-58 x-gbk",
    "gb18030": "gb18030",
    "big5": "big5 big5-hkscs cn-big5 csbig5 x-x-big5",
    "euc_jp": "cseucpkdfmtjapanese euc-jp x-euc-jp",
    "iso2022_jp": "csiso2022jp iso-2022-jp",
    "cp932": "csshiftjis ms932 ms_kanji shift-jis shift_jis sjis windows-31j x-sjis",
    "euc_kr": "cseuckr csksc56011987 euc-kr iso-ir-149 korean ks_c_5601-1987 ks_c_5601-1989 ksc5601 ksc_5601"
    " windows-949",
}


def declared(data: bytes, header: str = "") -> str:
    """Return the encoding of a document by Python's name: by its byte order mark, its header, its own word.

    UTF-8 where none of them says so. What says of itself in ASCII that it is UTF-16 is not.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return encoding
    told = _DECLARED.search(header.encode("ascii", "replace"))
    label = (told[1] if told else _own_word(data[:_FIRST])).decode("ascii").lower()
    if label in _WIDE:
        return _WIDE[label] if told else "utf-8"
    return _NAMES.get(label, "utf-8")


def _own_word(start: bytes) -> bytes:
    """Return what a document says of itself: in a `meta`, in its XML declaration, or in `@charset`."""
    first = _AT_FIRST.match(start)
    if first:
        return first[1]
    for meta in _META.findall(_COMMENT.sub(b"", start)):
        said = meta if b"http-equiv" in meta.lower() else _CONTENT.sub(b"", meta)
        found = _DECLARED.search(said)
        if found:
            return found[1]
    return b""


def _named() -> dict[str, str]:
    found = {label: name for name, labels in _LABELS.items() for label in labels.split()}
    for name in _LABELS:
        if name.startswith("cp125"):
            found |= dict.fromkeys((name, f"windows-{name[2:]}", f"x-{name}"), name)
        elif name.startswith("iso8859-"):
            part = name.partition("-")[2]
            found |= dict.fromkeys((f"iso-8859-{part}", name, f"iso8859{part}", f"iso_8859-{part}"), name)
    return found


_NAMES = _named()
