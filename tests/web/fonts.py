"""A Chinese font for the test browser, as a machine of our users has one: from the npm package, as fontconfig reads it."""

import struct
import zlib
from pathlib import Path

_WEIGHTS = (400, 600)
_SETTINGS = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir>{folder}</dir><cachedir>{folder}/cache</cachedir></fontconfig>
"""


def install(package: Path, folder: Path) -> Path:
    """Unpacks the font into the folder; the settings file that FONTCONFIG_FILE is to name."""
    folder.mkdir(parents=True, exist_ok=True)
    for weight in _WEIGHTS:
        for woff in (package / "files").glob(f"*-{weight}-normal.woff"):
            (folder / f"{woff.stem}.ttf").write_bytes(sfnt(woff.read_bytes()))
    settings = folder / "fonts.conf"
    settings.write_text(_SETTINGS.format(folder=folder))
    return settings


def sfnt(woff: bytes) -> bytes:
    """The font within a WOFF 1.0 file (https://www.w3.org/TR/WOFF/): the same tables, no longer compressed."""
    flavor, tables = struct.unpack(">4xI4xH", woff[:14])
    rows = [struct.unpack(">4s4I", woff[44 + 20 * at : 64 + 20 * at]) for at in range(tables)]
    power = 1 << (tables.bit_length() - 1)
    head = struct.pack(">I4H", flavor, tables, power * 16, power.bit_length() - 1, (tables - power) * 16)
    directory, bodies, offset = b"", b"", 12 + 16 * tables
    for tag, start, packed, length, checksum in rows:
        body = woff[start : start + packed]
        body = body if packed == length else zlib.decompress(body)
        directory += struct.pack(">4s3I", tag, checksum, offset + len(bodies), length)
        bodies += body + b"\0" * (-length % 4)
    return head + directory + bodies
