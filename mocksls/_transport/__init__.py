"""How calls arrive: the seams and HTTP fronts of the test process, over the dispatch of its cloud."""
