"""Pictures for the demo world, drawn here so that none has to be shipped."""

from io import BytesIO

from PIL import Image, ImageDraw

WALL, FLOOR, OAK, DARK_OAK, BRASS = "#e8e4da", "#b99f7c", "#a8763e", "#7b5227", "#d9b75c"
SKIN, HAIR = "#d9a77c", "#3a2a20"


def wardrobe() -> bytes:
    """A wardrobe of oak with two doors, as PNG."""
    image = Image.new("RGB", (960, 720), WALL)
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 600, 960, 720), fill=FLOOR)
    draw.rectangle((280, 90, 680, 640), fill=DARK_OAK)
    for left in (300, 490):
        draw.rectangle((left, 110, left + 170, 600), fill=OAK)
        for top in (140, 380):
            draw.rectangle((left + 25, top, left + 145, top + 190), outline=DARK_OAK, width=6)
    for left in (452, 496):
        draw.ellipse((left, 340, left + 12, 364), fill=BRASS)
    return _png(image)


def portrait(shirt: str) -> bytes:
    """Somebody in a shirt of that colour, as PNG."""
    image = Image.new("RGB", (512, 512), WALL)
    draw = ImageDraw.Draw(image)
    draw.ellipse((76, 360, 436, 720), fill=shirt)
    draw.rectangle((226, 300, 286, 390), fill=SKIN)
    draw.ellipse((156, 90, 356, 340), fill=HAIR)
    draw.ellipse((172, 130, 340, 344), fill=SKIN)
    for left in (212, 286):
        draw.ellipse((left, 220, left + 16, 236), fill=HAIR)
    draw.arc((222, 240, 290, 306), 20, 160, fill=HAIR, width=5)
    return _png(image)


def _png(image: Image.Image) -> bytes:
    target = BytesIO()
    image.save(target, "PNG")
    return target.getvalue()
