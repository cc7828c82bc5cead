"""What happens: verbs. Each checks access, changes in one transaction, and writes its audit entry inside it."""
