"""The ledger, escrow, wallets and withdrawals. Knows a reference, not a deal."""
