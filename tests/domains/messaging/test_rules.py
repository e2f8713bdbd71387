from marketplace.domains.messaging.rules import direct_key


def test_a_pair_has_one_key_whoever_opens():
    assert direct_key(7, 3, None) == direct_key(3, 7, None) == "direct:3:7"


def test_a_subject_makes_another_key():
    assert direct_key(7, 3, "task:42") == "direct:3:7:task:42"
