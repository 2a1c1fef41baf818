"""The shape of a record, declared once: what builders return, what readers are given, what the schema is made from."""
