"""The commands of `recap`, one module each; they call the run and print, and decide nothing."""
