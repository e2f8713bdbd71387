"""The fields of request bodies and queries: they refuse what the house cannot store."""

import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

from marshmallow import ValidationError, fields, missing, validate
from typing_extensions import override

from marketplace.domains.files.public import Upload
from marketplace.kernel.ids import MAX_BIGINT
from marketplace.kernel.money import MAX_PAYABLE_MINOR, Money

# NUL cannot be stored by PostgreSQL; lone surrogates are no text at all (Unicode 16.0, section 3.8).
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_EMAIL = re.compile(r"[^@\s,;<>()\"\\]{1,64}@(?:[A-Za-z0-9-]{1,63}\.)+[A-Za-z]{2,63}", re.ASCII)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_PATH_OF_FILE = re.compile(r"/files/[0-9a-f-]{36}(/thumbnail)?")
MAX_EMAIL = 254
MAX_ADDRESS = 2000


class Text(fields.String):
    """Text of at most `most` characters; stripped, and not blank unless `blank`."""

    default_error_messages = {  # noqa: RUF012 - marshmallow's own class attribute
        "blank": "This field may not be blank.",
        "long": "Ensure this field has no more than {most} characters.",
        "unstorable": "Null characters are not allowed.",
    }

    def __init__(self, *, most: int, blank: bool = False, strip: bool = True, **options: Any) -> None:
        """Say how long the text may be and whether it may be empty."""
        self.most = most
        self.blank = blank
        self.strip = strip
        super().__init__(**options)
        # The limits are checked below, after stripping; here they are stated for the document.
        limits = {"maxLength": most} if blank else {"maxLength": most, "minLength": 1}
        self.metadata = {**limits, **self.metadata}

    @override
    def _deserialize(self, value: Any, attr: str | None, data: Any, **options: Any) -> str:
        text: str = super()._deserialize(value, attr, data, **options)
        if _UNSTORABLE.search(text):
            raise self.make_error("unstorable")
        if self.strip:
            text = text.strip()
        if not text and not self.blank:
            raise self.make_error("blank")
        if len(text) > self.most:
            raise self.make_error("long", most=self.most)
        return text


class Email(Text):
    """An address for mail, as most people's are."""

    def __init__(self, **options: Any) -> None:
        """An address of at most 254 characters (RFC 5321)."""
        super().__init__(most=MAX_EMAIL, **options)
        self.metadata = {"format": "email", **self.metadata}

    @override
    def _deserialize(self, value: Any, attr: str | None, data: Any, **options: Any) -> str:
        text = super()._deserialize(value, attr, data, **options)
        if not _EMAIL.fullmatch(text):
            message = "Enter a valid email address."
            raise ValidationError(message)
        return text


class WebAddress(Text):
    """The address of a page: `http:` or `https:`, with a host."""

    def __init__(self, *, blank: bool = False, **options: Any) -> None:
        """Say whether there may be none."""
        super().__init__(most=MAX_ADDRESS, blank=blank, **options)
        self.metadata = {**({} if blank else {"format": "uri"}), **self.metadata}

    @override
    def _deserialize(self, value: Any, attr: str | None, data: Any, **options: Any) -> str:
        text = super()._deserialize(value, attr, data, **options)
        if text and not _is_web_address(text):
            message = "Enter a valid URL."
            raise ValidationError(message)
        return text


class Day(fields.Date):
    """A day as RFC 3339 writes it, `2024-12-31`, and in no other way that ISO 8601 knows."""

    @override
    def _deserialize(self, value: Any, attr: str | None, data: Any, **options: Any) -> date:
        if not isinstance(value, str) or not _DAY.fullmatch(value):
            raise self.make_error("invalid", input=value, obj_type=self.OBJ_TYPE)
        day: date = super()._deserialize(value, attr, data, **options)
        return day


class Amount(fields.Field[Money]):
    """Money in one currency: a number or a decimal string with at most the currency's places."""

    def __init__(
        self, *, currency: str, zero: bool = False, most_minor: int = MAX_PAYABLE_MINOR, **options: Any
    ) -> None:
        """Say the currency that the bare number is of, whether it may be nothing, and how much it may be.

        What somebody is to pay may be no more than can be paid at once.
        """
        self.currency = currency
        self.zero = zero
        self.most = Money(most_minor, currency)
        super().__init__(**options)
        forms = [{"type": "string", "format": "decimal"}, {"type": "number", "minimum": 0}]
        self.metadata = {"anyOf": forms, **self.metadata}

    @override
    def _deserialize(self, value: Any, attr: str | None, data: Any, **options: Any) -> Money:
        if isinstance(value, bool) or not isinstance(value, int | str | Decimal):
            message = "A valid number is required."
            raise ValidationError(message)
        try:
            money = Money.parse(str(value).strip(), self.currency)
        except ValueError as error:
            raise ValidationError(str(error)) from error
        if money.minor == 0 and not self.zero:
            message = "Ensure this value is greater than 0."
            raise ValidationError(message)
        if money > self.most:
            message = f"Ensure this value is less than or equal to {self.most}."
            raise ValidationError(message)
        return money


