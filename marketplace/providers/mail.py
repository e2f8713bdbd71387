"""Mail: over SMTP (RFC 5321), or into the sandbox's mailbox where a developer has no server."""

import re
import smtplib
import ssl
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from urllib.parse import unquote, urlsplit

import structlog

from marketplace.kernel.clock import clock
from marketplace.kernel.settings import Settings
from marketplace.providers.sandbox import mailbox

TIMEOUT_S = 10
PORTS = {"smtp": 25, "smtps": 465}
PERMANENT = 500
MAX_SUBJECT = 200
# One address and nothing else: no display name, no second recipient, no line break.
_ADDRESS = re.compile(r"[^\s@,;:<>()\[\]\"\\]{1,64}@[A-Za-z0-9.-]{1,255}", re.ASCII)
_NOT_IN_MESSAGE_ID = re.compile(r"[^A-Za-z0-9._=+-]")

log = structlog.get_logger()


class NotAnAddress(ValueError):
    """The recipient is not one plain address."""


@dataclass(frozen=True, kw_only=True)
class Mail:
    """A mail in plain text. `message_id` is the caller's: the same one means the same mail."""

    to: str
    subject: str
    text: str
    message_id: str


class Mailer:
    """Sends mails as the settings say."""

    def __init__(self) -> None:
        """Start with the settings of development: every mail goes into the sandbox's mailbox."""
        self._settings = Settings()

    def configure(self, settings: Settings) -> None:
        """Take the sender, and the server's URL where there is one."""
        self._settings = settings

    def send(self, mail: Mail) -> None:
        """Hand a mail over; raises when it has to be tried again. A recipient refused for good is logged."""
        if not _ADDRESS.fullmatch(mail.to):
            raise NotAnAddress(mail.to)
        if self._settings.mail_url is None:
            mailbox.keep(
                message_id=mail.message_id, to=mail.to, subject=_one_line(mail.subject), text=mail.text
            )
            return
        sender = _sender(self._settings.mail_from)
        message = _compose(mail, sender)
        with _connect(self._settings.mail_url) as client:
            try:
                client.send_message(message, sender.addr_spec, [mail.to])
            except smtplib.SMTPRecipientsRefused as error:
                code, reason = error.recipients[mail.to]
                if code < PERMANENT:
                    raise
                log.warning("mail_refused", code=code, reason=reason.decode(errors="replace"))


mailer = Mailer()
configure = mailer.configure
send = mailer.send


def _compose(mail: Mail, sender: Address) -> EmailMessage:
    message = EmailMessage(policy=SMTP)
    message["From"] = sender
    message["To"] = mail.to
    message["Subject"] = _one_line(mail.subject)
    message["Date"] = format_datetime(clock.real_now())
    message["Message-ID"] = f"<{_NOT_IN_MESSAGE_ID.sub('.', mail.message_id)}@{sender.domain}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(mail.text)
    return message


def _connect(url: str) -> smtplib.SMTP:
    server = urlsplit(url)
    host, port = server.hostname or "localhost", server.port or PORTS[server.scheme]
    trusted = ssl.create_default_context()
    client: smtplib.SMTP
    if server.scheme == "smtps":
        client = smtplib.SMTP_SSL(host, port, timeout=TIMEOUT_S, context=trusted)
    else:
        client = smtplib.SMTP(host, port, timeout=TIMEOUT_S)
    try:
        client.ehlo_or_helo_if_needed()
        if server.scheme == "smtp" and client.has_extn("starttls"):
            client.starttls(context=trusted)
        if server.username is not None:
            client.login(unquote(server.username), unquote(server.password or ""))
    except BaseException:
        client.close()
        raise
    return client


def _sender(text: str) -> Address:
    name, address = parseaddr(text)
    return Address(display_name=name, addr_spec=address)


def _one_line(text: str) -> str:
    """A subject without line breaks or control characters, which could begin another header."""
    return " ".join("".join(character if character.isprintable() else " " for character in text).split())[
        :MAX_SUBJECT
    ]
