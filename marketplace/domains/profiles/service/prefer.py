"""What a person looks for."""

from marketplace.domains.accounts import public as accounts
from marketplace.domains.accounts.public import Person
from marketplace.domains.catalog import public as catalog
from marketplace.domains.profiles import queries, rules
from marketplace.domains.profiles.events import PreferencesChanged
from marketplace.domains.profiles.models import PersonCategory, PersonOffering
from marketplace.domains.profiles.service.profile import lock_profile, replace_links
from marketplace.domains.profiles.types import Changes, Preferences
from marketplace.kernel.unit_of_work import unit_of_work


def change_preferences(*, actor: Person, changes: Changes) -> Preferences:
    """Change some of what the actor looks for; what is not named stays."""
    with unit_of_work() as unit:
        accounts.keep(actor)
        row = lock_profile(unit, actor.id)
        wanted = rules.change(queries.get_preferences(person_id=actor.id), changes)
        catalog.get_categories(wanted.category_ids, field="preferred_categories")
        catalog.get_service_offerings(wanted.offering_ids)
        replace_links(unit, PersonCategory.category_id, actor.id, wanted.category_ids)
        replace_links(unit, PersonOffering.offering_id, actor.id, wanted.offering_ids)
        low, high = wanted.min_budget, wanted.max_budget
        row.cities, row.places = list(wanted.cities), list(wanted.places)
        row.min_budget_minor = low.minor if low else None
        row.max_budget_minor = high.minor if high else None
        row.budget_currency = next((budget.currency for budget in (low, high) if budget), None)
        unit.record(PreferencesChanged(person_id=actor.id))
    return wanted
