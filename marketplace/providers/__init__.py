"""One small client per outside party, each behind a protocol, each with a sandbox twin."""
