"""Electric currents in tissue: the balance of every cell, the metal that feeds it, and the solvers of both."""
