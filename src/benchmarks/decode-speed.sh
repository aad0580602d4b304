#!/usr/bin/env bash
# Compares decoding with the ffmpeg program on one minute of 1080p30 H.264, in turn. See src/docs/benchmarks.md.
# usage: decode-speed.sh [PROGRAM [THREADS [ROUNDS]]]; needs an ffmpeg with x264 to make that minute.
set -euo pipefail
cd "$(dirname "$0")/../.."
program=${1:-ffmpeg} threads=${2:-1} rounds=${3:-5}
folder=src/benchmarks/target
mkdir -p "$folder"
video=$folder/1080p30.mp4
if [[ ! -f $video ]]; then
  ffmpeg -nostdin -v error -f lavfi -i testsrc2=size=1920x1080:rate=30:duration=60 \
    -c:v libx264 -preset medium -pix_fmt yuv420p -g 60 "$video"
fi
exec src/benchmarks/run-class.sh decode.DecodeSpeed "$video" "$program" "$threads" "$rounds"
