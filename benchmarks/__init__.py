"""Times the product against peers and against itself; never part of the tests."""
