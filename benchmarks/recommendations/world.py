"""A made-up market whose people have hidden tastes.

Nobody sees a taste, a need, or what a task truly is: each is a mixture of topics. What the application sees
are noisy observations of them: words drawn from the topics between everyday words, skills and categories that
the topics make likely and that are sometimes plainly wrong, and what people did with the few tasks they came
across, for which pay and chance were reasons too. What a person would truly like is computed from what is
hidden and from nothing else: `liking`, `worth` and `use` are given nothing that a ranking reads.
"""

import math
import random
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from operator import mul

from benchmarks.recommendations.market import Deed, Freelancer, Market, Rating, Skill, Task

TOPICS = 40
TOPIC_WORDS = 80
NEW_WORDS = TOPIC_WORDS * 2 // 3  # neighbouring topics share the other third of their words
EVERYDAY_WORDS = 400
EVERYDAY_SHARE = 0.55
WRONG_SHARE = 0.12
ON_SITE_SHARE = 0.6
IDLE_SHARE = 0.2
MANNERS = 3
CLIENT_TOPICS = 4
OPEN_FOR_DAYS = 30
HISTORY_DAYS = 180
APPLIES_ABOVE, SAVES_ABOVE, SAVES_SHARE = 0.55, 0.4, 0.5
GRADES = ((0.01, 3), (0.03, 2), (0.08, 1))


@dataclass(frozen=True)
class Size:
    """How large a market is; where there are cities, people also say where and for how much they work."""

    freelancers: int
    clients: int
    open_tasks: int
    closed_tasks: int
    seen_each: int = 60
    cities: Sequence[str] = ()


@dataclass(frozen=True, kw_only=True)
class Taste:
    """What a freelancer truly likes, and how good they truly are."""

    topics: Sequence[float]
    manner: Sequence[float]
    wage: int
    quality: float


@dataclass(frozen=True, kw_only=True)
class Nature:
    """What a task truly is: what it is about, how it is done, how pleasant it is to anybody."""

    topics: Sequence[float]
    manner: Sequence[float]
    appeal: float


def liking(taste: Taste, nature: Nature) -> float:
    """How much somebody would truly like a task."""
    manner = _dot(taste.manner, nature.manner) / MANNERS
    return _dot(taste.topics, nature.topics) + 0.2 * manner + 0.08 * nature.appeal


def worth(taste: Taste, nature: Nature) -> float:
    """How good somebody would truly be for a task: glad to do it, and able."""
    return liking(taste, nature) + 0.15 * taste.quality


def use(taste: Taste, needs: Sequence[float]) -> float:
    """How good somebody would truly be for a client."""
    return _dot(taste.topics, needs) + 0.15 * taste.quality


def grades(utilities: Mapping[int, float]) -> dict[int, int]:
    """How relevant each thing is: the best hundredth 3, the next two 2, the next five 1, the rest nothing."""
    ranked = sorted(utilities, key=lambda key: (-utilities[key], key))
    return {
        key: next((grade for share, grade in GRADES if place < max(1, share * len(ranked))), 0)
        for place, key in enumerate(ranked)
    }


@dataclass(kw_only=True)
class World:
    """A market and what is hidden in it: tastes of freelancers, natures of tasks, needs of clients."""

    market: Market
    tastes: dict[int, Taste] = field(default_factory=dict)
    natures: dict[int, Nature] = field(default_factory=dict)
    needs: dict[int, Sequence[float]] = field(default_factory=dict)

    def grades_of_tasks(self, freelancer_id: int) -> dict[int, int]:
        """How relevant each task is that may be recommended to a freelancer."""
        taste = self.tastes[freelancer_id]
        return grades({key: liking(taste, self.natures[key]) for key in self.market.open_to(freelancer_id)})

    def grades_for_task(self, task_id: int) -> dict[int, int]:
        """How relevant each freelancer is for a task."""
        nature = self.natures[task_id]
        return grades({key: worth(taste, nature) for key, taste in self.tastes.items()})

    def grades_for_client(self, client_id: int) -> dict[int, int]:
        """How relevant each freelancer is for a client."""
        needs = self.needs[client_id]
        return grades({key: use(taste, needs) for key, taste in self.tastes.items()})


