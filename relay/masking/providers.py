"""Mailbox providers whose domains say nothing about who somebody is."""

from __future__ import annotations

# Domains of one provider that share their mailboxes.
_SHARED = (
    ("gmail.com", "googlemail.com"),
    ("proton.me", "protonmail.com", "protonmail.ch", "pm.me"),
    ("icloud.com", "me.com", "mac.com"),
    ("yandex.ru", "yandex.com", "ya.ru", "yandex.by", "yandex.kz", "yandex.ua"),
)
ALIASES = {domain: group for group in _SHARED for domain in group}

# Dots in the local part mean nothing there.
IGNORE_DOTS = frozenset((*_SHARED[0], *_SHARED[1]))

_NAMES = """
126.com 163.com aim.com aol.com bluewin.ch bt.com btinternet.com comcast.net cox.net daum.net
disroot.org duck.com email.com fastmail.com fastmail.fm free.fr freenet.de gmx.at gmx.ch gmx.com
gmx.de gmx.net google.com hanmail.net hey.com hotmail.co.uk hotmail.com hotmail.de hotmail.es
hotmail.fr hotmail.it hushmail.com inbox.lv interia.pl kolabnow.com laposte.net libero.it live.com
live.co.uk live.nl mail.com mail.de mail.ru mailbox.org mailfence.com msn.com naver.com o2.pl
onet.pl orange.fr outlook.com outlook.de outlook.fr outlook.jp posteo.de posteo.net qq.com
rediffmail.com riseup.net rocketmail.com runbox.com sapo.pt sbcglobal.net seznam.cz sfr.fr
sina.com startmail.com t-online.de tutanota.com tuta.com tuta.io verizon.net virgilio.it
wanadoo.fr web.de wp.pl yahoo.ca yahoo.co.in yahoo.co.jp yahoo.co.uk yahoo.com yahoo.com.br
yahoo.de yahoo.es yahoo.fr yahoo.it yeah.net ymail.com zoho.com zoho.eu
"""
PUBLIC = frozenset((*ALIASES, *_NAMES.split()))


# Hosts that carry the mail of many: where mail went through them tells nobody apart.
_CARRIERS = """
amazonses.com apple.com exchangelabs.com google.com googlemail.com icloud.com mailgun.org
mandrillapp.com messagingengine.com messagelabs.com microsoft.com migadu.com mimecast.com
mailjet.com mtasv.net office365.com outbound.protection.outlook.com ovh.net pphosted.com
protonmail.ch qq.com rspamd.com sendgrid.net sparkpostmail.com yahoo.com yahoodns.net zohomail.com
"""
CARRIERS = PUBLIC | frozenset(_CARRIERS.split())


def public(host: str, of: frozenset[str] = PUBLIC) -> bool:
    """Whether the name is one of these domains, or a host in one."""
    labels = host.lower().split(".")
    return any(".".join(labels[start:]) in of for start in range(len(labels) - 1))
