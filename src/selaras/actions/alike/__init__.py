"""Which two families of a registry may be one: how names and addresses are made alike, compared and weighed."""
