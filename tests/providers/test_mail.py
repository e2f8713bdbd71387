import socket
import ssl
from dataclasses import replace
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from marketplace.kernel.settings import Settings
from marketplace.providers.mail import Mail, Mailer, NotAnAddress
from marketplace.providers.sandbox import mailbox

CERTIFICATE = Path(__file__).with_name("certificate.pem")
MAIL = Mail(to="ann@example.com", subject="Grüße", text="Your code: 1\n\n.\nZoë", message_id="fact:1:verify")


class Inbox:
    """A mail server that keeps what it is given."""

    def __init__(self):
        self.envelopes = []
        self.logins = []
        self.refuse_with = None

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802 - aiosmtpd's word
        if self.refuse_with:
            return self.refuse_with
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802 - aiosmtpd's word
        self.envelopes.append(envelope)
        return "250 OK"

    def authenticate(self, server, session, envelope, mechanism, data):
        self.logins.append((data.login, data.password))
        return AuthResult(success=data.password == b"p@ss/word")

    @property
    def messages(self):
        return [message_from_bytes(envelope.content, policy=default) for envelope in self.envelopes]


@pytest.fixture
def inbox():
    return Inbox()


@pytest.fixture
def port():
    with socket.create_server(("127.0.0.1", 0)) as free:
        return free.getsockname()[1]


@pytest.fixture
def server(inbox, port):
    controller = Controller(
        inbox, hostname="127.0.0.1", port=port, authenticator=inbox.authenticate, auth_require_tls=False
    )
    controller.start()
    yield f"127.0.0.1:{port}"
    controller.stop()


@pytest.fixture
def tls():
    """A certificate for 127.0.0.1 that only these tests know."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(CERTIFICATE)
    return context


@pytest.fixture
def starttls_server(inbox, port, tls):
    controller = Controller(
        inbox,
        hostname="127.0.0.1",
        port=port,
        tls_context=tls,
        require_starttls=True,
        authenticator=inbox.authenticate,
    )
    controller.start()
    yield f"127.0.0.1:{port}"
    controller.stop()


@pytest.fixture
def smtps_server(inbox, port, tls):
    def greet():
        trusting = ssl.create_default_context(cafile=CERTIFICATE)
        with (
            socket.create_connection(("127.0.0.1", port)) as plain,
            trusting.wrap_socket(plain, server_hostname="127.0.0.1") as encrypted,
        ):
            encrypted.recv(100)

    controller = Controller(inbox, hostname="127.0.0.1", port=port, ssl_context=tls)
    # aiosmtpd greets itself to see whether it is up, with its own certificate, which it does not trust.
    controller._trigger_server = greet
    controller.start()
    yield f"127.0.0.1:{port}"
    controller.stop()


def mailer(url):
    made = Mailer()
    made.configure(Settings(mail_url=url, mail_from="The Marketplace <no-reply@shop.example>"))
    return made


def test_a_mail_arrives_as_it_was_written(server, inbox):
    mailer(f"smtp://{server}").send(MAIL)
    (message,) = inbox.messages
    assert message["To"] == "ann@example.com"
    assert message["From"] == "The Marketplace <no-reply@shop.example>"
    assert message["Subject"] == "Grüße"
    assert message["Message-ID"] == "<fact.1.verify@shop.example>"
    assert message["Date"].datetime is not None
    assert message.get_content().splitlines() == MAIL.text.splitlines()
    assert inbox.envelopes[0].rcpt_tos == ["ann@example.com"]


def test_a_password_in_the_url_signs_in(server, inbox):
    mailer(f"smtp://us%40er:p%40ss%2Fword@{server}").send(MAIL)
    assert inbox.logins == [(b"us@er", b"p@ss/word")]
    assert len(inbox.messages) == 1


def test_a_connection_is_encrypted_where_that_is_offered(starttls_server, inbox, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
    mailer(f"smtp://user:p%40ss%2Fword@{starttls_server}").send(MAIL)
    assert len(inbox.messages) == 1
    assert inbox.logins == [(b"user", b"p@ss/word")]


def test_smtps_is_encrypted_from_the_start(smtps_server, inbox, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
    mailer(f"smtps://{smtps_server}").send(MAIL)
    assert len(inbox.messages) == 1


def test_a_server_that_nobody_vouches_for_is_told_nothing(starttls_server, inbox):
    with pytest.raises(ssl.SSLCertVerificationError):
        mailer(f"smtp://user:p%40ss%2Fword@{starttls_server}").send(MAIL)
    assert (inbox.messages, inbox.logins) == ([], [])


@pytest.mark.parametrize(
    "subject", ["Hi\r\nBcc: eve@example.com", "Hi\nBcc: eve@example.com", "Hi\u2028Bcc: eve@example.com\0"]
)
def test_a_subject_cannot_begin_another_header(server, inbox, subject):
    mailer(f"smtp://{server}").send(replace(MAIL, subject=subject))
    (message,) = inbox.messages
    assert message["Bcc"] is None
    assert message["Subject"] == "Hi Bcc: eve@example.com"
    assert inbox.envelopes[0].rcpt_tos == ["ann@example.com"]


def test_a_message_id_cannot_begin_another_header(server, inbox):
    mailer(f"smtp://{server}").send(replace(MAIL, message_id="1>\r\nBcc: eve@example.com"))
    assert inbox.messages[0]["Bcc"] is None


@pytest.mark.parametrize(
    "address",
    [
        "a@b.example, eve@example.com",
        "a@b.example\r\nBcc: eve@example.com",
        "Ann <a@b.example>",
        "a@b.example;x@y.example",
        "a b@c.example",
        "nobody",
        "",
    ],
)
def test_whoever_is_not_one_plain_address_gets_nothing(server, inbox, address):
    with pytest.raises(NotAnAddress):
        mailer(f"smtp://{server}").send(replace(MAIL, to=address))
    assert inbox.envelopes == []


def test_a_server_that_is_away_raises_so_that_the_outbox_tries_again():
    with pytest.raises(OSError, match="refused"):
        mailer("smtp://127.0.0.1:9").send(MAIL)


def test_a_recipient_refused_for_now_raises(server, inbox):
    inbox.refuse_with = "450 Try later"
    with pytest.raises(OSError, match="450"):
        mailer(f"smtp://{server}").send(MAIL)


def test_a_recipient_refused_for_good_is_not_tried_again(server, inbox):
    inbox.refuse_with = "550 No such user"
    mailer(f"smtp://{server}").send(MAIL)
    assert inbox.envelopes == []


def test_a_server_that_shows_no_certificate_is_not_spoken_to_as_smtps(server):
    with pytest.raises(ssl.SSLError):
        mailer(f"smtps://{server}").send(MAIL)


def test_without_a_server_mails_go_into_the_mailbox_once(app):
    local = Mailer()
    local.send(MAIL)
    local.send(replace(MAIL, text="again"))
    local.send(replace(MAIL, message_id="2", subject="Second\nline"))
    second, first = mailbox.list_mails(to="ANN@example.com")
    assert (first.subject, first.text) == (MAIL.subject, MAIL.text)
    assert second.subject == "Second line"
    assert mailbox.list_mails(to="eve@example.com") == []