def make(seed: int, size: Size, skills: Sequence[Skill], category_ids: Sequence[int]) -> World:
    """The world of a seed: people, tasks, and what they did."""
    chance = random.Random(seed)
    people = range(1, size.freelancers + 1)
    clients = range(size.freelancers + 1, size.freelancers + size.clients + 1)
    world = World(
        market=Market(
            freelancers={}, client_ids=list(clients), tasks={}, skills={skill.id: skill for skill in skills}
        )
    )
    observer = _Observer(chance, size, skills, category_ids)
    world.needs = {client_id: observer.mixture(CLIENT_TOPICS) for client_id in clients}
    joined = sorted((chance.uniform(0, 2 * HISTORY_DAYS) for _ in people), reverse=True)
    for number, days_ago in zip(people, joined, strict=True):
        taste = Taste(
            topics=observer.mixture(chance.choice((1, 2, 2, 3))),
            manner=[chance.gauss(0, 1) for _ in range(MANNERS)],
            wage=round(math.exp(chance.gauss(math.log(100_00), 0.7))),
            quality=chance.gauss(0, 1),
        )
        world.tastes[number] = taste
        world.market.freelancers[number] = observer.freelancer(number, taste, days_ago)
    closed = (chance.uniform(OPEN_FOR_DAYS, HISTORY_DAYS) for _ in range(size.closed_tasks))
    still_open = (chance.uniform(0, OPEN_FOR_DAYS) for _ in range(size.open_tasks))
    for number, age_days in enumerate(sorted([*closed, *still_open], reverse=True), 1):
        owner_id = chance.choice(world.market.client_ids)
        nature = Nature(
            topics=observer.mixture(chance.choice((1, 1, 2)), world.needs[owner_id]),
            manner=[chance.gauss(0, 1) for _ in range(MANNERS)],
            appeal=chance.gauss(0, 1),
        )
        world.natures[number] = nature
        world.market.tasks[number] = observer.task(number, nature, owner_id, age_days)
    _live(world, size, chance)
    return world


class _Observer:
    """Says of what is hidden what people would say of it, with their noise and their mistakes."""

    def __init__(
        self, chance: random.Random, size: Size, skills: Sequence[Skill], category_ids: Sequence[int]
    ) -> None:
        self._chance = chance
        self._size = size
        self._skills = {skill.id: skill for skill in skills}
        self._category_ids = list(category_ids)
        words = self._words(EVERYDAY_WORDS + TOPICS * NEW_WORDS + TOPIC_WORDS)
        self._everyday, rest = words[:EVERYDAY_WORDS], words[EVERYDAY_WORDS:]
        self._words_of_topic = [
            chance.sample(rest[topic * NEW_WORDS :][:TOPIC_WORDS], TOPIC_WORDS) for topic in range(TOPICS)
        ]
        self._category_of_topic = [
            self._category_ids[topic % len(self._category_ids)] for topic in range(TOPICS)
        ]
        self._skills_of_topic = [self._skills_of(topic) for topic in range(TOPICS)]
        # some work is asked for much more often than other work, as some words are
        self._demand = chance.sample([1 / (place + 8) for place in range(TOPICS)], TOPICS)
        self._everyday_zipf = list(accumulate(1 / (place + 2) for place in range(EVERYDAY_WORDS)))
        self._topic_zipf = list(accumulate(1 / (place + 4) for place in range(TOPIC_WORDS)))

    def mixture(self, parts: int, among: Sequence[float] | None = None) -> list[float]:
        """A mixture of a few topics, of any or of those of another mixture: a vector of length 1."""
        mixed = [0.02] * TOPICS
        for topic in self._topics(self._demand if among is None else among, parts):
            mixed[topic] += self._chance.uniform(0.5, 1)
        length = math.sqrt(_dot(mixed, mixed))
        return [share / length for share in mixed]

    def freelancer(self, number: int, taste: Taste, joined_days_ago: float) -> Freelancer:
        chance, cities = self._chance, self._size.cities
        tells_budget = bool(cities) and chance.random() < 0.4
        return Freelancer(
            id=number,
            bio="" if chance.random() < 0.15 else self._text(taste.topics, chance.randint(12, 35)),
            skill_ids=self._skill_ids(taste.topics, 0 if chance.random() < 0.1 else chance.randint(2, 8)),
            category_ids=sorted(
                {self._category(taste.topics) for _ in range(chance.choice((0, 0, 1, 2, 3)))}
            ),
            min_budget_minor=round(taste.wage * math.exp(chance.gauss(-0.3, 0.3))) if tells_budget else None,
            joined_days_ago=joined_days_ago,
            city=chance.choice(cities) if cities else "",
        )

    def task(self, number: int, nature: Nature, owner_id: int, age_days: float) -> Task:
        chance, cities = self._chance, self._size.cities
        words = self._text(nature.topics, chance.randint(15, 45)).split()
        for skill_id in self._skill_ids(nature.topics, chance.choice((0, 1, 1, 2, 3, 4))):
            words.insert(chance.randrange(len(words) + 1), self._skills[skill_id].name)
        return Task(
            id=number,
            owner_id=owner_id,
            title=self._text(nature.topics, 4),
            description=" ".join(words),
            category_id=self._category(nature.topics),
            price_minor=round(math.exp(chance.gauss(math.log(120_00), 0.8))),
            age_days=age_days,
            is_open=age_days < OPEN_FOR_DAYS,
            city=chance.choice(cities) if cities and chance.random() < ON_SITE_SHARE else "",
        )

    def _topics(self, mixture: Sequence[float], count: int) -> list[int]:
        return self._chance.choices(range(TOPICS), weights=mixture, k=count)

    def _text(self, mixture: Sequence[float], length: int) -> str:
        chance = self._chance
        everyday = sum(chance.random() < EVERYDAY_SHARE for _ in range(length))
        words = chance.choices(self._everyday, cum_weights=self._everyday_zipf, k=everyday)
        for topic, count in Counter(self._topics(mixture, length - everyday)).items():
            words += chance.choices(self._words_of_topic[topic], cum_weights=self._topic_zipf, k=count)
        chance.shuffle(words)
        return " ".join(words)

    def _skill_ids(self, mixture: Sequence[float], count: int) -> list[int]:
        every = list(self._skills)
        return sorted(
            {
                self._chance.choice(every if self._is_mistaken() else self._skills_of_topic[topic])
                for topic in self._topics(mixture, count)
            }
        )

    def _category(self, mixture: Sequence[float]) -> int:
        if self._is_mistaken():
            return self._chance.choice(self._category_ids)
        return self._category_of_topic[self._topics(mixture, 1)[0]]

    def _is_mistaken(self) -> bool:
        return self._chance.random() < WRONG_SHARE

    def _skills_of(self, topic: int) -> list[int]:
        """The topic's share of its category's skills."""
        category_id = self._category_of_topic[topic]
        near = [skill.id for skill in self._skills.values() if skill.category_id == category_id]
        sharing = [other for other in range(TOPICS) if self._category_of_topic[other] == category_id]
        return near[sharing.index(topic) :: len(sharing)] or near

    def _words(self, count: int) -> list[str]:
        """Words that mean nothing in any language that the search knows."""
        syllables = [first + second for first in "bdfgklmnprtvz" for second in "aiou"]
        words: dict[str, None] = {}
        while len(words) < count:
            words["".join(self._chance.choices(syllables, k=3)) + "k"] = None
        return list(words)


