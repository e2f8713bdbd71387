"""`flask profiles`."""

from tests.api.skillconnect.members import FREELANCER, FREELANCER_ME, LEAST, member


def test_only_the_house_says_who_was_looked_at(flask, client):
    sara = member(client, "sara", "freelancer")
    sara.post(FREELANCER, LEAST)
    result = flask("profiles", "verify", "sara@example.com", "--phone", "--id")
    assert result.output == "phone: yes  id: yes  video: no\n"
    assert sara.get(FREELANCER_ME).json["verification_output"] == {
        "email_verified": True,
        "phone_verified": True,
        "id_verified": True,
        "video_verified": False,
    }
    assert flask("profiles", "verify", "sara", "--no-id").output == "phone: yes  id: no  video: no\n"
    assert flask("profiles", "verify", "sara").output == "phone: yes  id: no  video: no\n"


def test_somebody_without_a_profile_may_be_known_too(flask, client):
    sara = member(client, "sara", "freelancer")
    flask("profiles", "verify", "sara", "--video")
    assert sara.post(FREELANCER, LEAST).json["verification_output"]["video_verified"] is True


def test_an_unknown_person_is_refused(flask):
    result = flask("profiles", "verify", "nobody", "--phone")
    assert (result.exit_code, result.output) == (1, "Error: nobody: Not found.\n")
