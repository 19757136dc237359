"""The example class on a simulated clock: its world, the page that shows it, and a whole year played as text."""
