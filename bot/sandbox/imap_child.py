"""The IMAP server's own process: pymap in memory, on a port the system picks and we print.

Lives as long as its standard input is open, so that it cannot outlive the process that started it, however
that ended. Started by `imap_server` as a file, so it imports nothing of ours.
"""

import asyncio
import os
import sys
from argparse import Namespace

from proxyprotocol.reader import ProxyProtocolReader
from pymap.backend.dict import DictBackend
from pymap.imap import IMAPServer
from pysasl.hashing import Cleartext


async def serve(user: str, password: str) -> None:
    """Serves one account until standard input ends."""
    arguments = Namespace(
        debug=False,
        host="127.0.0.1",
        port=0,
        cert=None,
        key=None,
        tls=False,
        passlib_cfg=None,
        proxy_protocol=None,
        inherited_sockets=None,
        demo_data=False,
        demo_user=user,
        demo_password=password,
    )
    # Logins need not be slow here: the account opens nothing.
    backend, config = await DictBackend.init(arguments, hash_context=Cleartext())
    config.apply_context()
    imap = IMAPServer(backend.login, config)
    answer = ProxyProtocolReader(config.proxy_protocol).get_callback(imap)
    server = await asyncio.start_server(answer, config.host, config.port)
    print(server.sockets[0].getsockname()[1], flush=True)
    await asyncio.to_thread(sys.stdin.buffer.read)


if __name__ == "__main__":
    asyncio.run(serve(os.environ["SANDBOX_IMAP_USER"], os.environ["SANDBOX_IMAP_PASSWORD"]))
