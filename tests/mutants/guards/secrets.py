"""The guards of shared/secrets.py: encryption and keyed names."""

from tests.mutants.mutant import Mutant

GUARDS = (
    Mutant(
        "a claim's content is encrypted",
        "shared/secrets.py",
        "return self._mark + nonce + self._cipher.encrypt(nonce, plain, context.encode())",
        "return self._mark + nonce + plain",
        "services/challenges/tests/test_sealing.py",
    ),
    Mutant(
        "a person has another name in every claim",
        "shared/secrets.py",
        "self._within.encrypt(identity.encode(), [place.encode()])",
        "self._within.encrypt(identity.encode(), None)",
        "shared/tests/test_secrets.py",
    ),
    Mutant(
        "what is sealed names its key",
        "shared/secrets.py",
        "return self._mark + nonce + self._cipher.encrypt(nonce, plain, context.encode())",
        "return nonce + self._cipher.encrypt(nonce, plain, context.encode())",
        "shared/tests/test_secrets.py",
    ),
)
