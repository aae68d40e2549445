"""Access tokens and the keys that others verify them with."""

from datetime import timedelta
from pathlib import Path

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from services.accounts.sessions.signing import SigningKeys
from services.accounts.tests.building import user
from shared.access.tokens import AUDIENCE, ISSUER, claims_of
from shared.values.clock import now


def key_in(path: Path) -> None:
    key = Ed25519PrivateKey.generate()
    path.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))


def verified(token: str, keys: SigningKeys) -> dict[str, object]:
    published = {key["kid"]: jwt.PyJWK(key) for key in keys.published}
    key = published[jwt.get_unverified_header(token)["kid"]]
    return jwt.decode(token, key, algorithms=["EdDSA"], audience=AUDIENCE, issuer=ISSUER)


def test_a_token_says_who_what_for_which_version_and_for_how_long(tmp_path: Path) -> None:
    key_in(tmp_path / "signing.pem")
    keys = SigningKeys.read(tmp_path)
    claims = verified(keys.sign(claims_of(user().published(), 7, now(), "token-1")), keys)
    assert claims["sub"] == "user-1"
    assert claims["ver"] == 7
    member = {"role": "member", "jurisdiction": None, "duty": None, "employer_credit_code": None}
    assert claims["roles"] == [member]
    assert int(str(claims["exp"])) - int(str(claims["iat"])) == timedelta(minutes=15).total_seconds()


def test_tokens_of_a_retiring_key_are_verified_until_it_is_removed(tmp_path: Path) -> None:
    key_in(tmp_path / "signing.pem")
    token = SigningKeys.read(tmp_path).sign(claims_of(user().published(), 1, now(), "token-1"))
    (tmp_path / "signing.pem").rename(tmp_path / "signing-2026.pem")
    key_in(tmp_path / "signing.pem")
    keys = SigningKeys.read(tmp_path)
    assert verified(token, keys)["sub"] == "user-1"
    assert keys.key_id != jwt.get_unverified_header(token)["kid"]
    (tmp_path / "signing-2026.pem").unlink()
    with pytest.raises(KeyError):
        verified(token, SigningKeys.read(tmp_path))


def test_nothing_of_the_private_key_is_published(tmp_path: Path) -> None:
    key_in(tmp_path / "signing.pem")
    assert all(set(key) == {"kty", "crv", "x", "kid", "use", "alg"} for key in SigningKeys.read(tmp_path).published)


def test_a_key_id_is_the_thumbprint_that_rfc_8037_gives_for_its_example(tmp_path: Path) -> None:
    """RFC 8037, appendix A.1 and A.3."""
    seed = bytes.fromhex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")
    key = Ed25519PrivateKey.from_private_bytes(seed)
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (tmp_path / "signing.pem").write_bytes(pem)
    assert SigningKeys.read(tmp_path).key_id == "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"
