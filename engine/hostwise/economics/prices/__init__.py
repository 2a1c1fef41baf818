"""Token prices."""
