"""The state that must not be lost: tables, migrations, a module per noun. Alone knows SQL."""
