"""Ed25519 public keys: whether 32 bytes are the point of an honest key (RFC 8032).

Libraries accept any 32 bytes as a public key. Under one of the eight points of small order a signature can be made without a
private key, and an encoding that is not canonical gives one key a second name. An honest key is a point of the prime-order
subgroup other than the neutral one, in its canonical encoding.
"""

_P = 2**255 - 19
_D = -121665 * pow(121666, -1, _P) % _P
_ROOT_OF_MINUS_ONE = pow(2, (_P - 1) // 4, _P)
_ORDER = 2**252 + 27742317777372353535851937790883648493

_Point = tuple[int, int, int, int]
"""Extended homogeneous coordinates (X, Y, Z, T) of RFC 8032, section 5.1.4."""


def is_public_key(raw: bytes) -> bool:
    """Whether these bytes are the canonical encoding of a point that a private key can have made."""
    point = _decoded(raw)
    return point is not None and not _is_neutral(point) and _is_neutral(_times(_ORDER, point))


def _decoded(raw: bytes) -> _Point | None:
    """RFC 8032, section 5.1.3; None where it says that decoding fails.

    A y of p or more needs no check of its own: of the nineteen that 255 bits hold none is in the subgroup of honest keys.
    """
    if len(raw) != 32:
        return None
    encoded = int.from_bytes(raw, "little")
    sign, y = encoded >> 255, encoded & (2**255 - 1)
    x_squared = (y * y - 1) * pow(_D * y * y + 1, -1, _P) % _P
    x = pow(x_squared, (_P + 3) // 8, _P)
    if x * x % _P != x_squared:
        x = x * _ROOT_OF_MINUS_ONE % _P
    if x * x % _P != x_squared or (x == 0 and sign == 1):
        return None
    if x & 1 != sign:
        x = _P - x
    return x, y, 1, x * y % _P


def _times(number: int, point: _Point) -> _Point:
    product: _Point = (0, 1, 1, 0)
    while number:
        if number & 1:
            product = _sum(product, point)
        point = _sum(point, point)
        number >>= 1
    return product


def _sum(one: _Point, other: _Point) -> _Point:
    """RFC 8032, section 5.1.4: complete, so it doubles as well."""
    x1, y1, z1, t1 = one
    x2, y2, z2, t2 = other
    a, b = (y1 - x1) * (y2 - x2) % _P, (y1 + x1) * (y2 + x2) % _P
    c, d = 2 * t1 * t2 * _D % _P, 2 * z1 * z2 % _P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % _P, g * h % _P, f * g % _P, e * h % _P


def _is_neutral(point: _Point) -> bool:
    x, y, z, _ = point
    return x % _P == 0 and (y - z) % _P == 0
