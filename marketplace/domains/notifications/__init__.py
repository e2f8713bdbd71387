"""What people are told of: an inbox, mails, and what each person wants to hear."""
