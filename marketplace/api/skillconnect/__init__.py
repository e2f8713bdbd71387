"""SkillConnect: gigs, proposals, orders, contracts and payment requests."""
