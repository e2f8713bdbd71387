from itertools import chain

from tests.architecture.checks import (
    clocks,
    domains,
    facts,
    lengths,
    refusals,
    remarks,
    routes,
    statuses,
    transactions,
)
from tests.architecture.checks.source import sources, text_files

OURS = sources("marketplace")
CHECKS = ("tests/architecture/checks/", "tests/architecture/test_")


def test_the_checks_read_the_sources():
    assert len(OURS) > 20


def test_files_and_functions_are_short():
    everything = [*OURS, *sources("tests", "benchmarks")]
    assert list(chain.from_iterable(map(lengths.too_long, everything))) == []


def test_only_the_unit_of_work_commits():
    assert list(chain.from_iterable(map(transactions.outside_unit_of_work, OURS))) == []


def test_only_the_clock_tells_the_time():
    assert list(chain.from_iterable(map(clocks.read_elsewhere, OURS))) == []


def test_domains_have_the_same_rooms():
    assert list(chain.from_iterable(map(domains.misnamed, OURS))) == []


def test_domains_are_entered_by_their_doors():
    assert list(chain.from_iterable(map(domains.reaches_inside, OURS))) == []


def test_statuses_are_compared_by_the_rules_alone():
    assert list(chain.from_iterable(map(statuses.compared, OURS))) == []


def test_routes_translate_one_call():
    assert list(chain.from_iterable(map(routes.wrong_routes, OURS))) == []


def test_every_refusal_has_a_code_and_a_sentence():
    assert refusals.wrong_refusals(OURS) == []


def test_every_fact_is_heard_or_listed_as_unheard():
    (wiring,) = (source for source in OURS if source.module == "marketplace.wiring")
    assert facts.unwired_facts(OURS, wiring) == []


def test_every_fact_is_a_frozen_value():
    assert facts.loose_facts(OURS) == []


def test_no_check_is_switched_off_without_a_reason():
    everything = [*OURS, *sources("tests", "benchmarks", "migrations")]
    findings = chain.from_iterable(map(remarks.silent_exceptions, everything))
    assert [finding for finding in findings if not finding.startswith(CHECKS)] == []


def test_nothing_is_skipped_or_stubbed():
    everything = [*OURS, *sources("tests", "benchmarks", "migrations")]
    findings = chain.from_iterable(map(remarks.put_off, everything))
    assert [finding for finding in findings if not finding.startswith(CHECKS)] == []


def test_no_text_has_work_left_over():
    assert list(chain.from_iterable(remarks.left_over(*file) for file in text_files())) == []


def test_no_text_names_a_path_of_one_machine():
    findings = chain.from_iterable(remarks.paths_of_one_machine(*file) for file in text_files())
    assert [finding for finding in findings if not finding.startswith(CHECKS)] == []
