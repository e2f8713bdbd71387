"""How files refuses."""

from marketplace.kernel.errors import Invalid, NotFound


class NoSuchFile(NotFound):
    """Not found."""

    code = "no_such_file"


class EmptyFile(Invalid):
    """The submitted file is empty."""

    code = "empty_file"
    field = "file"


class FileTooLarge(Invalid):
    """The file is too large."""

    code = "file_too_large"
    field = "file"


class NotAccepted(Invalid):
    """Files of this kind are not accepted."""

    code = "file_not_accepted"
    field = "file"


class NotAPicture(Invalid):
    """Upload a valid picture: a PNG, JPEG, WebP or GIF that is whole and nothing else besides."""

    code = "not_a_picture"
    field = "file"


class PictureTooLarge(Invalid):
    """The picture has too many pixels: at most 40 million, over all its frames."""

    code = "picture_too_large"
    field = "file"
