"""The tables of the catalogue."""

from sqlalchemy.orm import Mapped, mapped_column

from marketplace.kernel.database import Base


class CategoryRow(Base):
    """A kind of work; ids are part of the published catalogue and never change."""

    __tablename__ = "categories"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    name: Mapped[str]
    slug: Mapped[str] = mapped_column(unique=True)
    description: Mapped[str]
