"""A route of Starlette on uvicorn and nothing around it: what the door of a service is measured against.

`python -m tests.benchmarks.bare PORT FILE` answers every GET with the JSON in the file, served as our services are.
"""

import sys
from pathlib import Path

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route


def main() -> None:
    """Serves until it is ended."""
    port, body = int(sys.argv[1]), Path(sys.argv[2]).read_bytes()

    async def answer(_: Request) -> Response:
        return Response(body, media_type="application/json")

    app = Starlette(routes=[Route("/{path:path}", answer)])
    uvicorn.run(app, host="127.0.0.1", port=port, loop="asyncio", log_config=None, access_log=False)


if __name__ == "__main__":
    main()
