"""`python -m tauten`, the same as `tauten`."""

import sys

from tauten.cli import main

sys.exit(main())
