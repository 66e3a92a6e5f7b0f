"""A real rspamd as whoever receives our mail: software that shares nothing with ours.

From Debian's package; it checks SPF, DKIM and DMARC and nothing else, and asks the test's DNS.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from ports import free_port
from servers import wait_for

from config.values import HostPort

HOST = "mail.example.test"  # what the client calls itself

_PATIENCE = 30.0
_SHARE = "/usr/share/rspamd"
_CONFIGURATION = """
options {{
    pidfile = "{folder}/pid"; tempdir = "{folder}"; hs_cache_dir = "{folder}";
    control_socket = "{folder}/control"; url_tld = "{folder}/tlds";
    filters = "dkim"; local_addrs = [];
    dns {{ nameserver = ["{dns.host}:{dns.port}:1"]; timeout = 5s; }}
}}
logging {{ type = "file"; filename = "{folder}/rspamd.log"; level = "info"; }}
worker "normal" {{ bind_socket = "127.0.0.1:{port}"; count = 1; }}
modules {{ path = "{share}/plugins/spf.lua"; path = "{share}/plugins/dmarc.lua"; }}
spf {{}} dkim {{}} dmarc {{}}
"""


def is_installed() -> bool:
    return shutil.which("rspamd") is not None


@dataclass(frozen=True)
class Rspamd:
    port: int

    def judge(self, content: bytes, sender: str, recipient: str, client: str) -> set[str]:
        """What is true of this mail from a client at this address, in rspamd's words."""
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}/checkv2",
            content,
            {"IP": client, "Helo": HOST, "From": sender, "Rcpt": recipient},
        )
        with urllib.request.urlopen(request, timeout=_PATIENCE) as answer:
            return set(json.load(answer)["symbols"])


@contextmanager
def rspamd(folder: Path, dns: HostPort) -> Iterator[Rspamd]:
    """One on a free port of loopback, with its files in `folder`."""
    port = free_port()
    (folder / "tlds").write_text("test\n")  # the list of the whole world takes seconds to read
    settings = folder / "rspamd.conf"
    settings.write_text(_CONFIGURATION.format(folder=folder, share=_SHARE, dns=dns, port=port))
    command = ["rspamd", "-f", "-c", str(settings), *(["--insecure"] if os.getuid() == 0 else [])]
    with subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    ) as process:
        try:
            wait_for(port, process)
            yield Rspamd(port)
        finally:
            os.killpg(process.pid, signal.SIGKILL)
