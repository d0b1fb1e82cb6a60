"""Run the command line with `python -m digitech_kg`."""

from digitech_kg.cli import main

main()
