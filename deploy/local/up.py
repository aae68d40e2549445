"""`make up`: starts everything, loads the sample data, says where things are, and stays until it is asked to stop."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import httpx2
from rich.console import Console
from rich.status import Status

from deploy.local import kafka, mongodb, sample_data, web
from deploy.local.api import ApiError
from deploy.local.asked import Asked, AskedToStop
from deploy.local.health import health
from deploy.local.place import Place
from deploy.local.process import Process
from deploy.local.stack import CannotStartError, LocalStack, Patience, StackDiedError

_READY_SECONDS = 120.0


def up() -> int:
    """The exit status: 0 after an orderly stop, 1 when something could not start or died."""
    console, asked = Console(highlight=False, soft_wrap=True), Asked()
    try:
        place = Place.of(os.environ)
        with console.status("正在检查 Kafka 组件……") as status:
            pages = web.Building()
            with pages, LocalStack(place, os.environ, progress=_jars(status, asked)) as stack:
                _bring_up(stack, status, asked)
                status.update("正在构建网页")
                pages.wait(asked.check)
                status.stop()
                _welcome(console, stack)
                console.print(f"ready {place.gateway_url}")
                _stay(stack, asked, console)
    except AskedToStop:
        console.print("已全部停止，数据保留在原处；再次 make up 即可继续。")
        return 0
    except (CannotStartError, StackDiedError, web.BuildError, ApiError, httpx2.HTTPError, ValueError, OSError) as error:
        console.print("无法启动：", style="red", end="")
        console.print(str(error), markup=False)
        return 1
    return 0


def _bring_up(stack: LocalStack, status: Status, asked: Asked) -> None:
    def waiting(names: list[str]) -> None:
        asked.check()
        status.update(f"正在等待就绪：{'、'.join(names)}")

    names = [process.name for process in stack.processes]
    stack.wait_ready([name for name in names if name in ("kafka", "mongodb")], _READY_SECONDS, waiting)
    run = _runner(stack, asked)
    run((_program("huning"), "topics", "apply"))
    stack.wait_ready(names, _READY_SECONDS, waiting)
    status.update("正在载入样例账号")
    sample_data.load_accounts(run)
    status.update("正在推送八个地区的院校名录")
    institutions = sample_data.push_institutions(stack.place, run)
    status.update("正在等待样例数据可以搜到")
    _wait_searchable(stack, institutions, asked)


def _wait_searchable(stack: LocalStack, institutions: int, asked: Asked) -> None:
    """Ready means that whatever replica of search answers, it knows the sample data."""
    writers = [each for each in stack.processes if each.name == "search-worker"]
    answering = [each for each in stack.processes if each.name.startswith("search") and each not in writers]
    patience = Patience(_READY_SECONDS)
    while not (_has_read(writers) and _knows(answering, institutions)):
        asked.check()
        stack.check()
        if patience.is_over([health(each).progress for each in writers]):
            names = [each.name for each in (*writers, *answering)]
            raise StackDiedError(f"样例数据没有全部进入搜索：{stack.explain(names)}")
        time.sleep(0.1)


def _has_read(writers: list[Process]) -> bool:
    """Whether all that is in the log was read."""
    return all(health(each).lag == 0 for each in writers)


def _knows(answering: list[Process], institutions: int) -> bool:
    """Whether each shows it."""
    return all(sample_data.found_institutions(each.url) >= institutions for each in answering)


def _stay(stack: LocalStack, asked: Asked, console: Console) -> None:
    """Until a stop is asked for; the message comes before the stopping, which takes a few seconds."""
    while True:
        try:
            asked.check()
        except AskedToStop:
            console.print("正在有序停止……")
            raise
        stack.check()
        time.sleep(0.2)


def _runner(stack: LocalStack, asked: Asked) -> Callable[[tuple[str, ...]], str]:
    """Runs a command with the stack's environment and gives its output; StackDiedError with it when it fails."""

    def run(command: tuple[str, ...]) -> str:
        process = subprocess.Popen(  # noqa: S603 our own programs
            command,
            env=stack.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        try:
            while True:
                try:
                    output, complaint = process.communicate(timeout=0.2)
                    break
                except subprocess.TimeoutExpired:
                    asked.check()
        except BaseException:
            process.kill()
            process.communicate()
            raise
        if process.returncode:
            raise StackDiedError(f"{' '.join(command)} 失败（{process.returncode}）：\n{(output + complaint)[-2000:]}")
        return output

    return run


def _jars(status: Status, asked: Asked) -> Callable[[int, int], None]:
    def progress(done: int, total: int) -> None:
        asked.check()
        status.update(f"正在准备 Kafka 组件：{done}/{total}")

    return progress


def _welcome(console: Console, stack: LocalStack) -> None:
    place = stack.place
    broker = f"外部集群 {place.kafka}" if place.kafka else kafka.LABEL
    database = f"外部数据库 {place.mongodb.rsplit('@', 1)[-1]}" if place.mongodb else mongodb.label(os.environ)
    console.print(f"""\
沿沪宁协同创新集市已就绪
  接口        {place.gateway_url}/api/v1
  微信模拟    {place.wechat_url}（代替微信，任何 code:<名字> 都能登录）
  消息队列    {broker}
  数据库      {database}
  数据与日志  {place.home}
接下来可以：
  make demo      走一遍“我要发榜 → 我要揭榜”，逐步显示事件与时延
  make status    看每个进程；make logs NAME=search 看日志；Ctrl-C 或 make down 停止
  curl -G --data-urlencode 'q=检测' -d limit=3 {place.gateway_url}/api/v1/search
  curl '{place.gateway_url}/api/v1/search/map'
在浏览器打开：
  门户        {place.gateway_url}/
  工作台      {place.gateway_url}/console/（运营人员；登录时点“在本机打开确认页面”，选一个示例账号）
  接口文档    {place.gateway_url}/docs/""")


def _program(name: str) -> str:
    return str(Path(sys.executable).parent / name)
