#!/usr/bin/env bash
# Measures on a GPU, part by part, each to a file of its own in FOLDER. See src/docs/benchmarks.md.
# usage: measure.sh FOLDER "PART..." LAUNCHER..., such as measure.sh /tmp/gpu "parity encode" src/bin/densestream
# GOLDEN names the fixtures of the part parity; SECONDS_EACH bounds each run (120).
set -uo pipefail
folder=$1 parts=$2
shift 2
launcher=("$@")
mkdir -p "$folder"

# A run that fails, or takes too long, is told about, and the next one follows.
run() { # NAME ARGUMENT...
  local name=$1 start=$SECONDS
  shift
  timeout "${SECONDS_EACH:-120}" "${launcher[@]}" "$@" >"$folder/$name.txt" 2>"$folder/$name.err"
  echo "$name: exit status $? after $((SECONDS - start)) s"
}

on_gpu() { # NAME SHAPE ARGUMENT...
  local name=$1 shape=$2
  shift 2
  run "$name" bench --device gpu0 --shape "$shape" --precision bf16 --repetitions 5 --json "$@"
}

for part in $parts; do
  case $part in
    parity) run parity parity --device gpu0 --fixtures "${GOLDEN:?names the fixtures}" ;;
    encode)
      on_gpu encode-clip clip-l-336 --batch 1,4,16,64
      on_gpu encode-siglip siglip-so400m-384 --batch 1,4,16,64
      ;;
    language)
      for shape in llama-7b llama3-8b; do
        on_gpu "prefill-$shape" "$shape" --prefill 1152 --decode 0 --questions 8
        on_gpu "decode-$shape" "$shape" --prefill 0 --decode 32 --context 1184 --sequences 1,8,32,64
      done
      ;;
    int8)
      run int8-llama-7b bench --device gpu0 --shape llama-7b --precision int8 --repetitions 5 --json --prefill 1152 \
        --decode 32 --context 1184 --sequences 1,8,32
      ;;
    streams)
      on_gpu streams-llama-7b llama-7b --prefill 0 --decode 0 --streams "${STREAMS:-100}" --slots 64
      on_gpu streams-llama3-8b llama3-8b --prefill 0 --decode 0 --streams "${STREAMS:-100}" --slots 96
      ;;
    *) echo "no part $part: parity, encode, language, int8, streams" >&2 && exit 2 ;;
  esac
done
