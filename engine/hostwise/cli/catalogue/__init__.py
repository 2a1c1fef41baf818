"""The group `hostwise catalogue`: what decisions take for granted, looked up, compared and extended."""
