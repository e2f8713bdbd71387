"""Razorpay's twin: orders, what payers do with them, and signed webhooks."""
