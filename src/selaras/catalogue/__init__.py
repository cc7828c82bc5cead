"""The texts of `errors.CATALOGUE` that are too many for one file, a module a floor."""
