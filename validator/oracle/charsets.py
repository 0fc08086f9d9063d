#!/usr/bin/env python3
"""Asks real Terraform what each byte means in each encoding it has, and writes that as the data of textencodebase64.

`charsets.py NAME...` tries these names beside those that are in the data already.
"""

from __future__ import annotations

import base64
import json
import sys

from terraform import REPOSITORY, Terraform

TARGET = REPOSITORY / "validator" / "data" / "charsets.json"
# Encodings of several bytes a character; the library has them.
WIDE = {
    "utf-8": "csutf8",
    "utf-16": "csutf16",
    "utf-16le": "csutf16le",
    "utf-16be": "csutf16be",
    "gbk": "cp936 csgbk ms936 windows-936",
    "gb18030": "csgb18030",
    "big5": "csbig5",
    "euc-jp": "cseucpkdfmtjapanese extended_unix_code_packed_format_for_japanese",
    "iso-2022-jp": "csiso2022jp",
    "shift_jis": "csshiftjis ms_kanji",
    "euc-kr": "cseuckr",
    "hz-gb-2312": "",
}
BYTES = ", ".join(f'"{base64.b64encode(bytes([byte])).decode()}"' for byte in range(256))


def main(tried: list[str]) -> int:
    """Writes the data."""
    wide = {name: first for first, others in WIDE.items() for name in [first, *others.split()]}
    known = json.loads(TARGET.read_text(encoding="utf-8"))["single"] if TARGET.exists() else []
    names = sorted({name.lower() for name in [*tried, *(name for one in known for name in one["names"])]} - set(wide))
    with Terraform(None) as terraform:
        taken = terraform.ask([f'textencodebase64("", "{name}")' for name in [*names, *wide]])
        kept = {name for name, record in zip([*names, *wide], taken) if record["ok"]}
        names = [name for name in names if name in kept]
        asked = [f'[for byte in [{BYTES}] : try(textdecodebase64(byte, "{name}"), null)]' for name in names]
        records = terraform.ask(asked)
    tables: dict[str, list[str]] = {}
    for name, record in zip(names, records):
        table = "".join("\ufffd" if c is None else c for c in record["value"])
        if len(table) != 256:
            raise ValueError(f"{name}: {len(table)} characters")
        tables.setdefault(table, []).append(name)
    lines = [json.dumps({"names": names, "table": table}) for table, names in sorted(tables.items(), key=lambda one: one[1])]
    single = ",\n    ".join(lines)
    several = json.dumps({name: first for name, first in wide.items() if name in kept})
    TARGET.write_text(f'{{\n  "several": {several},\n  "single": [\n    {single}\n  ]\n}}\n', encoding="utf-8")
    print(f"{len(tables)} encodings of one byte, {len(names)} names")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
