"""The tables of the catalogue."""

from sqlalchemy import Double, ForeignKey, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.kernel.database import Base


class CategoryRow(Base):
    """A kind of work; ids are part of the published catalogue and never change."""

    __tablename__ = "categories"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    name: Mapped[str]
    slug: Mapped[str] = mapped_column(unique=True)
    description: Mapped[str]


class SkillRow(Base):
    """Something that people are good at; ids never change, and what people named themselves is not listed."""

    __tablename__ = "skills"

    id: Mapped[int] = mapped_column(primary_key=True, server_default=text("nextval('named_skills')"))
    name: Mapped[str]
    category_id: Mapped[int | None] = mapped_column(ForeignKey("categories.id"), index=True)
    is_listed: Mapped[bool] = mapped_column(server_default=text("false"))

    __table_args__ = (Index("uq_skills_name", text("lower(name)"), unique=True),)


class ServiceOfferingRow(Base):
    """A kind of service that people ask for; ids never change."""

    __tablename__ = "service_offerings"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    name: Mapped[str] = mapped_column(unique=True)
    description: Mapped[str]
    category_id: Mapped[int] = mapped_column(ForeignKey("categories.id"), index=True)


class CountryRow(Base):
    """A country under its ISO 3166-1 codes; `folded_name` is its name as it is compared."""

    __tablename__ = "countries"

    code: Mapped[str] = mapped_column(primary_key=True)
    code3: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    folded_name: Mapped[str] = mapped_column(index=True)


class CityRow(Base):
    """A city under its number in GeoNames."""

    __tablename__ = "cities"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    name: Mapped[str]
    country_code: Mapped[str] = mapped_column(ForeignKey("countries.code"), index=True)
    region: Mapped[str]
    latitude: Mapped[float] = mapped_column(Double)
    longitude: Mapped[float] = mapped_column(Double)
    population: Mapped[int]
    time_zone: Mapped[str]


class CityNameRow(Base):
    """A name that a city goes by, in whatever language, as it is compared.

    Written with the cities, as a whole, and never alone: to look up 300,000 cities is half of the loading.
    """

    __tablename__ = "city_names"

    # whatever the database's collation, the key finds how a name begins
    name: Mapped[str] = mapped_column(Text(collation="C"), primary_key=True)
    city_id: Mapped[int] = mapped_column(primary_key=True, index=True, autoincrement=False)
    is_main: Mapped[bool]


class PartRow(Base):
    """A part of the catalogue that is loaded as a whole, and the version that was."""

    __tablename__ = "catalogue_parts"

    name: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[str]
