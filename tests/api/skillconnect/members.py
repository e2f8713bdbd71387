"""Members of SkillConnect, and the bodies that its document shows."""

from marketplace.domains.accounts.public import Role
from tests.factories.people import PASSWORD, person

BASE = "/api/v1/profiles"
FREELANCER = f"{BASE}/freelancer/profile-setup/"
FREELANCER_ME = f"{FREELANCER}me/"
FREELANCERS = f"{BASE}/freelancers/browse/"
CLIENT = f"{BASE}/client/profile-setup/"
CLIENT_ME = f"{CLIENT}me/"
CLIENTS = f"{BASE}/clients/browse/"
ROLES = {"freelancer": Role.FREELANCER, "client": Role.CLIENT}

JOHN = {
    "first_name": "John",
    "last_name": "Doe",
    "about": "Full-stack developer with 5 years experience",
    "age": 28,
    "country": "India",
    "location": "Mumbai",
    "is_available": True,
    "skills_input": [{"name": "Python"}, {"name": "Django"}],
    "educations_input": [
        {"college": "MIT", "degree": "B.Tech Computer Science", "start_year": 2015, "end_year": 2019}
    ],
    "experiences_input": [
        {
            "role": "Senior Developer",
            "company": "Tech Corp",
            "start_date": "2020-01-15",
            "end_date": "2023-06-30",
            "description": "Led backend development",
            "ongoing": False,
        }
    ],
    "languages_input": [
        {"name": "English", "proficiency": "Native"},
        {"name": "Hindi", "proficiency": "Fluent"},
    ],
    "portfolios_input": [
        {
            "title": "E-commerce Platform",
            "description": "Built scalable marketplace",
            "project_link": "https://github.com/johndoe/ecommerce",
        }
    ],
    "social_links_input": {
        "github_url": "https://github.com/johndoe",
        "linkedin_url": "https://linkedin.com/in/johndoe",
        "twitter_url": None,
        "facebook_url": None,
        "instagram_url": None,
    },
    "verification_input": {
        "email_verified": True,
        "phone_verified": False,
        "id_verified": False,
        "video_verified": False,
    },
}
JANE = {
    "account_type": "business",
    "first_name": "Jane",
    "last_name": "Smith",
    "company_name": "TechStart Inc",
    "company_description": "We build innovative software solutions",
    "country": "India",
    "location": "Bangalore",
    "industry": "Technology",
    "company_size": "10-50",
    "website": "https://techstart.com",
    "project_types": "Web Development, Mobile Apps",
    "budget_range": "$10,000 - $50,000",
    "project_frequency": "Monthly",
    "preferred_communications": "Email, Slack",
    "working_hours": "9 AM - 6 PM IST",
    "business_goals": "Scale our platform to 10k users",
    "current_challenges": "Need faster development cycles",
    "previous_experiences": "Worked with 5 freelancers before",
    "expected_timeline": "3-6 months",
    "quality_importance": "High",
    "payment_method": "Bank Transfer",
    "monthly_budget": 50000,
    "project_budget": 200000,
    "payment_timing": "Milestone-based",
}
LEAST = {"first_name": "Sara", "last_name": "Haddad", "skills_input": [{"name": "Sewing"}]}
LEAST_CLIENT = {"first_name": "Omar", "last_name": "Nasser", "account_type": "individual"}


def member(client, name, *roles, **names):
    """Somebody who is signed in through SkillConnect."""
    person(*(ROLES[role] for role in roles), username=name, **names)
    body = {"email": f"{name}@example.com", "password": PASSWORD}
    return client.signed_in(client.post("/api/v1/users/login/", body).json)


def names(entries):
    return [entry["name"] for entry in entries]
