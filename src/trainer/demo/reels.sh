#!/bin/sh
# Makes the recordings of the demo, and beside each what is true of it. Equal bytes on every run.
# The questions of the cameras are those of DemoCamera.java; a test compares them.
set -eu
home=$(dirname -- "$(readlink -f -- "$0")")/../../..
folder=$home/answer-service/src/main/resources/demo
reel() {
  name=$1
  shift
  "$home/src/bin/densestream" reel --output "$folder/$name.mp4" "$@"
}

reel demo-star --seed 11 \
  --ask "What colour is the star?" --ask "Is the star moving?" --ask "Which way does the star move?"
reel demo-crowd --seed 12 \
  --ask "How many objects are there?" --ask "Is there a circle?"
reel demo-race --seed 13 \
  --ask "Which moves first: the circle or the square?" --ask "Where is the circle at the end?"
reel demo-events --seed 14 --scenes 5 --events 2
