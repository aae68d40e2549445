"""What a sentence for people may hold: Chinese, and no name of a header, a field or a value. Codes are for machines."""

import re

_NAME = re.compile(r"(?<![A-Za-z0-9_{.:/-])[A-Za-z_][A-Za-z0-9_-]{2,}(?![A-Za-z0-9_}:])")
"""A word of three letters or more that is no placeholder, no path and no part of an address."""
_QUOTED = re.compile("“[^”]*”")

WORDS = {
    *(
        "JSON",
        "NDJSON",
        "CSV",
        "XML",
        "YAML",
        "DTD",
        "gzip",
        "Excel",
        "WPS",
    ),  # formats, as the software of an office calls them
    *("UTF-8", "UTF-16", "BOM", "GB18030", "Big5", "GBK", "ASCII", "Base64", "NUL", "NaN", "Infinity", "KiB", "MiB"),
    *("SHA-256", "Ed25519", "BD-09", "GCJ-02", "WGS-84", "GPS"),
    *("huning-agent", "keygen"),  # a command to type
    *("Kafka", "MongoDB"),  # for operators, who run them
    "AppID",  # what the settings page of WeChat calls it
    *("true", "false"),  # what a JSON file of a city holds
}


def names_in(sentence: str) -> list[str]:
    """The English names in a sentence. What stands in quotation marks is somebody's own word, and not ours."""
    return [each for each in _NAME.findall(_QUOTED.sub("", sentence)) if each not in WORDS]
