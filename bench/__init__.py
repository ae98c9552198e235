"""How fast the service is, measured against floors beside it in the same run; it asserts nothing."""
