"""What stops the reading of a file, in words for the clerk who chose it."""

import errno

_REASONS = {
    errno.ENOENT: "没有这个文件或文件夹",
    errno.EACCES: "没有权限，或者它正被其他程序打开",  # Windows says so of a folder opened as a file, too
    errno.EPERM: "没有权限",
    errno.EISDIR: "这是一个文件夹，不是文件",
    errno.ENOTDIR: "路径中间的一段不是文件夹",
    errno.EEXIST: "同名的文件已经存在",
    errno.ENAMETOOLONG: "文件名过长",
    errno.ENOSPC: "磁盘已满",
    errno.EROFS: "磁盘是只读的",
}


class UnreadableError(Exception):
    """A file or a mapping cannot be used as it is. The message is Chinese and says what to do; `code` is for programs."""

    code = "file_unreadable"


class TooLargeError(UnreadableError):
    """It holds more than is read of one file."""

    code = "file_too_large"


class WrongTypeError(UnreadableError):
    """It is of a kind that is not read, whatever its content: an old or encrypted workbook, macros, a picture."""

    code = "file_type_not_accepted"


class UnsafeXmlError(UnreadableError):
    """A workbook's XML defines entities, as no spreadsheet does."""

    code = "unsafe_xml"


class UnclearEncodingError(UnreadableError):
    """The encoding cannot be told. Where the encoding is decided, the message says why, without the name of the file."""

    code = "encoding_unclear"


def reason(error: OSError) -> str:
    """Why a file cannot be used, by its number: the system's own words are English or follow the desktop's language."""
    return _REASONS.get(error.errno or 0, f"系统错误 {error.errno}")
