"""Messages as SkillConnect shows them and takes them, over HTTP and on its socket."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

import msgspec
from marshmallow import ValidationError, post_load
from typing_extensions import override

from marketplace.api.fields import Choice, File, Flag, Identifier, Text
from marketplace.api.forms import Form
from marketplace.api.shapes import Id, Timestamp, timestamp
from marketplace.api.skillconnect.dialect import Input, Rupees, rupees
from marketplace.api.skillconnect.schemas.people import Name
from marketplace.domains.deals.public import Kind, Said, TalkView
from marketplace.domains.files import public as files
from marketplace.domains.files.public import Variant
from marketplace.domains.messaging.public import Message, MessageKind
from marketplace.domains.payments.public import PaymentRequest
from marketplace.kernel.money import Money

MOST_CONTENT = 5000
SENDABLE = ("text", "file", "image", "voice")
ORDER_TYPES: Mapping[Kind, Literal["serviceorder", "proposalorder"]] = {
    Kind.GIG_ORDER: "serviceorder",
    Kind.PROPOSAL_ORDER: "proposalorder",
}
_KINDS = {said: kind for kind, said in ORDER_TYPES.items()}
# The ways in which a choice may be wrong, for which the document has one sentence.
WRONG = ("choice", "invalid", "blank", "long", "null", "unstorable")
NO_EMOJI, BAD_EMOJI = "emoji field is required", "emoji is not valid"
PaymentStatus = Literal["pending", "paid", "cancelled"]
Content = Annotated[str, msgspec.Meta(examples=["Hi, can you send the payment?"])]
Reactions = Annotated[
    dict[str, int], msgspec.Meta(description="How many people reacted with each emoji", examples=[{"👍": 2}])
]
Link = Annotated[str, msgspec.Meta(examples=["https://market.example/files/0192c2d1?expires=1&signature=a"])]


class AttachmentOut(msgspec.Struct, kw_only=True, frozen=True):
    """A file in a conversation; its links are good for an hour at most."""

    id: Id
    file: Link
    file_name: Annotated[str, msgspec.Meta(examples=["file.pdf"])]
    file_type: Annotated[str, msgspec.Meta(examples=["pdf"])]
    file_size: Annotated[int, msgspec.Meta(examples=[132329])]
    thumbnail_url: Link | None
    uploaded_at: Timestamp

    @classmethod
    def of(cls, file: files.File) -> "AttachmentOut":
        """A file that somebody sent."""
        return cls(
            id=file.id,
            file=files.url_of(file),
            file_name=file.name,
            file_type=file.extension,
            file_size=file.size,
            thumbnail_url=files.url_of(file, Variant.THUMBNAIL) if file.is_picture else None,
            uploaded_at=timestamp(file.created_at),
        )


class MessageOut(msgspec.Struct, kw_only=True, frozen=True):
    """A message, over HTTP and as the frame that tells of a new one."""

    id: Id
    conversation: Id
    sender_id: Id
    message_type: Literal["text", "file", "image", "voice", "payment", "contract"]
    content: Content
    attachment: AttachmentOut | None
    payment_amount: Rupees | None
    payment_status: PaymentStatus | None
    created_at: Timestamp
    edited_at: Timestamp | None
    reactions: Reactions

    @classmethod
    def told(cls, said: Said) -> "MessageOut":
        """A message, with what it asks for if it asks for money."""
        return cls.of(said.message, said.request)

    @classmethod
    def of(cls, message: Message, request: PaymentRequest | None = None) -> "MessageOut":
        """A message, which may ask for money."""
        return cls(
            id=message.id,
            conversation=message.room_id,
            sender_id=message.sender.id,
            message_type=message.kind.value,
            content=message.body,
            attachment=None if message.file is None else AttachmentOut.of(message.file),
            payment_amount=None if request is None else rupees(request.amount),
            payment_status=None if request is None else request.status.value,
            created_at=timestamp(message.created_at),
            edited_at=None if message.edited_at is None else timestamp(message.edited_at),
            reactions=dict(message.reactions),
        )


class ConversationOut(msgspec.Struct, kw_only=True, frozen=True):
    """The conversation of an order's two sides as one of them sees it, with the order as it was made."""

    id: Id
    client_id: Id
    client_name: Name
    freelancer_id: Id
    freelancer_name: Name
    order_type: Literal["serviceorder", "proposalorder"]
    order_id: Id
    is_active: bool
    created_at: Timestamp
    updated_at: Timestamp
    service_title: Annotated[str, msgspec.Meta(examples=["Website Design"])]
    service_price: Annotated[str, msgspec.Meta(examples=["$25000"])]
    service_deadline: Annotated[str, msgspec.Meta(examples=["10 days"])]
    last_message: MessageOut | None
    unread_count: Annotated[int, msgspec.Meta(examples=[2])]

    @classmethod
    def of(cls, view: TalkView) -> "ConversationOut":
        """A conversation and what it is about."""
        conversation, deal = view.conversation, view.deal
        return cls(
            id=conversation.id,
            client_id=deal.buyer_id,
            client_name=view.buyer.name,
            freelancer_id=deal.seller_id,
            freelancer_name=view.seller.name,
            order_type=ORDER_TYPES[deal.kind],
            order_id=deal.id,
            is_active=conversation.is_active,
            created_at=timestamp(conversation.created_at),
            updated_at=timestamp(conversation.updated_at),
            service_title=deal.title,
            service_price="-".join(dict.fromkeys(map(_dollars, _prices(view)))),
            service_deadline=f"{deal.days or 1} days",
            last_message=None if view.last is None else MessageOut.told(view.last),
            unread_count=conversation.unread_count,
        )


