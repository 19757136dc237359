"""What every page of ours has in common, whoever it is for: guards, templates, the reader's language, assets."""
