"""The world of SkillConnect's contract: people and things by name, made when they are first asked for."""

from functools import cached_property

from marketplace.domains.accounts import public as accounts
from marketplace.domains.accounts.events import DigitsAsked
from marketplace.domains.accounts.public import Purpose, Role
from tests.client import Client
from tests.factories import people
from tests.facts import facts_of

BASE = "/api/v1"
SERVICE = {
    "title": "Website Design",
    "description": "A portfolio website.",
    "category_id": 2,
    "skills_input": [{"name": "React"}],
    "price": 25000,
    "delivery_time": 10,
}
PROPOSAL = {
    "title": "Landing Page",
    "description": "A landing page.",
    "category_id": 2,
    "skills_input": [{"name": "React"}],
    "budget_min": 10000,
    "budget_max": 30000,
    "timeline_days": 7,
}
FREELANCER = {
    "first_name": "John",
    "last_name": "Doe",
    "location": "Mumbai",
    "skills_input": [{"name": "Python"}],
    "educations_input": [{"college": "MIT", "degree": "B.Tech", "start_year": 2015, "end_year": 2019}],
    "experiences_input": [{"role": "Developer", "company": "Tech Corp", "start_date": "2020-01-15"}],
    "languages_input": [{"name": "English", "proficiency": "Native"}],
    "portfolios_input": [{"title": "Shop", "project_link": "https://example.com/shop"}],
}
COMPANY = {
    "account_type": "business",
    "first_name": "Jane",
    "last_name": "Smith",
    "company_name": "TechStart Inc",
    "country": "India",
    "location": "Bangalore",
    "industry": "Technology",
}


class SkillConnectWorld:
    """`john` offers services, `jane` orders them and posts projects; the rest are strangers."""

    def __init__(self, app):
        self.app = app
        self.nobody = Client(app.test_client())

    # -- people

    @cached_property
    def john(self):
        return self._enter("john", Role.FREELANCER)

    @cached_property
    def jane(self):
        return self._enter("jane", Role.CLIENT)

    @cached_property
    def client(self):
        return self._enter("client", Role.CLIENT)

    @cached_property
    def freelancer(self):
        return self._enter("freelancer", Role.FREELANCER)

    @cached_property
    def admin(self):
        return people.sign_in(self.nobody, people.person(Role.ADMIN, username="boss"))

    @cached_property
    def john_email(self):
        return self.john.user["email"]

    @cached_property
    def john_refresh(self):
        body = {"email": self.john_email, "password": people.PASSWORD}
        return self.nobody.post(f"{BASE}/users/login/", body).json["refresh"]

    @cached_property
    def newcomer_email(self):
        body = {"email": "newcomer@example.com", "password": "Password123", "role": "CLIENT"}
        assert self.nobody.post(f"{BASE}/users/register/", body).status_code == 201
        return body["email"]

    @cached_property
    def newcomer_otp(self):
        assert self.newcomer_email
        return self._digits(Purpose.VERIFY_EMAIL)

    @cached_property
    def reset_otp(self):
        body = {"email": self.john_email}
        assert self.nobody.post(f"{BASE}/users/forgot-password/request/", body).status_code == 200
        return self._digits(Purpose.RESET_PASSWORD)

    @cached_property
    def john_profile(self):
        return self._made(self.john, "profiles/freelancer/profile-setup", FREELANCER)

    @cached_property
    def jane_profile(self):
        return self._made(self.jane, "profiles/client/profile-setup", COMPANY)

    # -- offers and orders

    @cached_property
    def service(self):
        return self._made(self.john, "gigs/services", SERVICE)

    @cached_property
    def proposal(self):
        return self._made(self.jane, "gigs/proposals", PROPOSAL)

    @cached_property
    def order(self):
        return self._made(self.jane, "gigs/service-orders", {"service_id": self.service})

    @cached_property
    def application(self):
        return self._made(self.john, "gigs/proposal-orders", {"proposal_id": self.proposal})

    # -- talk, contracts and money

    @cached_property
    def conversation(self):
        body = {"order_type": "serviceorder", "order_id": self.order}
        return self._made(self.john, "messaging/conversations", body)

    @cached_property
    def message(self):
        path = f"messaging/conversations/{self.conversation}/messages"
        return self._made(self.john, path, {"content": "Hello"})

    @cached_property
    def contract(self):
        body = {"order_type": "service", "order_id": self.order, "amount": 20000, "deadline": "2025-11-01"}
        return self._made(self.john, "messaging/contracts", body)

    @cached_property
    def agreed_contract(self):
        answer = self.jane.post(f"{BASE}/messaging/contracts/{self.contract}/accept/")
        assert answer.status_code == 200, answer.text
        return self.contract

    @cached_property
    def payment_request(self):
        body = {"conversation_id": self.conversation, "amount": 20000, "description": "Final payment due"}
        return self._made(self.john, "messaging/payment-requests", body)

    @cached_property
    def payment(self):
        """What Razorpay's checkout hands to the payer's browser."""
        path = f"{BASE}/messaging/payments/{self.payment_request}/create-razorpay-order/"
        order = self.jane.post(path).json["order_id"]
        answer = self.nobody.post(f"/sandbox/payments/{order}", {"outcome": "succeeded"})
        assert answer.status_code == 200, answer.text
        names = ("razorpay_order_id", "razorpay_payment_id", "razorpay_signature")
        return {name: answer.json[name] for name in names}

    def _enter(self, name, role):
        people.person(role, username=f"{name}.person")
        body = {"email": f"{name}.person@example.com", "password": people.PASSWORD}
        answer = self.nobody.post(f"{BASE}/users/login/", body)
        assert answer.status_code == 200, answer.text
        return self.nobody.signed_in(answer.json)

    @staticmethod
    def _digits(purpose):
        newest = [fact for fact in facts_of(DigitsAsked) if fact.purpose == purpose][-1]
        return accounts.digits_of(newest.code_id, purpose)

    @staticmethod
    def _made(somebody, path, body):
        answer = somebody.post(f"{BASE}/{path}/", body)
        assert answer.status_code == 201, answer.text
        return answer.json["id"]