def _live(world: World, size: Size, chance: random.Random) -> None:
    """Let everybody come across some tasks while they are open, and do what they feel like."""
    market = world.market
    fame = list(accumulate(chance.paretovariate(1.5) for _ in market.tasks))
    for freelancer_id in market.freelancers:
        if chance.random() >= IDLE_SHARE:
            seen = min(len(fame), round(size.seen_each * math.exp(chance.gauss(0, 0.8))))
            for task_id in dict.fromkeys(chance.choices(list(market.tasks), cum_weights=fame, k=seen)):
                market.deeds += _meet(world, freelancer_id, task_id, chance)
    market.deeds.sort(key=lambda deed: -deed.days_ago)
    applicants: dict[int, list[int]] = defaultdict(list)
    for deed in market.deeds:
        if deed.kind == "applied" and not market.tasks[deed.task_id].is_open:
            applicants[deed.task_id].append(deed.freelancer_id)
    for task_id, people in applicants.items():
        _choose(world, task_id, people, chance)


def _meet(world: World, freelancer_id: int, task_id: int, chance: random.Random) -> list[Deed]:
    """What somebody does with a task that they come across, if they were there when it was open."""
    task, taste = world.market.tasks[task_id], world.tastes[freelancer_id]
    days_ago = chance.uniform(max(0.0, task.age_days - OPEN_FOR_DAYS), task.age_days)
    underpaid = max(0.0, math.log(taste.wage / task.price_minor))
    urge = liking(taste, world.natures[task_id]) - 0.3 * underpaid + chance.gauss(0, 0.2)
    if days_ago > world.market.freelancers[freelancer_id].joined_days_ago or urge < SAVES_ABOVE:
        return []
    if urge > APPLIES_ABOVE:
        return [Deed(freelancer_id, task_id, "applied", days_ago)]
    return [Deed(freelancer_id, task_id, "saved", days_ago)] if chance.random() < SAVES_SHARE else []


def _choose(world: World, task_id: int, people: Sequence[int], chance: random.Random) -> None:
    """Let a client choose somebody, and mostly say what they thought of the work."""
    market, nature = world.market, world.natures[task_id]
    felt = {number: worth(world.tastes[number], nature) + chance.gauss(0, 0.2) for number in people}
    winner_id = max(people, key=lambda number: felt[number])
    market.winners[task_id] = winner_id
    if chance.random() < 0.7:
        days_ago = market.tasks[task_id].age_days - OPEN_FOR_DAYS
        rating = round(3.6 + 0.8 * world.tastes[winner_id].quality + chance.gauss(0, 0.7))
        market.ratings.append(Rating(task_id, min(5, max(1, rating)), days_ago))


def _dot(one: Sequence[float], other: Sequence[float]) -> float:
    return sum(map(mul, one, other))
