"""What a backup is made of: a snapshot of rows as JSON lines, and an archive that nobody can change unseen."""
