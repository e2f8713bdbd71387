"""What a ranking has to beat."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

from benchmarks.recommendations.world import Freelancer, Task, World

K1 = 1.2
B = 0.75


class Bm25:
    """Okapi BM25 over documents of plain words."""

    def __init__(self, documents: Mapping[int, str]) -> None:
        counts = {key: Counter(text.lower().split()) for key, text in documents.items()}
        lengths = {key: count.total() for key, count in counts.items()}
        mean = sum(lengths.values()) / max(1, len(lengths))
        postings: dict[str, dict[int, float]] = defaultdict(dict)
        for key, count in counts.items():
            for word, times in count.items():
                norm = times + K1 * (1 - B + B * lengths[key] / mean)
                postings[word][key] = times * (K1 + 1) / norm
        size = len(documents)
        self._postings = {
            word: {
                key: part * math.log(1 + (size - len(held) + 0.5) / (len(held) + 0.5))
                for key, part in held.items()
            }
            for word, held in postings.items()
        }

    def scores(self, query: str) -> dict[int, float]:
        """How well each document answers a query; those that share no word with it are left out."""
        found: dict[int, float] = defaultdict(float)
        for word, times in Counter(query.lower().split()).items():
            for key, part in self._postings.get(word, {}).items():
                found[key] += times * part
        return found


class TaskBaselines:
    """Rankings of the open tasks for a freelancer, best first."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._tasks = world.open_tasks()
        self._bm25 = Bm25({task.id: task.text for task in self._tasks})
        self._fame = Counter(deed.task_id for deed in world.deeds)
        self._past: dict[int, list[Task]] = defaultdict(list)
        for deed in sorted(world.deeds, key=lambda deed: deed.days_ago):
            self._past[deed.freelancer_id].append(world.tasks[deed.task_id])
        self._named = {task.id: _named_skills(task, world) for task in self._tasks}

    def rankings(self, person: Freelancer, candidates: Iterable[int]) -> dict[str, list[int]]:
        """Each baseline's ranking of the candidates."""
        profile = " ".join([person.bio, *(self._world.skills[skill].name for skill in person.skill_ids)])
        past = " ".join(task.text for task in self._past[person.id][:20])
        skills = set(person.skill_ids)
        scores = {
            "popularity": self._fame,
            "recency": {task.id: -task.age_days for task in self._tasks},
            "skill overlap": {task.id: len(skills & self._named[task.id]) for task in self._tasks},
            "BM25 of the profile": self._bm25.scores(profile),
            "BM25 of profile and history": self._bm25.scores(f"{profile} {past}"),
        }
        newest = sorted(candidates, key=lambda key: self._world.tasks[key].age_days)
        return {name: _ranked(newest, score) for name, score in scores.items()}


class FreelancerBaselines:
    """Rankings of the freelancers for a task, best first."""

    def __init__(self, world: World) -> None:
        self._world = world
        people = world.freelancers.values()
        past: dict[int, list[str]] = defaultdict(list)
        for deed in sorted(world.deeds, key=lambda deed: deed.days_ago):
            past[deed.freelancer_id].append(world.tasks[deed.task_id].text)
        profiles = {
            person.id: " ".join([person.bio, *(world.skills[skill].name for skill in person.skill_ids)])
            for person in people
        }
        self._profile = Bm25(profiles)
        self._both = Bm25({key: " ".join([text, *past[key][:20]]) for key, text in profiles.items()})
        self._jobs = Counter(deed.freelancer_id for deed in world.deeds if deed.kind == "hired")
        rated: dict[int, list[int]] = defaultdict(list)
        for rating in world.ratings:
            rated[rating.freelancer_id].append(rating.rating)
        self._rating = {key: sum(given) / len(given) for key, given in rated.items()}

    def rankings(self, task: Task) -> dict[str, list[int]]:
        """Each baseline's ranking of all freelancers."""
        people = self._world.freelancers
        named = _named_skills(task, self._world)
        scores = {
            "popularity": self._jobs,
            "recency": {key: -person.joined_days_ago for key, person in people.items()},
            "rating": self._rating,
            "skill overlap": {key: len(named & set(person.skill_ids)) for key, person in people.items()},
            "BM25 of profiles": self._profile.scores(task.text),
            "BM25 of profiles and histories": self._both.scores(task.text),
        }
        newest = sorted(people, key=lambda key: people[key].joined_days_ago)
        return {name: _ranked(newest, score) for name, score in scores.items()}


def _ranked(newest: Sequence[int], score: Mapping[int, float]) -> list[int]:
    return sorted(newest, key=lambda key: -score.get(key, 0))


def _named_skills(task: Task, world: World) -> set[int]:
    return {skill.id for skill in world.skills.values() if skill.name in task.text}
