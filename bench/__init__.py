"""How fast it is, beside what others use: `python3 run.py bench [--quick] [NAME…]`."""
