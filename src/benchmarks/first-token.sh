#!/usr/bin/env bash
# Seconds from the start of `ask` to the first byte of its answer, run by run. See src/docs/benchmarks.md.
# usage: first-token.sh RUNS MODEL [OPTION...], such as 7 /models/llava --precision bf16 --token-reduction efficient
set -euo pipefail
runs=$1 model=$2
shift 2
here=$(cd "$(dirname "$0")" && pwd)
for ((run = 0; run < runs; run++)); do
  start=$(date +%s%N)
  "$here/../bin/densestream" ask --model "$model" --video "$here/test-pattern.mp4" --frames 1 --max-tokens 1 \
    --question 'What is it?' "$@" 2>/dev/null |
    { head -c 1 >/dev/null && echo "$(($(date +%s%N) - start))" && cat >/dev/null; } |
    awk '{ printf "%.2f\n", $1 / 1e9 }'
done
