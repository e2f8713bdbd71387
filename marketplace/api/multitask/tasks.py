"""`/api/tasks/`: listing, creation, applications, status transitions, reviews."""

from typing import Any

from marketplace.api.authentication import (
    current_person,
    find_current_person,
    optionally_signed_in,
    signed_in,
)
from marketplace.api.limits import limited
from marketplace.api.multitask.dialect import CURRENCY, blueprint, page_of, page_request
from marketplace.api.multitask.schemas.statistics import OwnTaskStatistics, TaskStatistics
from marketplace.api.multitask.schemas.tasks import (
    ApplicationOut,
    ApplyIn,
    CategoryOut,
    ReviewIn,
    ReviewOut,
    SavedOut,
    SaveIn,
    TaskIn,
    TaskOut,
    TaskPatchIn,
    TaskPutIn,
    TaskQuery,
)
from marketplace.api.paging import Paged
from marketplace.domains.accounts.errors import PersonNotFound
from marketplace.domains.accounts.public import Role
from marketplace.domains.catalog.errors import UnknownCategory
from marketplace.domains.deals import errors
from marketplace.domains.deals import public as deals
from marketplace.domains.deals.public import Terms
from marketplace.domains.listings import public as listings
from marketplace.domains.listings.errors import ListingNotFound, NotDeletable
from marketplace.domains.listings.public import Changes, Draft, Filters
from marketplace.kernel.pages import Page
from marketplace.kernel.process import NotYours, WrongState

tasks = blueprint("Tasks", "tasks", "Task listing, creation, applications, status transitions, and reviews.")


@tasks.get("/")
@optionally_signed_in
@tasks.takes(TaskQuery, location="query")
@tasks.answers(200, Paged[TaskOut])
def list_tasks(filters: Filters) -> Page[TaskOut]:
    """Find tasks by words, status, category, city and budget."""
    page = deals.list_tasks(viewer=find_current_person(), filters=filters, page=page_request())
    return page_of(page, TaskOut.of)


@tasks.post("/create/")
@signed_in(Role.CLIENT)
@tasks.takes(TaskIn)
@tasks.answers(201, TaskOut)
@tasks.refuses(UnknownCategory)
def create_task(draft: Draft) -> TaskOut:
    """Post a task."""
    return TaskOut.of(deals.post_task(actor=current_person(), draft=draft))


@tasks.get("/categories/")
@optionally_signed_in
@tasks.answers(200, Paged[CategoryOut])
def list_categories() -> Page[CategoryOut]:
    """The kinds of work, with how many tasks of each are open."""
    return page_of(listings.list_categories(page_request()), lambda counted: CategoryOut.of(*counted))


@tasks.get("/my-tasks/")
@signed_in()
@tasks.answers(200, Paged[TaskOut])
def list_my_tasks() -> Page[TaskOut]:
    """The tasks that one posted or was chosen for, newest first."""
    return page_of(deals.list_my_tasks(actor=current_person(), page=page_request()), TaskOut.of)


@tasks.get("/my-applications/")
@signed_in()
@tasks.answers(200, Paged[ApplicationOut])
def list_my_applications() -> Page[ApplicationOut]:
    """What one applied for, newest first."""
    return page_of(deals.list_my_applications(actor=current_person(), page=page_request()), ApplicationOut.of)


@tasks.get("/saved/")
@signed_in()
@tasks.answers(200, Paged[TaskOut])
def list_saved() -> Page[TaskOut]:
    """The tasks that one saved, newest first, with their present status."""
    return page_of(deals.list_saved_tasks(actor=current_person(), page=page_request()), TaskOut.of)


@tasks.get("/statistics/")
@optionally_signed_in
@tasks.answers(200, TaskStatistics)
def get_statistics() -> TaskStatistics:
    """How many tasks stand where, how many applications there are, and the average budget."""
    return TaskStatistics.of(deals.get_statistics(currency=CURRENCY))


@tasks.get("/my-statistics/")
@signed_in()
@tasks.answers(200, OwnTaskStatistics)
def get_own_statistics() -> OwnTaskStatistics:
    """What one posted, applied for, did, earned and spent."""
    return OwnTaskStatistics.of(deals.get_own_statistics(actor=current_person(), currency=CURRENCY))


@tasks.delete("/saved/<id:task_id>/")
@signed_in()
@tasks.answers(204)
@tasks.refuses(ListingNotFound)
def unsave(task_id: int) -> None:
    """Stop saving a task."""
    listings.unsave(actor=current_person(), task_id=task_id)


@tasks.get("/<id:task_id>/")
@optionally_signed_in
@tasks.answers(200, TaskOut)
@tasks.refuses(ListingNotFound)
def get_task(task_id: int) -> TaskOut:
    """One task; somebody signed in also sees what it is to them."""
    return TaskOut.of(deals.get_task(viewer=find_current_person(), task_id=task_id))


@tasks.patch("/<id:task_id>/update/")
@signed_in()
@tasks.takes(TaskPatchIn)
@tasks.answers(200, TaskOut)
@tasks.refuses(ListingNotFound, UnknownCategory, NotYours, WrongState)
def update_task(changes: Changes, task_id: int) -> TaskOut:
    """Change a part of one's own task while it is open."""
    return TaskOut.of(deals.update_task(actor=current_person(), task_id=task_id, changes=changes))


