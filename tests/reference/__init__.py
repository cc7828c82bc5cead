"""What the engine is compared with: a plain, slow evaluator, and random workbooks and answers to try both on.

Written from the documentation of the language and of the card alone, without a look at how the engine does it. It
shares the frozen dataclasses of the expression tree with the product, as data, and no code.
"""
