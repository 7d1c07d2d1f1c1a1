"""A lost ledger is written anew from the issues that its problems have."""
