"""What each level of a comparison says, level by level as in `comparing.LEVELS` without the blank one:
its chance where two records are one family, and where they are two.

Estimated on invented registries of 20,000 families, 5% of them twice, with the seeds
1, 2, 3; no real registry was looked at. Written by `bench.duplicates calibrate`.
"""

#: The chance that two families drawn at random are one.
PRIOR = 5e-06

WEIGHTS: dict[str, tuple[tuple[float, float], ...]] = {
    "head": (
        (0.7673, 0.00109),  # same
        (0.103, 1.86e-05),  # sound
        (0.0497, 0.00129),  # near
        (0.002, 0.000987),  # part
        (0.07, 0.00118),  # member
        (0.01, 0.995),  # differs
    ),
    "members": (
        (0.5597, 8.26e-06),  # all
        (0.1384, 3.49e-05),  # many
        (0.2644, 0.0099),  # one
        (0.0375, 0.99),  # differs
    ),
    "niks": (
        (0.5182, 2.33e-06),  # many
        (0.3933, 1e-06),  # one
        (0.0885, 1.0),  # differs
    ),
    "births": (
        (0.6864, 2.41e-06),  # many
        (0.2757, 0.000341),  # one
        (0.0379, 1.0),  # differs
    ),
    "kk": (
        (0.8974, 3.98e-06),  # same
        (0.1026, 1.0),  # differs
    ),
    "phone": (
        (0.7335, 2.71e-06),  # same
        (0.2665, 1.0),  # differs
    ),
    "address": (
        (0.4148, 0.000358),  # same
        (0.0166, 1.85e-06),  # near
        (0.4961, 0.0207),  # street
        (0.0725, 0.979),  # differs
    ),
    "place": (
        (0.946, 0.000845),  # same
        (0.054, 0.00368),  # rw
        (0.002, 0.0181),  # lokus
        (0.002, 0.977),  # differs
    ),
}
