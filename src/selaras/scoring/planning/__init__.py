"""What to do next with the money and the days that are left: open needs first, points second. Exact."""
