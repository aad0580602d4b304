#!/usr/bin/env bash
# Measures encoding and large products in turn: what share of a device's limit encoding reaches. See src/docs/benchmarks.md.
# usage: encode-and-limit.sh DEVICE FRAMES ROUNDS, such as gpu0 64 5
exec "$(dirname "$0")/run-class.sh" limit.EncodeAndLimit "$@"
