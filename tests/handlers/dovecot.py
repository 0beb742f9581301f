"""Dovecot from Debian's package, on loopback, with one account that takes the password `sandbox`."""

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

MAILBOX = "hej"
PATIENCE_SECONDS = 20
CONFIG = """\
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
protocols = imap
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
auth_failure_delay = 0
first_valid_uid = 1
mail_fsync = never
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service anvil {{
  chroot =
}}
passdb {{
  driver = static
  args = password=sandbox
}}
userdb {{
  driver = static
  args = uid=nobody gid=nogroup home={folder}/mail/%u
}}
mail_location = maildir:~/Maildir
namespace inbox {{
  inbox = yes
  mailbox "Post vi har sendt" {{
    special_use = \\Sent
    auto = create
  }}
}}
"""


def why_not() -> str:
    """Why it cannot run here; empty where it can."""
    if shutil.which("dovecot") is None or shutil.which("doveadm") is None:
        return "no Dovecot on this machine (Debian: dovecot-imapd)"
    return "" if os.geteuid() == 0 else "Dovecot needs root for its login processes"


class Dovecot:
    """The server while it runs."""

    def __init__(self, folder: Path, port: int) -> None:
        self.user = MAILBOX
        self.port = port
        self._config = folder / "dovecot.conf"

    @property
    def url(self) -> str:
        return f"imap://{self.user}:sandbox@127.0.0.1:{self.port}/INBOX"

    def admin(self, *words: str) -> None:
        """What an administrator does."""
        command = ["doveadm", "-c", str(self._config), *words]
        subprocess.run(command, check=True, capture_output=True, timeout=PATIENCE_SECONDS)


@contextmanager
def dovecot() -> Iterator[Dovecot]:
    """A server with empty folders, until the end."""
    with TemporaryDirectory(prefix="dovecot-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        folder.chmod(0o755)
        (folder / "mail").mkdir()
        (folder / "mail").chmod(0o777)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        config = folder / "dovecot.conf"
        config.write_text(CONFIG.format(folder=folder, port=port), encoding="utf-8")
        process = subprocess.Popen(["dovecot", "-F", "-c", str(config)], stderr=subprocess.DEVNULL)
        try:
            _wait_for(port, folder / "log")
            yield Dovecot(folder, port)
        finally:
            process.terminate()
            process.wait(PATIENCE_SECONDS)


def _wait_for(port: int, log: Path) -> None:
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1) as line:
                if line.recv(10):
                    return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError(f"Dovecot did not start: {log.read_text(encoding='utf-8') if log.exists() else ''}")
