"""Mail addresses as people write them in config.yaml and in a file of recipients.

Pure. Must not send, nor ask whether an address exists.
"""

from __future__ import annotations

import re

from pipeline.errors import ConfigError

_NAMED = re.compile(r"(?P<name>[^<>]*)<(?P<address>[^<>]*)>\Z")
_LOCAL = re.compile(r"[^\s@<>()\[\],;:\\\"]{1,64}\Z")
_LABEL = re.compile(r"[^\W_](?:(?:[^\W_]|-){0,61}[^\W_])?\Z")
_LONGEST = 254
"""Octets of an address (RFC 5321, 4.5.3.1.3: 256 with the angle brackets)."""


def parse_address(written: str) -> str:
    """Return the bare address of `ada@example.org` or `Ada Example <ada@example.org>`.

    Raises ConfigError where it is none that can be used as it stands. Quoted local parts and
    domain literals (RFC 5321, 4.1.2) are refused: nobody subscribes with them.
    """
    named = _NAMED.match(written.strip())
    address = named["address"] if named else written.strip()
    local, at, domain = address.rpartition("@")
    dots = local.startswith(".") or local.endswith(".") or ".." in local
    if not at or dots or not _LOCAL.match(local) or not written.isprintable():
        raise ConfigError("it is no mail address; write it as `name@example.org`")
    if not all(_LABEL.match(label) for label in domain.split(".")):
        raise ConfigError("what follows the @ is no domain; write it as `name@example.org`")
    if len(address.encode()) > _LONGEST:
        raise ConfigError(f"the address is longer than {_LONGEST} bytes")
    return address


def parse_own(written: str) -> str:
    """Return the bare address of whom our own mails name in a header, its domain in ASCII.

    Raises ConfigError as `parse_address` does, and where the part before the @ is beyond ASCII:
    such a header needs a way that every server goes along with (RFC 6531, 3.6).
    """
    address = on_the_wire(parse_address(written))
    if not address.isascii():
        raise ConfigError("it has letters beyond ASCII, which few mail servers take; use another")
    return address


def parse_recipients(body: bytes, *, where: str) -> tuple[str, ...]:
    """Return the bare addresses of a file of recipients, in its order, each once.

    One a line, with a name if one likes, as `parse_own` reads them; what follows a `#` at a
    line's start or after a space is a comment. Addresses that differ in case only are the same.

    Raises ConfigError with every line that is wrong; addresses are not repeated there, for they
    are nobody else's business. `where` is what the file is called.
    """
    try:
        lines = body.decode("utf-8-sig").splitlines()
    except UnicodeDecodeError as error:
        raise ConfigError(f"{where}: it is no UTF-8 text; save it as UTF-8") from error
    found: dict[str, str] = {}
    wrong = []
    for number, line in enumerate(lines, start=1):
        written = re.sub(r"(?:^|\s)#.*", "", line).strip()
        if not written:
            continue
        try:
            address = parse_own(written)
        except ConfigError as error:
            wrong.append(f"{where}:{number}: {error.message}")
        else:
            found.setdefault(address.casefold(), address)
    if wrong:
        raise ConfigError("\n".join(wrong))
    if not found:
        raise ConfigError(f"{where}: it names nobody; write one address a line")
    return tuple(found.values())


def on_the_wire(address: str) -> str:
    """Return the address with its domain in ASCII where there is such a form (RFC 3490)."""
    local, _, domain = address.rpartition("@")
    try:
        return f"{local}@{domain.encode('idna').decode('ascii')}"
    except UnicodeError:
        return address
