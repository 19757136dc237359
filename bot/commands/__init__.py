"""One file per command of `python -m bot`; `opening` is what most of them begin with."""
