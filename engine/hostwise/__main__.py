"""`python -m hostwise` is the same as `hostwise`."""

from hostwise.cli.main import main

main()