class ReactedOut(msgspec.Struct, kw_only=True, frozen=True):
    """How people react to a message by now."""

    id: Id
    reactions: Reactions

    @classmethod
    def of(cls, message: Message) -> "ReactedOut":
        """The reactions to a message."""
        return cls(id=message.id, reactions=dict(message.reactions))


def typing_frame(conversation_id: int, person_id: int, *, is_typing: bool) -> dict[str, Any]:
    """The frame that says that somebody writes, or no longer does."""
    place = {"conversation_id": conversation_id, "user_id": person_id}
    return {"type": "typing", **place, "typing": is_typing}


def presence_frame(conversation_id: int, person_id: int, *, is_online: bool) -> dict[str, Any]:
    """The frame that says whether somebody is in a conversation."""
    place = {"conversation_id": conversation_id, "user_id": person_id}
    return {"type": "presence", **place, "status": "online" if is_online else "offline"}


def edited_frame(message: Message) -> dict[str, Any]:
    """The frame that tells of new words."""
    shown = MessageOut.of(message)
    return {"type": "message_edited", "id": shown.id, "content": shown.content, "edited_at": shown.edited_at}


def reaction_frame(message: Message) -> dict[str, Any]:
    """The frame that tells how people react to a message by now."""
    return {"type": "reaction", **msgspec.to_builtins(ReactedOut.of(message))}


def updated_frame(said: Said) -> dict[str, Any]:
    """The frame that shows a message anew of which more has changed than its words."""
    return {"type": "message_updated", **msgspec.to_builtins(MessageOut.told(said))}


class OpenIn(Input):
    """The order to talk about."""

    order_type = Choice(
        list(_KINDS),
        required=True,
        error_messages=dict.fromkeys(WRONG, "Must be 'serviceorder' or 'proposalorder'."),
        metadata={"example": "serviceorder"},
    )
    order_id = Identifier(required=True, metadata={"example": 10})

    @post_load
    def make(self, data: dict[str, Any], **_: object) -> dict[str, Any]:
        """What `deals.open_talk` takes."""
        return {"kind": _KINDS[data["order_type"]], "order_id": data["order_id"]}


class ConversationIn(Input):
    """What may change about a conversation: whether anything more is said in it."""

    is_active = Flag(metadata={"example": False})


class SendIn(Form, Input):
    """Words, or a file with a caption; what is said of a payment is the house's to say, and ignored."""

    message_type = Choice(
        SENDABLE,
        allow_none=True,
        error_messages=dict.fromkeys(WRONG, "Must be 'text', 'file', 'image' or 'voice'."),
        metadata={"example": "text"},
    )
    content = Text(
        most=MOST_CONTENT,
        blank=True,
        allow_none=True,
        metadata={"example": "Hi, can you send the payment?"},
    )
    attachment_file = File(allow_none=True)

    @post_load
    def make(self, data: dict[str, Any], **_: object) -> dict[str, Any]:
        """What `messaging.send` takes: `kind`, `body` and `upload`."""
        body, upload = data.get("content") or "", data.get("attachment_file")
        said = data.get("message_type") or ("file" if upload else "text")
        kind = MessageKind(said)
        if kind is MessageKind.TEXT and not body:
            raise ValidationError(f"required when message_type is '{said}'.", "content")
        if kind is MessageKind.TEXT and upload:
            raise ValidationError("not allowed when message_type is 'text'.", "attachment_file")
        if kind is not MessageKind.TEXT and not upload:
            raise ValidationError(f"required when message_type is '{said}'.", "attachment_file")
        return {"kind": kind, "body": body, "upload": upload}


class EditIn(Input):
    """New words for a message."""

    content = Text(most=MOST_CONTENT, required=True, metadata={"example": "Hi, can you send it today?"})

    @post_load
    def make(self, data: dict[str, str], **_: object) -> str:
        """The words."""
        return data["content"]


class ReactIn(Input):
    """An emoji, or null to take back the one that was there."""

    emoji = Text(
        most=64,
        required=True,
        allow_none=True,
        error_messages={
            **dict.fromkeys(("required", "blank"), NO_EMOJI),
            **dict.fromkeys(("invalid", "long", "unstorable"), BAD_EMOJI),
        },
        metadata={"example": "👍"},
    )

    @override
    def handle_error(self, error: ValidationError, data: Any, **_: Any) -> None:
        """Say it under the name that the document gives it."""
        if "emoji" in error.messages_dict:
            raise ValidationError({"error": error.messages_dict["emoji"]}) from error

    @post_load
    def make(self, data: dict[str, str | None], **_: object) -> str | None:
        """The emoji."""
        return data["emoji"]


class TypingFrameIn(Input):
    """A `typing` frame of a client; whose it is, the connection says."""

    typing = Flag(required=True)


def _prices(view: TalkView) -> tuple[Money, ...]:
    """A service's price, or a project's budget until a contract says what is paid."""
    if view.agreed is not None and view.deal.kind is Kind.PROPOSAL_ORDER:
        return (view.agreed,)
    return view.deal.price, view.deal.price_max


def _dollars(money: Money) -> str:
    """An amount in the document's words, which say dollars where they mean rupees."""
    amount = rupees(money)
    return f"${amount}" if isinstance(amount, int) else f"${amount:.2f}"
