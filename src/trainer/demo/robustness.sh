#!/usr/bin/env bash
# Asks a model about the same scenes filmed in different ways, and prints a row for each: how many questions, which are the same
# ones every time, and what is right of all, of presence and of colour. See src/docs/evaluate.md.
# usage: robustness.sh SCENES SEED [OPTION...], the options those of evaluate, such as 100 990101 --model DIR
set -euo pipefail
scenes=${1:?how many scenes} seed=${2:?which scenes}
options=("${@:3}")
program=$(dirname "$(readlink -f "$0")")/../../bin/densestream
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

# What a command says besides its result is of interest where it fails.
run() {
  "$program" "$@" 2>"$folder/errors" || { cat "$folder/errors" >&2 && exit 1; }
}

# The condition's name, and the options of world that make it.
condition() {
  run world --scenes "$scenes" --seed "$seed" --output "$folder/clips" "${@:2}" >/dev/null
  run evaluate --questions "$folder/clips/questions.jsonl" --videos "$folder/clips" "${options[@]}" >"$folder/table"
  awk -v name="$1" '
    { n[$1] = $2; right[$1] = $3 " %" }
    END { printf "| %s | %s | %s | %s | %s |\n", name, n["all"], right["all"], right["presence"], right["colour"] }' "$folder/table"
  rm -rf "$folder/clips"
}

printf '| condition | questions | all | presence | colour |\n| --- | ---: | ---: | ---: | ---: |\n'
condition "224x168 pixels in the scene's aspect, 15 fps, H.264, 400 kbit/s"
condition "320x240, 10 fps" --size 320x240 --fps 10
condition "320x240, 5 fps" --size 320x240 --fps 5
condition "640x360, 60 fps, 1 Mbit/s" --size 640x360 --fps 60 --bitrate 1000000
condition "1280x720, 30 fps, 2 Mbit/s" --size 1280x720 --fps 30 --bitrate 2000000
condition "320x240, VP9" --size 320x240 --codec VP9
condition "320x240, MPEG-4" --size 320x240 --codec MPEG4
condition "320x240, 50 kbit/s" --size 320x240 --bitrate 50000
condition "426x240, bars at the sides" --size 426x240
condition "240x320, upright, bars above and below" --size 240x320
condition "640x240, bars at the sides" --size 640x240
condition "270x480, upright, bars above and below" --size 270x480
