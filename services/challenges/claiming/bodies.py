"""The smaller bodies of requests about claims."""

from services.challenges.claiming.content import ClaimContent, Secret


class Verification(Secret):
    """A content that somebody holds a receipt for."""

    content: ClaimContent
