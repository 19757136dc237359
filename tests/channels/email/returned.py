"""Mail that came back, as the usual servers write it."""

from __future__ import annotations

NUMBER = "<compagnon-3-7d3c0123456789abcdef0123456789ab@example.org>"
NADIA = "nadia.ferhaoui@example.org"


def postfix(number: str = NUMBER, recipient: str = NADIA, action: str = "failed", status: str = "5.1.1") -> bytes:
    """Postfix: three parts, the head of the mail at the end."""
    return f"""\
Return-Path: <>
Received: by mail.example.org (Postfix)
\tid 4X1; Sat,  6 Mar 2027 20:00:02 +0000 (UTC)
Date: Sat,  6 Mar 2027 20:00:02 +0000 (UTC)
From: MAILER-DAEMON@mail.example.org (Mail Delivery System)
Subject: Undelivered Mail Returned to Sender
To: compagnon@example.org
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status;
\tboundary="4X1.1772827202/mail.example.org"
Message-Id: <20270306200002.4X2@mail.example.org>

This is a MIME-encapsulated message.

--4X1.1772827202/mail.example.org
Content-Description: Notification
Content-Type: text/plain; charset=us-ascii

This is the mail system at host mail.example.org.

<{recipient}>: host mx.example.org[192.0.2.7] said: 550 5.1.1
    <{recipient}>: Recipient address rejected: User unknown

--4X1.1772827202/mail.example.org
Content-Description: Delivery report
Content-Type: message/delivery-status

Reporting-MTA: dns; mail.example.org
X-Postfix-Queue-ID: 4X1
X-Postfix-Sender: rfc822; compagnon@example.org
Arrival-Date: Sat,  6 Mar 2027 20:00:00 +0000 (UTC)

Final-Recipient: rfc822; {recipient}
Original-Recipient: rfc822;{recipient}
Action: {action}
Status: {status}
Remote-MTA: dns; mx.example.org
Diagnostic-Code: smtp; 550 5.1.1 <{recipient}>: Recipient address rejected:
    User unknown

--4X1.1772827202/mail.example.org
Content-Description: Undelivered Message Headers
Content-Type: text/rfc822-headers

Return-Path: <compagnon@example.org>
From: Compagnon <compagnon@example.org>
To: {recipient}
Message-ID: {number}
Auto-Submitted: auto-generated

--4X1.1772827202/mail.example.org--
""".encode()


def exchange(number: str = NUMBER, recipient: str = NADIA) -> bytes:
    """Exchange: HTML beside text, capitals elsewhere, the whole mail at the end, CRLF."""
    return f"""\
From: <postmaster@example.org>
To: <compagnon@example.org>
Date: Sat, 6 Mar 2027 20:00:05 +0000
Content-Type: multipart/report; report-type=delivery-status;
\tboundary="9B095B5ADSN=_01D9EX=_PR0P"
X-MS-Exchange-Message-Is-Ndr:
Content-Language: fr-FR
Message-ID: <c2b1f4a0-0000-4f7e-9d7e-1@EX01.example.org>
In-Reply-To: {number}
References: {number}
Subject: =?iso-8859-1?Q?Non_remis_:_=3F_Tout_de_suite?=
Auto-Submitted: auto-replied
MIME-Version: 1.0

--9B095B5ADSN=_01D9EX=_PR0P
Content-Type: multipart/alternative; differences=Content-Type;
\tboundary="inner=_PR0P"

--inner=_PR0P
Content-Type: text/plain; charset="iso-8859-1"
Content-Transfer-Encoding: quoted-printable

=C9chec de la remise
--inner=_PR0P
Content-Type: text/html; charset="iso-8859-1"
Content-Transfer-Encoding: quoted-printable

<html><body>=C9chec</body></html>
--inner=_PR0P--

--9B095B5ADSN=_01D9EX=_PR0P
Content-Type: message/delivery-status

Reporting-MTA: dns;EX01.example.org
Received-From-MTA: dns;mail.example.org
Arrival-Date: Sat, 6 Mar 2027 20:00:03 +0000

Original-Recipient: rfc822;{recipient.replace("nadia", "Nadia")}
Final-Recipient: rfc822;nadia@new.example.org
Action: failed
Status: 5.1.10
Diagnostic-Code: smtp;550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup

--9B095B5ADSN=_01D9EX=_PR0P
Content-Type: message/rfc822

From: Compagnon <compagnon@example.org>
To: {recipient}
Message-ID: {number}
Subject: =?utf-8?q?=E2=96=B2_Tout_de_suite?=

Bonjour
--9B095B5ADSN=_01D9EX=_PR0P--
""".replace("\n", "\r\n").encode("latin-1")


OUT_OF_OFFICE = f"""\
From: Nadia Ferhaoui <{NADIA}>
To: compagnon@example.org
Subject: =?utf-8?q?Absence?=
In-Reply-To: {NUMBER}
Auto-Submitted: auto-replied
Content-Type: text/plain; charset=utf-8

Je suis absente.
""".encode()
