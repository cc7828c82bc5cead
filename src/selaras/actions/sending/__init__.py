"""The one queue of browsers: what was made offline arrives, whole or in pieces, and goes where its kind belongs."""
