"""Dovecot and Postfix from Debian's packages, each in a folder of its own and on ports of its own."""

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

#: Dovecot refuses mail for root.
USER, GROUP = 65534, 65534
SECONDS = 20
WHY_NOT = "needs root and Debian's dovecot-imapd and postfix; .ci/run installs them"


def are_here() -> bool:
    """Whether both are installed and may be started."""
    return os.geteuid() == 0 and all(shutil.which(name) for name in ("dovecot", "doveadm", "postfix"))


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@dataclass(frozen=True)
class Dovecot:
    """A running IMAP server; `home` holds a Maildir for each user, who may log in with any name and "secret"."""

    port: int
    home: Path
    settings: Path

    @property
    def url(self) -> str:
        return f"imap://support%40house.example:secret@127.0.0.1:{self.port}/INBOX"

    def admin(self, *words: str) -> str:
        """What `doveadm` answers."""
        done = subprocess.run(
            ["doveadm", "-c", str(self.settings), *words],
            capture_output=True,
            text=True,
            check=True,
            timeout=SECONDS,
        )
        return done.stdout


@contextmanager
def reachable_folder() -> Iterator[Path]:
    """A folder that the servers' own users can get into, unlike pytest's."""
    folder = Path(tempfile.mkdtemp(prefix="tillid-servers-"))
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def dovecot(folder: Path) -> Iterator[Dovecot]:
    """Started and stopped."""
    port, home = free_port(), folder / "home"
    home.mkdir(parents=True)
    os.chown(home, USER, GROUP)
    settings = folder / "dovecot.conf"
    settings.write_text(
        f"""
protocols = imap
listen = 127.0.0.1
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/dovecot.log
ssl = no
disable_plaintext_auth = no
auth_mechanisms = plain login
mail_location = maildir:{home}/%u/Maildir
first_valid_uid = 1
passdb {{
  driver = static
  args = password=secret
}}
userdb {{
  driver = static
  args = uid={USER} gid={GROUP} home={home}/%u allow_all_users=yes
}}
namespace inbox {{
  inbox = yes
  separator = /
  mailbox Sent {{
    auto = create
    special_use = \\Sent
  }}
}}
service imap-login {{
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
""",
        encoding="utf-8",
    )
    running = subprocess.Popen(
        ["dovecot", "-F", "-c", str(settings)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        wait_for(port)
        yield Dovecot(port, home, settings)
    finally:
        running.terminate()
        running.wait(SECONDS)


@contextmanager
def postfix(folder: Path, home: Path) -> Iterator[int]:
    """A running SMTP server that delivers everything into the Maildirs under `home`; its port."""
    port, settings = free_port(), folder / "postfix"
    for name in ("postfix", "queue", "data"):
        (folder / name).mkdir()
    shutil.chown(folder / "data", "postfix")
    (settings / "main.cf").write_text(
        f"""
compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
mail_owner = postfix
setgid_group = postdrop
maillog_file = /var/log/postfix-in-tests.log
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mydestination =
myhostname = mx.house.example
mynetworks = 127.0.0.0/8
virtual_mailbox_domains = house.example, example.dk
virtual_mailbox_base = {home}
virtual_mailbox_maps = texthash:{settings}/mailboxes
virtual_uid_maps = static:{USER}
virtual_gid_maps = static:{GROUP}
virtual_minimum_uid = 1
virtual_transport = virtual
recipient_delimiter = +
message_size_limit = 300000
mailbox_size_limit = 0
virtual_mailbox_limit = 0
""",
        encoding="utf-8",
    )
    people = ("support@house.example", "mette@example.dk")
    lines = "".join(f"{person} {person}/Maildir/\n" for person in people)
    (settings / "mailboxes").write_text(lines, encoding="utf-8")
    (settings / "master.cf").write_text(
        f"""
127.0.0.1:{port} inet n - n - - smtpd
postlog unix-dgram n - n - 1 postlogd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
error unix - - n - - error
retry unix - - n - - error
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
""",
        encoding="utf-8",
    )
    postfix_command = ["postfix", "-c", str(settings)]
    subprocess.run([*postfix_command, "start"], check=True, capture_output=True, timeout=60)
    try:
        wait_for(port)
        yield port
    finally:
        subprocess.run([*postfix_command, "abort"], capture_output=True, check=False, timeout=60)


def wait_for(port: int) -> None:
    """Until somebody listens there."""
    ends = time.monotonic() + SECONDS
    while time.monotonic() < ends:
        with socket.socket() as client:
            if client.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise TimeoutError(f"nothing listens on port {port}")
