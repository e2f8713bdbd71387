"""A small world in which the ids 1 and 2 mean something in most paths."""

from tests.client import Client

PASSWORD = "StrongPass123"
FREELANCER = {"first_name": "A", "last_name": "B", "skills_input": [{"name": "Python"}]}


def fill(app) -> Client:
    """Sara and Omar, each with a task, an offer, a talk and news; answers Sara, who is both sides."""
    client = Client(app.test_client())
    sara, omar = _join(client, "sara"), _join(client, "omar")
    for poster, applicant in ((sara, omar), (omar, sara)):
        poster.post("/api/auth/portfolio/", {"title": "A wardrobe"})
        body = {"title": "Assemble a wardrobe", "description": "x", "category": 3, "budget": "80.00"}
        task = poster.post("/api/tasks/create/", body).json["id"]
        applicant.post(f"/api/tasks/{task}/apply/", {"proposal": "I can", "offered_price": "90.00"})
        subject = {"participant_id": applicant.user["id"], "task_id": task}
        chat = poster.post("/api/messaging/conversations/create/", subject).json["id"]
        poster.post("/api/v1/profiles/freelancer/profile-setup/", FREELANCER)
        poster.post("/api/v1/profiles/client/profile-setup/", {**FREELANCER, "account_type": "individual"})
        poster.post(f"/api/messaging/conversations/{chat}/messages/send/", {"content": "Is Saturday fine?"})
    return sara


def _join(client, username):
    body = {"username": username, "email": f"{username}@example.com", "password": PASSWORD}
    return client.signed_in(client.post("/api/auth/register/", body).json)
