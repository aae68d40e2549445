"""`python -m deploy.local.wechat`"""

import uvicorn

from deploy.local.wechat.app import build
from deploy.local.wechat.settings import StandInSettings


def main() -> None:
    """Serves until it is told to stop. Access lines are left out: tokens stand in the addresses."""
    settings = StandInSettings()
    uvicorn.run(
        build(settings),
        host=settings.wechat_host,
        port=settings.wechat_port,
        access_log=False,
        timeout_graceful_shutdown=3,
    )


if __name__ == "__main__":
    main()
