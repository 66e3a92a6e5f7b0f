"""A real clamd from Debian's package, which knows one virus: the EICAR test file."""

from __future__ import annotations

import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ports import free_port
from servers import wait_for

from config.values import HostPort

# In two pieces, so that no scanner takes this file for a virus.
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD" + rb"-ANTIVIRUS-TEST-FILE!$H+H*"
MOST = 256 * 1024  # bytes that it takes

_CONFIGURATION = """
TCPAddr 127.0.0.1
TCPSocket {port}
Foreground yes
DatabaseDirectory {folder}/signatures
LogFile {folder}/clamd.log
TemporaryDirectory {folder}
StreamMaxLength {most}
AlertEncrypted yes
"""


def is_installed() -> bool:
    return shutil.which("clamd") is not None


@contextmanager
def clamd(folder: Path) -> Iterator[HostPort]:
    """One on a free port of loopback, with its files in `folder`."""
    port = free_port()
    (folder / "signatures").mkdir()
    (folder / "signatures" / "test.ndb").write_text(f"Eicar-Test-Signature:0:*:{EICAR.hex()}\n")
    settings = folder / "clamd.conf"
    settings.write_text(_CONFIGURATION.format(folder=folder, port=port, most=MOST))
    with subprocess.Popen(
        ["clamd", "-c", str(settings)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        try:
            wait_for(port, process)
            yield HostPort("127.0.0.1", port)
        finally:
            process.send_signal(signal.SIGKILL)
