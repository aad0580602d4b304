#!/usr/bin/env bash
# Says how long the model that comes along takes for a window. See src/docs/benchmarks.md.
# usage: window-time.sh CLIP..., each about a window long, such as scenes of "densestream world"
exec "$(dirname "$0")/run-class.sh" window.WindowTime "$@"
