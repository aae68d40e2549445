"""What is written within one turn of the loop leaves in one piece, in order, and before the connection closes."""

import asyncio
from unittest.mock import Mock, call

from shared.runtime.one_write import _Joining


async def test_head_and_body_are_one_write() -> None:
    transport = Mock(spec=asyncio.Transport)
    joining = _Joining(transport, asyncio.get_running_loop())
    joining.write(b"head")
    joining.write(b"body")
    assert transport.mock_calls == []
    await asyncio.sleep(0)
    joining.write(b"more")
    await asyncio.sleep(0)
    assert transport.mock_calls == [call.write(b"headbody"), call.write(b"more")]


async def test_what_was_written_goes_out_before_the_connection_closes() -> None:
    transport = Mock(spec=asyncio.Transport)
    joining = _Joining(transport, asyncio.get_running_loop())
    joining.write(b"last")
    joining.close()
    await asyncio.sleep(0)
    assert transport.mock_calls == [call.write(b"last"), call.close()]


async def test_what_it_does_not_do_itself_the_transport_does() -> None:
    transport = Mock(spec=asyncio.Transport)
    transport.is_closing.return_value = True
    assert _Joining(transport, asyncio.get_running_loop()).is_closing()