class Identifier(fields.Integer):
    """The id of something: a positive integer or its decimal string."""

    default_error_messages = {"invalid": "A valid integer is required."}  # noqa: RUF012 - marshmallow's own class attribute

    def __init__(self, **options: Any) -> None:
        """Accept 1 to 2^63 - 1."""
        super().__init__(strict=True, validate=validate.Range(1, MAX_BIGINT, error="Not found."), **options)

    @override
    def _deserialize(self, value: Any, attr: str | None, data: Any, **options: Any) -> int:
        if isinstance(value, bool) or not re.fullmatch(r"\d{1,20}", str(value), re.ASCII):
            raise self.make_error("invalid", input=value)
        number: int = super()._deserialize(int(value), attr, data, **options)
        return number


class Whole(fields.Integer):
    """A whole number between two bounds, or its decimal string."""

    default_error_messages = {"invalid": "A valid integer is required."}  # noqa: RUF012 - marshmallow's own class attribute

    def __init__(self, *, least: int, most: int, **options: Any) -> None:
        """Say the bounds, both of them included."""
        super().__init__(
            strict=True,
            validate=[
                validate.Range(min=least, error=f"Ensure this value is greater than or equal to {least}."),
                validate.Range(max=most, error=f"Ensure this value is less than or equal to {most}."),
            ],
            **options,
        )

    @override
    def _deserialize(self, value: Any, attr: str | None, data: Any, **options: Any) -> int:
        if isinstance(value, bool) or not re.fullmatch(r"-?\d{1,18}", str(value), re.ASCII):
            raise self.make_error("invalid", input=value)
        number: int = super()._deserialize(int(value), attr, data, **options)
        return number


class Flag(fields.Boolean):
    """`true` or `false` and nothing that only looks like it."""

    default_error_messages = {"invalid": "Must be a valid boolean."}  # noqa: RUF012 - marshmallow's own class attribute

    @override
    def _deserialize(self, value: Any, attr: str | None, data: Any, **options: Any) -> bool:
        if not isinstance(value, bool):
            raise self.make_error("invalid", input=value)
        return value


class Choice(Text):
    """One word of a list, whatever its case."""

    default_error_messages = {"choice": '"{input}" is not a valid choice.'}  # noqa: RUF012 - marshmallow's own class attribute

    def __init__(self, choices: Sequence[str], **options: Any) -> None:
        """Name the words as they are answered."""
        self.choices = {choice.lower(): choice for choice in choices}
        super().__init__(most=64, **options)
        self.metadata = {
            "enum": list(choices),
            **{key: value for key, value in self.metadata.items() if "Length" not in key},
        }

    @override
    def _deserialize(self, value: Any, attr: str | None, data: Any, **options: Any) -> str:
        text = super()._deserialize(value, attr, data, **options)
        if text.lower() not in self.choices:
            raise self.make_error("choice", input=text)
        return self.choices[text.lower()]


class File(fields.Field[Upload]):
    """A file of a multipart form.

    JSON has no files: there, and as a text of a form, null removes the one that is there, and a link or the
    path of a file, as it is answered, leaves it as it is.
    """

    default_error_messages = {  # noqa: RUF012 - marshmallow's own class attribute
        "invalid": "The submitted data was not a file. Check the encoding type on the form."
    }

    def __init__(self, **options: Any) -> None:
        """Describe what stands for a file in JSON."""
        super().__init__(**options)
        forms = [{"type": "string", "format": "uri"}, *([{"type": "null"}] if self.allow_none else [])]
        self.metadata = {"anyOf": forms, **self.metadata}

    @override
    def _deserialize(self, value: Any, attr: str | None, data: Any, **options: Any) -> Any:
        if isinstance(value, str) and (_PATH_OF_FILE.fullmatch(value) or _is_web_address(value)):
            return missing
        if not isinstance(value, Upload):
            raise self.make_error("invalid")
        return value


class NumberedFiles(File):
    """Files under numbered names, by their numbers: `certificate_0` names the field, `certificate_1` follows.

    A schema that has one is a `Form`, which gathers them.
    """

    @override
    def _deserialize(self, value: Any, attr: str | None, data: Any, **options: Any) -> Any:
        found, wrong = {}, {}
        for number, sent in value.items():
            try:
                is_none = sent is None or sent == ""
                found[number] = None if is_none else super()._deserialize(sent, attr, data, **options)
            except ValidationError as error:
                wrong[number] = error.messages
        if wrong:
            raise ValidationError(wrong)
        return {number: file for number, file in found.items() if file is not missing}


def _is_web_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    is_one_word = text.isprintable() and not any(letter.isspace() for letter in text)
    return parts.scheme in {"http", "https"} and bool(parts.hostname) and is_one_word
