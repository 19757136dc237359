"""What can happen: load, decide (pure), save in one commit. Nothing here sends."""
