"""The programme edited in a browser: a draft of its texts, the phone that plays it, and what publishing it would change."""
