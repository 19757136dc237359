"""Small faults, one at a time, in the rules and in what sends: do the tests notice?"""
