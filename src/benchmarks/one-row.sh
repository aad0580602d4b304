#!/usr/bin/env bash
# Times one row times weights that come from memory, by each operator there is. See src/docs/benchmarks.md.
# usage: one-row.sh OUTPUTS INPUTS MATRICES, such as 11264 2048 6
export GLIBC_TUNABLES="${GLIBC_TUNABLES:-glibc.malloc.hugetlb=1:glibc.malloc.arena_max=1}"
exec "$(dirname "$0")/run-class.sh" onerow.OneRow "$@"
