"""Why a platform's certificate is not believed, in words for the clerk: that it is, no attempt will change."""

import ssl

_SELF_SIGNED = (18, 19)
_EXPIRED = 10
_NOT_YET_VALID = 9
_OTHER_HOST = 62
"""OpenSSL's X509_V_ERR_… (x509_vfy.h)."""


def distrust(error: BaseException) -> ssl.SSLCertVerificationError | None:
    """The verification that failed below this error, if that is what it is about."""
    seen: BaseException | None = error
    while seen is not None:
        if isinstance(seen, ssl.SSLCertVerificationError):
            return seen
        seen = seen.__cause__ or seen.__context__
    return None


def explained(host: str, failed: ssl.SSLCertVerificationError) -> str:
    """What is wrong with the certificate of this host, and what to do."""
    code = failed.verify_code
    if code in _SELF_SIGNED:
        return (
            f"平台 {host} 的证书是自签名的，本机不信任它，没有发送任何数据。请核对 --server 的地址；"
            "如果平台确实使用自签名证书，请向平台管理员要来根证书文件，把它的路径设为环境变量“SSL_CERT_FILE” 后再试。"
        )
    if code in (_EXPIRED, _NOT_YET_VALID):
        return (
            f"平台 {host} 的证书不在有效期内，没有发送任何数据。请先核对本机的日期和时间；日期无误时请联系平台管理员。"
        )
    if code == _OTHER_HOST:
        return f"平台的证书不是发给 {host} 的，没有发送任何数据。请核对 --server 的地址。"
    return (
        f"平台 {host} 的证书不受本机信任，没有发送任何数据。请核对 --server 的地址；如果证书由内部机构签发，"
        "请把它的根证书文件的路径设为环境变量“SSL_CERT_FILE” 后再试。"
    )
