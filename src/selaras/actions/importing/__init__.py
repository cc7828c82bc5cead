"""What an import is made of: the file as tables, columns as questions, rows as families, and the one switch."""
