"""Where settings are written: a TOML file and the environment. Unknown names end here."""

from __future__ import annotations

import difflib
import os
import re
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path

from config.values import Unusable

PREFIX = "PEERPOST_"
FILE = "peerpost.toml"
CONFIG = "PEERPOST_CONFIG"  # the variable that names the file; no setting

Known = Mapping[str, Iterable[str]]  # the keys of each section
Written = dict[str, dict[str, object]]
Variables = dict[str, str | None]

SECRETS = (("storage", "key"), ("delivery", "password"))
_URLS = (("storage", "url"), ("broker", "url"))


def find(path: Path | None, environ: Mapping[str, str]) -> Path | None:
    """The settings file: the one that is named, else ./peerpost.toml if there is one."""
    named = str(path) if path is not None else environ.get(CONFIG, "")
    if not named:
        return Path(FILE).absolute() if Path(FILE).exists() else None
    if not Path(named).is_file():
        key = "--config" if path is not None else CONFIG
        raise Unusable(key, named, "the path of a settings file (`peerpost init` makes one)")
    return Path(named).absolute()


def from_file(path: Path, known: Known) -> Written:
    """What the file says; Unusable for bad TOML, unknown names, secrets that all can read."""
    try:
        with path.open("rb") as file:
            shared = bool(os.fstat(file.fileno()).st_mode & 0o006)
            found = tomllib.load(file)
    except OSError as error:
        raise Unusable(str(path), "", f"a file that can be read ({error.strerror})") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        reason = " ".join(str(error).split())
        wanted = 'lines such as domain = "peers.example.com" below [relay]'
        raise Unusable("--config", str(path), wanted, problem=f"is no TOML ({reason})") from error
    for section, keys in found.items():
        _check_section(section, keys, known)
        for key in keys:
            _check_key(section, key, keys[key], known)
    if shared and _has_secrets(found):
        raise Unusable(
            "--config",
            str(path),
            f"chmod 600 {path}",
            problem="holds secrets and can be read by everybody on this machine",
        )
    return found


def from_environment(environ: Mapping[str, str], known: Known) -> Variables:
    """The PEERPOST_SECTION__KEY variables, in lower case; raises Unusable for unknown names.

    Other variables that begin with PEERPOST_ may belong to somebody else (Kubernetes sets
    PEERPOST_SERVICE_HOST for a service of that name), unless a section's name follows.
    """
    found: Variables = {}
    for variable, value in environ.items():
        prefix, name = variable[: len(PREFIX)].upper(), variable[len(PREFIX) :].lower()
        if prefix != PREFIX or variable == CONFIG:
            continue
        section, two, key = name.partition("__")
        if two:
            _check_section(section, {}, known, variable, value)
            _check_key(section, key, value, known, variable)
            found[f"{section}__{key}"] = value
        else:
            _check_single(variable, name, value, known)
    return found


def variable_of(section: str, key: str) -> str:
    return f"{PREFIX}{section}__{key}".upper()


def _check_single(variable: str, name: str, value: str, known: Known) -> None:
    section, _, key = name.partition("_")
    if section in known:
        best = _nearest(key, known[section]) or "KEY"
        raise Unusable(variable, value, variable_of(section, best), problem="is no setting")


def _check_section(
    section: str, keys: object, known: Known, variable: str = "", value: object = ""
) -> None:
    if section in known and isinstance(keys, dict):
        return
    if section in known:
        raise Unusable(section, keys, f"a section [{section}]", problem="is no section")
    best = _nearest(section, known)
    wanted = f"[{best}]" if best else f"one of {', '.join(known)}"
    if variable and best:
        wanted = f"{PREFIX}{best.upper()}__KEY"
    raise Unusable(variable or f"[{section}]", value, wanted, problem="names no section")


def _check_key(section: str, key: str, value: object, known: Known, variable: str = "") -> None:
    if key in known[section]:
        return
    best = _nearest(key, known[section])
    wanted = f"{section}.{best}" if best else f"one of {', '.join(known[section])}"
    raise Unusable(f"{section}.{key}", value, wanted, origin=variable, problem="is no setting")


def _nearest(name: str, names: Iterable[str]) -> str:
    return next(iter(difflib.get_close_matches(name, list(names), 1, 0.6)), "")


def _has_secrets(found: Written) -> bool:
    if any(found.get(section, {}).get(key) for section, key in SECRETS):
        return True
    urls = (str(found.get(section, {}).get(key, "")) for section, key in _URLS)
    return any(re.match(r"[^/]+://[^/@]*:[^/@]+@", url) for url in urls)
