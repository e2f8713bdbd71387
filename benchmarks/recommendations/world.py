"""A made-up market whose people have hidden tastes.

Nobody sees a taste or what a task truly is: each is a mixture of topics. What the application sees are noisy
observations of them: words drawn from the topics between everyday words, skills and categories that the
topics make likely and that are sometimes plainly wrong, and what people did with the few tasks they came
across. What a person would truly like is computed from the hidden mixtures, a hidden wage and a hidden manner
of working, and from nothing that a ranker reads.
"""

import math
import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import accumulate

TOPICS = 40
TOPIC_WORDS = 80
EVERYDAY_WORDS = 400
EVERYDAY_SHARE = 0.55
WRONG_SHARE = 0.12
ON_SITE_SHARE = 0.6
MANNERS = 3
CLIENT_TOPICS = 4
OPEN_FOR_DAYS = 30
HISTORY_DAYS = 180
GRADES = ((0.01, 3), (0.03, 2), (0.08, 1))


@dataclass(frozen=True)
class Size:
    """How large a market is."""

    freelancers: int
    clients: int
    open_tasks: int
    closed_tasks: int
    seen_each: int = 60
    cities: Sequence[str] = ()


@dataclass(frozen=True)
class Skill:
    """A skill of the catalogue."""

    id: int
    name: str
    category_id: int


@dataclass
class Freelancer:
    """Somebody who looks for work; what begins with `true_` is hidden from every ranker."""

    id: int
    true_taste: list[float]
    true_manner: list[float]
    true_wage: int
    true_quality: float
    bio: str
    skill_ids: list[int]
    category_ids: list[int]
    min_budget_minor: int | None
    joined_days_ago: float
    city: str


@dataclass
class Task:
    """A task; what begins with `true_` is hidden from every ranker."""

    id: int
    true_topics: list[float]
    true_manner: list[float]
    owner_id: int
    title: str
    description: str
    category_id: int
    price_minor: int
    age_days: float
    is_open: bool
    city: str
    winner_id: int | None = None

    @property
    def text(self) -> str:
        """All that is written about it."""
        return f"{self.title} {self.description}"


@dataclass(frozen=True)
class Deed:
    """What a freelancer did with a task: `saved`, `applied` or `hired`."""

    freelancer_id: int
    task_id: int
    kind: str
    days_ago: float


@dataclass(frozen=True)
class Rating:
    """What a client thought of a freelancer's work."""

    freelancer_id: int
    task_id: int
    rating: int
    days_ago: float


@dataclass
class World:
    """A whole market."""

    freelancers: dict[int, Freelancer]
    client_ids: list[int]
    tasks: dict[int, Task]
    skills: dict[int, Skill]
    deeds: list[Deed] = field(default_factory=list)
    ratings: list[Rating] = field(default_factory=list)

    def open_tasks(self) -> list[Task]:
        """The tasks that may be recommended."""
        return [task for task in self.tasks.values() if task.is_open]

    def liking(self, person: Freelancer, task: Task) -> float:
        """How much somebody would truly like a task."""
        taste = _cosine(person.true_taste, task.true_topics)
        manner = sum(map(_times, person.true_manner, task.true_manner)) / MANNERS
        underpaid = max(0.0, math.log(person.true_wage / task.price_minor))
        return taste + 0.2 * manner - 0.3 * underpaid

    def worth(self, person: Freelancer, task: Task) -> float:
        """How good somebody would truly be for a task: able, and glad to do it."""
        return self.liking(person, task) + 0.15 * person.true_quality


def grades(utilities: dict[int, float]) -> dict[int, int]:
    """How relevant each thing is: the best hundredth 3, the next two 2, the next five 1, the rest nothing."""
    ranked = sorted(utilities, key=lambda key: -utilities[key])
    return {
        key: next((grade for share, grade in GRADES if place < max(1, share * len(ranked))), 0)
        for place, key in enumerate(ranked)
    }


