"""What stands on a Monday page: figures, who they speak of, and the three decisions."""
