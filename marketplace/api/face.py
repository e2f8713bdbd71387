"""A face: one documented product over the core, with its dialect, document and blueprints."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import Flask
from flask_smorest import Api
from typing_extensions import override

from marketplace.api.converters import ID_SCHEMA, IdConverter
from marketplace.api.dialect import Dialect
from marketplace.realtime import Channel


class FaceApi(Api):  # type: ignore[misc]  # flask-smorest ships no types
    """flask-smorest's Api without its error handlers: `marketplace.api.errors` renders them all."""

    def _register_error_handlers(self) -> None:
        """Leave errors to the one translator."""

    def _register_responses(self) -> None:
        """Leave error responses to the blueprints, which know their dialect."""

    def _register_etag_headers(self) -> None:
        """Leave out what no answer of ours has."""

    def _register_pagination_header(self) -> None:
        """Leave out what no answer of ours has: the pages stand in the bodies."""

    @override
    def register_blueprint(self, blp: Any, *, parameters: Any = None, **options: Any) -> None:
        """Register a blueprint under the tag that its operations carry, not under its endpoint's name."""
        self._app.extensions["flask-smorest"]["blp_name_to_api"][blp.name] = self
        self._app.register_blueprint(blp, **options)
        blp.register_views_in_doc(self, self._app, self.spec, name=blp.name, parameters=parameters)
        self.spec.tag({"name": blp.tag, "description": blp.description})


@dataclass(frozen=True, kw_only=True)
class Face:
    """A product as it is mounted: its name, its URL space, its dialect and its blueprints."""

    name: str
    title: str
    version: str
    summary: str
    description: str
    prefixes: Sequence[str]
    dialect: Dialect
    blueprints: Sequence[Any]
    channels: Sequence[type[Channel]] = ()
    # where a part of the face speaks otherwise, by the path that it lies below
    sections: Mapping[str, Dialect] = field(default_factory=dict)

    def dialect_of(self, path: str) -> Dialect:
        """How the part of the face that a path lies in speaks."""
        return next(
            (speech for place, speech in self.sections.items() if path.startswith(place)), self.dialect
        )

    def mount(self, app: Flask) -> None:
        """Register the blueprints, and the document that they make."""
        prefix = self.name.upper()
        app.config[f"{prefix}_API_TITLE"] = self.title
        app.config[f"{prefix}_API_VERSION"] = self.version
        app.config[f"{prefix}_OPENAPI_VERSION"] = "3.1.0"
        api = FaceApi(app, config_prefix=prefix, spec_kwargs={"info": {"description": self.description}})
        api.spec.components.security_scheme(
            "bearer",
            {"type": "http", "scheme": "bearer", "bearerFormat": "JWT", "description": "An access token."},
        )
        api.register_converter(IdConverter, lambda _: ID_SCHEMA)
        for blueprint in self.blueprints:
            api.register_blueprint(blueprint)
        app.extensions.setdefault("marketplace.specs", {})[self.name] = api.spec


def face_of_path(faces: Sequence[Face], path: str) -> Face | None:
    """The face whose URL space a path lies in: the longest prefix wins."""
    matches = [(len(prefix), face) for face in faces for prefix in face.prefixes if path.startswith(prefix)]
    return max(matches, key=lambda match: match[0])[1] if matches else None
