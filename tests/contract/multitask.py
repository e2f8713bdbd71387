"""The world of MultiTask's contract: people and things by name, made when they are first asked for."""

import hashlib
import hmac
import json
from functools import cached_property

from marketplace.domains.accounts import public as accounts
from marketplace.domains.accounts.events import VerificationAsked
from marketplace.domains.accounts.public import Role
from marketplace.kernel.clock import clock
from marketplace.providers.stripe import webhook_secret
from tests.client import Client
from tests.factories import people
from tests.facts import facts_of

PASSWORD = "StrongPass123"
TASK = {
    "title": "A string of lights",
    "description": "Hang a string of lights in the garden.",
    "category": 1,
    "budget": "100.00",
    "deadline": "2030-01-31",
    "city": "String City",
    "address": "1 String Street",
}

WISHES = {
    "preferred_categories": [1],
    "preferred_cities": ["Cairo"],
    "task_types": ["physical"],
    "service_offerings": [1],
}


class MultiTaskWorld:
    """`owner` posts tasks, `worker` does them, `skilled` has a profile; the rest are strangers."""

    def __init__(self, app):
        self.app = app
        self.nobody = Client(app.test_client())

    # -- people

    @cached_property
    def owner(self):
        return self._join("owner", "client")

    @cached_property
    def worker(self):
        return self._join("worker", "freelancer")

    @cached_property
    def skilled(self):
        skilled = self._join("skilled", "freelancer", city="Cairo")
        self._done(skilled, "/api/recommendations/skills/update/", {"skills": [1, 2]})
        assert skilled.put("/api/recommendations/preferences/", WISHES).status_code == 200
        return skilled

    @cached_property
    def client(self):
        return self._join("client", "client")

    @cached_property
    def freelancer(self):
        return self._join("freelancer", "freelancer")

    @cached_property
    def admin(self):
        return people.sign_in(self.nobody, people.person(Role.ADMIN, username="boss"))

    @cached_property
    def owner_name(self):
        return self.owner.user["username"]

    @cached_property
    def owner_email(self):
        return self.owner.user["email"]

    @cached_property
    def owner_refresh(self):
        body = {"username": self.owner_name, "password": PASSWORD}
        return self.nobody.post("/api/auth/login/", body).json["refresh"]

    @cached_property
    def worker_id(self):
        return self.worker.user["id"]

    @cached_property
    def worker_name(self):
        return self.worker.user["username"]

    @cached_property
    def skilled_id(self):
        return self.skilled.user["id"]

    @cached_property
    def skilled_name(self):
        return self.skilled.user["username"]

    @cached_property
    def verification_token(self):
        assert self.owner
        return accounts.verification_token(facts_of(VerificationAsked)[-1].code_id)

    @cached_property
    def reset_token(self):
        return accounts.open_reset(person_id=self.owner.user["id"])[1]

    # -- tasks

    @cached_property
    def open_task(self):
        return self._made(self.owner, "/api/tasks/create/", TASK)

    @cached_property
    def application(self):
        return self._applied(self.open_task)

    @cached_property
    def running_task(self):
        return self._made(self.owner, "/api/tasks/create/", TASK)

    @cached_property
    def accepted_application(self):
        application = self._applied(self.running_task)
        self._done(self.owner, f"/api/tasks/applications/{application}/accept/")
        return application

    @cached_property
    def completed_task(self):
        assert self.accepted_application
        self._done(self.owner, f"/api/tasks/{self.running_task}/complete/")
        return self.running_task

    @cached_property
    def saved_task(self):
        self._done(self.worker, f"/api/tasks/{self.open_task}/save/", {"saved": True})
        return self.open_task

    @cached_property
    def review(self):
        body = {"rating": 5, "comment": "Quick and careful."}
        return self._made(self.owner, f"/api/tasks/{self.completed_task}/review/", body)

    # -- talk and news

    @cached_property
    def conversation(self):
        body = {"participant_id": self.worker_id, "task_id": self.open_task}
        conversation = self._made(self.owner, "/api/messaging/conversations/create/", body)
        path = f"/api/messaging/conversations/{conversation}/messages/send/"
        self._made(self.worker, path, {"content": "Is Saturday fine?"})
        return conversation

    @cached_property
    def notification(self):
        assert self.application
        return self.owner.get("/api/notifications/").json["results"][0]["id"]

    # -- money

    @cached_property
    def held_escrow(self):
        body = {"application_id": self.accepted_application}
        intent = self.owner.post("/api/payments/intents/create/", body).json
        self._done(self.nobody, f"/sandbox/payments/{intent['intent_id']}", {"outcome": "succeeded"})
        return intent["escrow_id"]

    @cached_property
    def released_escrow(self):
        self._done(self.owner, f"/api/payments/escrow/{self.held_escrow}/release/")
        return self.held_escrow

    @cached_property
    def payout_account(self):
        assert self.released_escrow
        account = self.worker.post("/api/payments/connect/create/").json["account_id"]
        self._done(self.worker, "/api/payments/connect/onboarding/")
        self._done(self.nobody, f"/sandbox/payments/{account}", {"outcome": "succeeded"})
        return account

    @cached_property
    def withdrawal(self):
        assert self.payout_account
        return self._made(self.worker, "/api/payments/withdrawals/create/", {"amount": "50.00"})

    @cached_property
    def method(self):
        body = {"payment_method_id": "pm_card_visa"}
        return self._made(self.owner, "/api/payments/payment-methods/create/", body)

    # -- profiles and the assistant

    @cached_property
    def work(self):
        return self._made(self.skilled, "/api/auth/portfolio/", {"title": "A shelf"})

    @cached_property
    def talk(self):
        body = {"message": "I need a plumber for 100 USD."}
        return self.owner.post("/api/chatbot/chat/", body).json["session_id"]

    @cached_property
    def line(self):
        path = f"/api/chatbot/sessions/{self.talk}/"
        return self.owner.get(path).json["messages"][-1]["id"]

    def signature(self, body):
        """The headers with which the provider would send a body."""
        moment = int(clock.real_now().timestamp())
        key = webhook_secret(self.app.config["SETTINGS"])
        signed = f"{moment}.{json.dumps(body)}".encode()
        digest = hmac.new(key.encode(), signed, hashlib.sha256).hexdigest()
        return {"Stripe-Signature": f"t={moment},v1={digest}"}

    def _join(self, name, user_type, **more):
        body = {
            "username": f"{name}.person",
            "email": f"{name}@example.com",
            "password": PASSWORD,
            "user_type": user_type,
            **more,
        }
        answer = self.nobody.post("/api/auth/register/", body)
        assert answer.status_code == 201, answer.text
        return self.nobody.signed_in(answer.json)

    def _applied(self, task):
        body = {"proposal": "I can", "offered_price": "120.00", "estimated_duration": "2 days"}
        return self._made(self.worker, f"/api/tasks/{task}/apply/", body)

    @staticmethod
    def _made(somebody, path, body):
        answer = somebody.post(path, body)
        assert answer.status_code == 201, answer.text
        return answer.json["id"]

    @staticmethod
    def _done(somebody, path, body=None):
        answer = somebody.post(path, body)
        assert answer.status_code == 200, answer.text
