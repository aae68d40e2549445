#!/bin/sh
# Makes the virtual environment: everything in requirements.lock, each file checked against its hash, then this project.
# usage: install.sh PYTHON FOLDER
set -eu
python=$1 folder=$2

"$python" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null || {
    echo "需要 Python 3.11、3.12 或 3.13（内嵌数据库没有 3.14 的安装包），而 $python 不符合。可以这样指定：make up PYTHON=python3.12" >&2
    exit 1
}
echo "正在准备 Python 环境 $folder（首次约需一分钟）……" >&2
[ -x "$folder/bin/python" ] || "$python" -m venv "$folder"
pip="$folder/bin/python -m pip --disable-pip-version-check"
[ -x "$folder/bin/uv" ] || $pip install --quiet --require-hashes -r deploy/local/installer.lock

# Where pip was told to find packages, uv looks too; the last line of pip's list is the one that counts.
settings=$($pip config list)
told() { printf '%s\n' "$settings" | sed -n "s/^[a-z:]*\.$1='\(.*\)'\$/\1/p" | tail -n 1; }
index=$(told index-url)
certificate=$(told cert)
[ -z "$index" ] || export UV_DEFAULT_INDEX="$index"
[ -z "$certificate" ] || export SSL_CERT_FILE="$certificate"

export VIRTUAL_ENV="$folder"
# Compiled once, here: otherwise a dozen processes do it at their first start, side by side, and again at every start where
# PYTHONDONTWRITEBYTECODE is set.
"$folder/bin/uv" pip install --quiet --compile-bytecode --require-hashes -r requirements.lock
"$folder/bin/uv" pip install --quiet --no-deps --no-build-isolation --editable .
touch "$folder/complete"