@tasks.put("/<id:task_id>/update/")
@signed_in()
@tasks.takes(TaskPutIn)
@tasks.answers(200, TaskOut)
@tasks.refuses(ListingNotFound, UnknownCategory, NotYours, WrongState)
def put_task(changes: Changes, task_id: int) -> TaskOut:
    """Describe one's own task anew while it is open."""
    return TaskOut.of(deals.update_task(actor=current_person(), task_id=task_id, changes=changes))


@tasks.delete("/<id:task_id>/delete/")
@signed_in()
@tasks.answers(204)
@tasks.refuses(ListingNotFound, NotYours, NotDeletable, errors.PaidFor, WrongState)
def delete_task(task_id: int) -> None:
    """Delete one's own task while it is open, or once it is cancelled, if it was never paid for."""
    deals.delete_task(actor=current_person(), task_id=task_id)


@tasks.post("/<id:task_id>/apply/")
@signed_in(Role.FREELANCER)
@limited("apply")
@tasks.takes(ApplyIn)
@tasks.answers(201, ApplicationOut)
@tasks.refuses(ListingNotFound, errors.OwnTask, errors.AlreadyApplied, WrongState)
def apply(terms: Terms, task_id: int) -> ApplicationOut:
    """Apply to an open task."""
    return ApplicationOut.of(deals.apply(actor=current_person(), task_id=task_id, terms=terms))


@tasks.get("/<id:task_id>/applications/")
@signed_in()
@tasks.answers(200, Paged[ApplicationOut])
@tasks.refuses(ListingNotFound, errors.NotYourDeal)
def list_applications(task_id: int) -> Page[ApplicationOut]:
    """The applications to one's own task, newest first."""
    page = deals.list_applications(actor=current_person(), task_id=task_id, page=page_request())
    return page_of(page, ApplicationOut.of)


@tasks.post("/applications/<id:application_id>/accept/")
@signed_in()
@tasks.answers(200, ApplicationOut)
@tasks.refuses(errors.ApplicationNotFound, errors.NotYourDeal, WrongState)
def accept(application_id: int) -> ApplicationOut:
    """Choose an application: the task starts, the others are rejected."""
    return ApplicationOut.of(deals.accept(actor=current_person(), application_id=application_id))


@tasks.post("/applications/<id:application_id>/reject/")
@signed_in()
@tasks.answers(200, ApplicationOut)
@tasks.refuses(errors.ApplicationNotFound, errors.NotYourDeal, WrongState)
def reject(application_id: int) -> ApplicationOut:
    """Turn an application down."""
    return ApplicationOut.of(deals.reject(actor=current_person(), application_id=application_id))


@tasks.post("/<id:task_id>/complete/")
@signed_in()
@tasks.answers(200, TaskOut)
@tasks.refuses(ListingNotFound, NotYours, WrongState)
def complete(task_id: int) -> TaskOut:
    """Take the work as done; the money is released by a step of its own."""
    return TaskOut.of(deals.complete(actor=current_person(), task_id=task_id))


@tasks.post("/<id:task_id>/cancel/")
@signed_in()
@tasks.answers(200, TaskOut)
@tasks.refuses(ListingNotFound, NotYours, WrongState)
def cancel(task_id: int) -> TaskOut:
    """Call a task off; money held for it goes back to the payer."""
    return TaskOut.of(deals.cancel(actor=current_person(), task_id=task_id))


@tasks.post("/<id:task_id>/save/")
@signed_in()
@tasks.takes(SaveIn)
@tasks.answers(200, SavedOut)
@tasks.refuses(ListingNotFound)
def save(body: dict[str, bool], task_id: int) -> SavedOut:
    """Save a task or stop saving it; `{"saved": true}` sets the state outright."""
    saved = listings.save(actor=current_person(), task_id=task_id, wanted=body.get("saved"))
    return SavedOut.of(task_id, saved=saved)


@tasks.get("/<id:task_id>/saved/")
@signed_in()
@tasks.answers(200, SavedOut)
@tasks.refuses(ListingNotFound)
def is_saved(task_id: int) -> SavedOut:
    """Whether one saved the task."""
    return SavedOut.of(task_id, saved=listings.is_saved(actor=current_person(), task_id=task_id))


@tasks.post("/<id:task_id>/review/")
@signed_in()
@tasks.takes(ReviewIn)
@tasks.answers(201, ReviewOut)
@tasks.refuses(ListingNotFound, errors.NotYourDeal, errors.NotCompleted, errors.AlreadyReviewed)
def review(body: dict[str, Any], task_id: int) -> ReviewOut:
    """Review the other side of a completed task, once."""
    return ReviewOut.of(deals.review(actor=current_person(), task_id=task_id, **body))


@tasks.get("/<id:task_id>/reviews/")
@optionally_signed_in
@tasks.answers(200, Paged[ReviewOut])
@tasks.refuses(ListingNotFound)
def list_reviews(task_id: int) -> Page[ReviewOut]:
    """What the two sides of a task said of each other."""
    return page_of(deals.list_task_reviews(task_id=task_id, page=page_request()), ReviewOut.of)


@tasks.get("/users/<username>/reviews/")
@optionally_signed_in
@tasks.answers(200, Paged[ReviewOut])
@tasks.refuses(PersonNotFound)
def list_user_reviews(username: str) -> Page[ReviewOut]:
    """The reviews that somebody received, newest first."""
    return page_of(deals.list_received_reviews(username=username, page=page_request()), ReviewOut.of)