class Maker:
    """Makes one world from one seed."""

    def __init__(self, seed: int, size: Size, skills: Sequence[Skill], category_ids: Sequence[int]) -> None:
        self.random = random.Random(seed)
        self.size = size
        self.skills = {skill.id: skill for skill in skills}
        self.category_ids = list(category_ids)
        words = self._words(TOPICS * TOPIC_WORDS + EVERYDAY_WORDS)
        self.everyday = words[:EVERYDAY_WORDS]
        rest = words[EVERYDAY_WORDS:]
        # neighbouring topics share a third of their words
        step = TOPIC_WORDS * 2 // 3
        self.words_of_topic = [
            [rest[(topic * step + place) % len(rest)] for place in range(TOPIC_WORDS)]
            for topic in range(TOPICS)
        ]
        for spoken in self.words_of_topic:
            self.random.shuffle(spoken)
        self.category_of_topic = [
            self.category_ids[topic % len(self.category_ids)] for topic in range(TOPICS)
        ]
        self.skills_of_topic = [self._skills_of(topic) for topic in range(TOPICS)]
        self.zipf = list(accumulate(1 / (place + 2) for place in range(EVERYDAY_WORDS)))
        self.topic_zipf = list(accumulate(1 / (place + 4) for place in range(TOPIC_WORDS)))

    def make(self) -> World:
        """The world: people, their clients, tasks, and what was done."""
        size = self.size
        world = World(
            freelancers={number: self._freelancer(number) for number in range(1, size.freelancers + 1)},
            client_ids=list(range(size.freelancers + 1, size.freelancers + size.clients + 1)),
            tasks={},
            skills=self.skills,
        )
        needs = {client_id: self._mixture(CLIENT_TOPICS) for client_id in world.client_ids}
        for number in range(1, size.open_tasks + size.closed_tasks + 1):
            is_open = number > size.closed_tasks
            owner_id = self.random.choice(world.client_ids)
            world.tasks[number] = self._task(number, owner_id, needs[owner_id], is_open=is_open)
        self._live(world)
        return world

    def _freelancer(self, number: int) -> Freelancer:
        draw = self.random
        taste = self._mixture(draw.choice((1, 2, 2, 3)))
        wage = round(math.exp(draw.gauss(math.log(100_00), 0.7)))
        told = draw.random() < 0.4
        return Freelancer(
            id=number,
            true_taste=taste,
            true_manner=[draw.gauss(0, 1) for _ in range(MANNERS)],
            true_wage=wage,
            true_quality=draw.gauss(0, 1),
            bio="" if draw.random() < 0.15 else self._text(taste, draw.randint(12, 35)),
            skill_ids=self._skill_ids(taste, 0 if draw.random() < 0.1 else draw.randint(2, 8)),
            category_ids=sorted({self._category(taste) for _ in range(draw.choice((0, 0, 1, 2, 3)))}),
            min_budget_minor=round(wage * math.exp(draw.gauss(-0.3, 0.3))) if told else None,
            joined_days_ago=draw.uniform(0, 2 * HISTORY_DAYS),
            city=draw.choice(self.size.cities) if self.size.cities else "",
        )

    def _task(self, number: int, owner_id: int, needs: Sequence[float], *, is_open: bool) -> Task:
        draw = self.random
        topics = self._mixture(draw.choice((1, 1, 2)), needs)
        named = [
            self.skills[skill].name for skill in self._skill_ids(topics, draw.choice((0, 1, 1, 2, 3, 4)))
        ]
        words = self._text(topics, draw.randint(15, 45)).split()
        for name in named:
            words.insert(draw.randrange(len(words) + 1), name)
        age = draw.uniform(0, OPEN_FOR_DAYS) if is_open else draw.uniform(OPEN_FOR_DAYS, HISTORY_DAYS)
        return Task(
            id=number,
            true_topics=topics,
            true_manner=[draw.gauss(0, 1) for _ in range(MANNERS)],
            owner_id=owner_id,
            title=self._text(topics, 4),
            description=" ".join(words),
            category_id=self._category(topics),
            price_minor=round(math.exp(draw.gauss(math.log(120_00), 0.8))),
            age_days=age,
            is_open=is_open,
            city=draw.choice(self.size.cities) if self.size.cities and draw.random() < ON_SITE_SHARE else "",
        )

    def _live(self, world: World) -> None:
        """Let everybody come across some tasks while they are open, and do what they feel like."""
        draw = self.random
        ids = list(world.tasks)
        fame = list(accumulate(draw.paretovariate(1.5) for _ in ids))
        applicants: dict[int, list[int]] = {}
        for person in world.freelancers.values():
            if draw.random() < 0.2:
                continue
            seen = min(len(ids), round(self.size.seen_each * math.exp(draw.gauss(0, 0.8))))
            for task_id in dict.fromkeys(draw.choices(ids, cum_weights=fame, k=seen)):
                task = world.tasks[task_id]
                urge = world.liking(person, task) + draw.gauss(0, 0.2)
                days_ago = max(0.0, task.age_days - draw.uniform(0, OPEN_FOR_DAYS))
                if urge > 0.55:
                    world.deeds.append(Deed(person.id, task_id, "applied", days_ago))
                    applicants.setdefault(task_id, []).append(person.id)
                elif urge > 0.4 and draw.random() < 0.5:
                    world.deeds.append(Deed(person.id, task_id, "saved", days_ago))
        for task_id, people in applicants.items():
            self._choose(world, world.tasks[task_id], people)

    def _choose(self, world: World, task: Task, people: Sequence[int]) -> None:
        if task.is_open:
            return
        draw = self.random
        worth = {
            number: world.worth(world.freelancers[number], task) + draw.gauss(0, 0.2) for number in people
        }
        task.winner_id = max(people, key=lambda number: worth[number])
        days_ago = max(0.0, task.age_days - OPEN_FOR_DAYS)
        world.deeds.append(Deed(task.winner_id, task.id, "hired", days_ago))
        if draw.random() < 0.7:
            felt = 3.6 + 0.8 * world.freelancers[task.winner_id].true_quality + draw.gauss(0, 0.7)
            rating = min(5, max(1, round(felt)))
            world.ratings.append(Rating(task.winner_id, task.id, rating, days_ago))

    def _mixture(self, parts: int, needs: Sequence[float] | None = None) -> list[float]:
        """A mixture of a few topics, of any or of those that somebody has need of."""
        topics = self.random.sample(range(TOPICS), parts) if needs is None else self._topics(needs, parts)
        shares = [self.random.uniform(0.5, 1) for _ in topics]
        mixture = [0.02] * TOPICS
        for topic, share in zip(topics, shares, strict=True):
            mixture[topic] += share
        total = sum(mixture)
        return [share / total for share in mixture]

    def _topics(self, mixture: Sequence[float], count: int) -> list[int]:
        return self.random.choices(range(TOPICS), weights=mixture, k=count)

    def _text(self, mixture: Sequence[float], length: int) -> str:
        draw = self.random
        everyday = sum(draw.random() < EVERYDAY_SHARE for _ in range(length))
        words = draw.choices(self.everyday, cum_weights=self.zipf, k=everyday)
        for topic, count in Counter(self._topics(mixture, length - everyday)).items():
            words += draw.choices(self.words_of_topic[topic], cum_weights=self.topic_zipf, k=count)
        draw.shuffle(words)
        return " ".join(words)

    def _skill_ids(self, mixture: Sequence[float], count: int) -> list[int]:
        draw = self.random
        every = list(self.skills)
        return sorted(
            {
                draw.choice(every if draw.random() < WRONG_SHARE else self.skills_of_topic[topic])
                for topic in self._topics(mixture, count)
            }
        )

    def _category(self, mixture: Sequence[float]) -> int:
        if self.random.random() < WRONG_SHARE:
            return self.random.choice(self.category_ids)
        return self.category_of_topic[self._topics(mixture, 1)[0]]

    def _skills_of(self, topic: int) -> list[int]:
        """The topic's share of its category's skills."""
        category_id = self.category_of_topic[topic]
        near = [skill.id for skill in self.skills.values() if skill.category_id == category_id]
        sharing = [other for other in range(TOPICS) if self.category_of_topic[other] == category_id]
        return near[sharing.index(topic) :: len(sharing)] or near

    def _words(self, count: int) -> list[str]:
        """Words that mean nothing in any language that the search knows."""
        syllables = [first + second for first in "bdfgklmnprtvz" for second in "aiou"]
        words: dict[str, None] = {}
        while len(words) < count:
            words["".join(self.random.choices(syllables, k=3)) + "k"] = None
        return list(words)


def _cosine(one: Sequence[float], other: Sequence[float]) -> float:
    dot = sum(map(_times, one, other))
    return dot / math.sqrt(sum(map(_times, one, one)) * sum(map(_times, other, other)))


def _times(one: float, other: float) -> float:
    return one * other
