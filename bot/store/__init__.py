"""The database: one transaction per decision, the tables, the questions asked of them, migrations, and the keys kept beside it."""
