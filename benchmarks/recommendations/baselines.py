"""What a ranking has to beat."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping

from benchmarks.recommendations.market import Freelancer, Market, Task

K1 = 1.2
B = 0.75
DEEDS_EACH = 40
LAST_TASKS = 5


class Bm25:
    """Okapi BM25 over documents of plain words."""

    def __init__(self, documents: Mapping[int, str]) -> None:
        counts = {key: Counter(_words(text)) for key, text in documents.items()}
        lengths = {key: count.total() for key, count in counts.items()}
        mean = sum(lengths.values()) / max(1, len(lengths))
        parts: dict[str, dict[int, float]] = defaultdict(dict)
        for key, count in counts.items():
            for word, times in count.items():
                norm = times + K1 * (1 - B + B * lengths[key] / mean)
                parts[word][key] = times * (K1 + 1) / norm
        self._parts = parts
        self._size = len(documents)

    def scores(self, query: str) -> dict[int, float]:
        """How well each document answers a query; those that share no word with it are left out."""
        found: dict[int, float] = defaultdict(float)
        for word, times in Counter(_words(query)).items():
            held = self._parts.get(word, {})
            rarity = math.log(1 + (self._size - len(held) + 0.5) / (len(held) + 0.5))
            for key, part in held.items():
                found[key] += times * rarity * part
        return found


class Baselines:
    """Rankings of everything that may be recommended, the best first; of equals the newest."""

    def __init__(self, market: Market) -> None:
        self._market = market
        tasks, people = market.tasks, market.freelancers
        self._text = {key: _text_of(task) for key, task in tasks.items()}
        self._profile = {key: _profile_of(person, market) for key, person in people.items()}
        self._named = {key: _skills_in(task, market) for key, task in tasks.items()}
        past: dict[int, list[str]] = defaultdict(list)
        for deed in reversed(market.deeds):
            past[deed.freelancer_id].append(self._text[deed.task_id])
        self._both = {
            key: " ".join([profile, *past[key][:DEEDS_EACH]]) for key, profile in self._profile.items()
        }
        self._tasks_index = Bm25({key: self._text[key] for key, task in tasks.items() if task.is_open})
        self._profiles_index = Bm25(self._profile)
        self._both_index = Bm25(self._both)
        self._fame = Counter(deed.task_id for deed in market.deeds)
        self._hires = Counter(market.winners.values())
        rated: dict[int, list[int]] = defaultdict(list)
        for rating in market.ratings:
            rated[market.winners[rating.task_id]].append(rating.rating)
        self._rating = {key: sum(given) / len(given) for key, given in rated.items()}

    def tasks_for(self, freelancer_id: int) -> dict[str, list[int]]:
        """The tasks that may be recommended to a freelancer, by each baseline."""
        skills = set(self._market.freelancers[freelancer_id].skill_ids)
        found = self._market.open_to(freelancer_id)
        scores = {
            "popularity": self._fame,
            "recency": {},
            "skill overlap": {key: len(skills & self._named[key]) for key in found},
            "BM25 of the profile": self._tasks_index.scores(self._profile[freelancer_id]),
            "BM25 of profile and history": self._tasks_index.scores(self._both[freelancer_id]),
        }
        return {name: _ranked(found, score) for name, score in scores.items()}

    def freelancers_for_task(self, task_id: int) -> dict[str, list[int]]:
        """All freelancers for a task, by each baseline."""
        return self._freelancers_for([task_id])

    def freelancers_for_client(self, client_id: int) -> dict[str, list[int]]:
        """All freelancers for what a client last posted, by each baseline."""
        return self._freelancers_for([task.id for task in self._market.last_tasks(client_id, LAST_TASKS)])

    def _freelancers_for(self, task_ids: Iterable[int]) -> dict[str, list[int]]:
        query = " ".join(self._text[key] for key in task_ids)
        named = {skill for key in task_ids for skill in self._named[key]}
        people = self._market.freelancers
        scores = {
            "popularity": self._hires,
            "recency": {},
            "rating": self._rating,
            "skill overlap": {key: len(named & set(person.skill_ids)) for key, person in people.items()},
            "BM25 of profiles": self._profiles_index.scores(query),
            "BM25 of profiles and histories": self._both_index.scores(query),
        }
        return {name: _ranked(people, score) for name, score in scores.items()}


def _ranked(found: Iterable[int], score: Mapping[int, float]) -> list[int]:
    return sorted(found, key=lambda key: (-score.get(key, 0), -key))


def _words(text: str) -> list[str]:
    return text.lower().split()


def _text_of(task: Task) -> str:
    """All that is said of a task; its category is a word among others."""
    return f"{task.title} {task.description} category-{task.category_id}"


def _profile_of(person: Freelancer, market: Market) -> str:
    """All that somebody says of themselves."""
    skills = (market.skills[skill].name for skill in person.skill_ids)
    categories = (f"category-{category_id}" for category_id in person.category_ids)
    return " ".join([person.bio, *skills, *categories])


def _skills_in(task: Task, market: Market) -> set[int]:
    said = f" {task.description} "
    return {key for key, skill in market.skills.items() if f" {skill.name} " in said}
