"""Thinking of an answer: by the rules, and better with a language model where there is one."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property

from marketplace.domains.catalog import public as catalog
from marketplace.domains.chatbot import queries
from marketplace.domains.chatbot.rules import answers, prompts
from marketplace.domains.chatbot.rules.answers import Pointed
from marketplace.domains.chatbot.rules.drafts import draft_of
from marketplace.domains.chatbot.rules.reading import Heard
from marketplace.domains.chatbot.rules.replies import Reply, reply_to, summary
from marketplace.domains.chatbot.service.gazetteer import gazetteer
from marketplace.domains.chatbot.types import ChatMessage, Language, Mode, Reading, Said
from marketplace.providers.language_model import ModelUnavailable, language_model


@dataclass(frozen=True, kw_only=True)
class Moment:
    """When somebody speaks, by their own clock, and how they are answered: language and currency."""

    now: datetime
    language: Language
    currency: str


@dataclass(frozen=True, kw_only=True)
class Thought:
    """An answer, what the message states after all, and how that was found."""

    reply: Reply
    reading: Reading
    mode: Mode


def think(heard: Heard, question: ChatMessage, moment: Moment) -> Thought:
    """The answer to a message that is stored already; a model that fails leaves what the rules say."""
    thinker = _Thinker(heard, question, moment)
    by_rules = Thought(reply=thinker.reply(heard.reading), reading=heard.reading, mode=Mode.RULES)
    pointed = thinker.ask_model(by_rules.reply) if language_model.is_configured else None
    return by_rules if pointed is None else thinker.with_model(pointed)


class _Thinker:
    """Thinks about one message of a talk."""

    def __init__(self, heard: Heard, question: ChatMessage, moment: Moment) -> None:
        """Take the message as it was read, and as it is stored."""
        self.heard = heard
        self.question = question
        self.moment = moment
        self.said = queries.said_in(question.session_id)

    @cached_property
    def categories(self) -> Sequence[str]:
        """The slugs of the catalogue."""
        return [category.slug for category in catalog.categories().values()]

    def reply(self, reading: Reading) -> Reply:
        """What the rules answer to the message, read so."""
        heard = replace(self.heard, reading=reading)
        draft = draft_of(self._with(reading))
        return reply_to(
            heard,
            draft,
            message_id=self.question.id,
            language=self.moment.language,
            currency=self.moment.currency,
        )

    def ask_model(self, by_rules: Reply) -> Pointed | None:
        """What a model answers; `None` where it does not, or not in the form that it is asked for."""
        turns = [
            (str(message.author), message.body)
            for message in queries.messages_of(self.question.session_id)
            if message.seq <= self.question.seq
        ]
        instructions = prompts.instructions(
            categories=self.categories,
            today=self.moment.now.date(),
            currency=self.moment.currency,
            known=self._summary(self.heard.reading),
            asks=by_rules.asks,
        )
        try:
            return answers.parse(language_model.ask(instructions, prompts.recent(turns)))
        except ModelUnavailable:
            return None

    def with_model(self, pointed: Pointed) -> Thought:
        """What a model found and said, as far as it is sound."""
        reading = answers.checked(
            pointed,
            self.question.body,
            reading=self.heard.reading,
            now=self.moment.now,
            cities=gazetteer,
            categories=self.categories,
        )
        reply = self.reply(reading)
        known = [said.body for said in self.said] + [reply.text, self._summary(reading)]
        is_sound = answers.is_sound(pointed.reply, known=known, cities=gazetteer)
        if is_sound:
            reply = replace(reply, text=pointed.reply.strip())
        is_used = is_sound or reading != self.heard.reading
        return Thought(reply=reply, reading=reading, mode=Mode.LLM if is_used else Mode.RULES)

    def _summary(self, reading: Reading) -> str:
        draft = draft_of(self._with(reading))
        return summary(draft, language=self.moment.language, currency=self.moment.currency)

    def _with(self, reading: Reading) -> list[Said]:
        """The talk with its message read so."""
        return [
            replace(said, reading=reading) if said.message_id == self.question.id else said
            for said in self.said
        ]
