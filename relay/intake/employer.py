"""Does a candidate write from work? By the kind of the domain; a guess that only warns them."""

from __future__ import annotations

import re

from relay.masking.providers import public
from screening.addresses import Mailbox
from screening.authentication import Authentication, Wish
from screening.dns import Lookup, Undecided
from screening.domains import organisational

# Names of providers that are not on the list of those we know.
_PROVIDER = re.compile(
    r"mail|post|box|courriel|correo|correio|briefkasten|letter|net$|web$", re.IGNORECASE
)
_SCHOOL = re.compile(r"\.(?:edu|ac)(?:\.|$)|(?:^|\.)(?:uni|fh|tu|hs)-|univ|college|school", re.I)
# Where people have their own domain's mail, rather than a company's.
_PERSONAL_HOSTS = (
    "messagingengine.com", "migadu.com", "protonmail.ch", "icloud.com", "purelymail.com",
    "mailbox.org", "posteo.de", "gandi.net", "mxroute.com", "privateemail.com", "forwardemail.net",
    "improvmx.com", "simplelogin.co", "anonaddy.me", "tutanota.de", "hostedemail.com",
)  # fmt: skip
_WORDS = re.compile(r"[^\W\d_]{3,}")


def seems_employer(author: Mailbox, proof: Authentication, lookup: Lookup) -> bool:
    """Whether the address looks like an employer's.

    Its domain protects its name (DMARC), takes mail as companies do, and is no provider's, no
    school's and not named after the author.
    """
    domain = author.address.rpartition("@")[2].lower()
    if not proof.authenticated or proof.wish is Wish.ABSENT or public(domain):
        return False
    home = organisational(domain)
    label = home.partition(".")[0]
    if _PROVIDER.search(label) or _SCHOOL.search(domain) or _named_after(label, author):
        return False
    try:
        hosts = [
            answer.split()[-1].rstrip(".").lower() for answer in lookup(domain, "MX") if answer
        ]
    except Undecided:
        return False
    return bool(hosts) and not any(host.endswith(_PERSONAL_HOSTS) for host in hosts)


def _named_after(label: str, author: Mailbox) -> bool:
    """Whether the domain bears the author's own name."""
    local = author.address.rpartition("@")[0]
    words = {word.casefold() for word in _WORDS.findall(f"{author.name} {local}")}
    parts = {part.casefold() for part in _WORDS.findall(label)}
    return any(word in label for word in words) or any(part in local for part in parts)
