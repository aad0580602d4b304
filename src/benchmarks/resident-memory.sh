#!/usr/bin/env bash
# Runs `serve --demo` at full load and says how much memory it holds: its three cameras, and clients who ask about a recorded clip
# one question after the other. Writes FOLDER/memory.csv and FOLDER/memory.svg. See src/docs/benchmarks.md. Linux alone.
# usage: resident-memory.sh MINUTES FOLDER [OPTION of serve...], 6 minutes at least; CLIENTS (3) and PORT (18080; management on the next) from the environment
set -euo pipefail
minutes=$1 folder=$2
shift 2
[ "$minutes" -ge 6 ] || { echo "MINUTES must be at least 6, as what counts begins with the sixth: was $minutes" >&2 && exit 2; }
here=$(cd "$(dirname "$0")" && pwd)
port=${PORT:-18080} clients=${CLIENTS:-3} demo=$here/../../answer-service/src/main/resources/demo
mkdir -p "$folder"
work=$(mktemp -d)
"$here/../bin/densestream" --version >/dev/null # builds where needed
DENSESTREAM_BUILD=never "$here/../bin/densestream" serve --demo --port "$port" --management-port $((port + 1)) "$@" >"$folder/serve.log" 2>&1 &
service=$!
trap 'kill "$service" 2>/dev/null || true; wait; rm -rf "$work"' EXIT

ready() { curl -sf -o /dev/null "http://127.0.0.1:$((port + 1))/actuator/health/readiness"; }
until ready; do
  kill -0 "$service" 2>/dev/null && [ "$SECONDS" -lt 300 ] || { tail -n 3 "$folder/serve.log" >&2 && exit 1; }
  sleep 1
done
printf '{"messages":[{"role":"user","content":[{"type":"video_url","video_url":{"url":"data:video/mp4;base64,%s"}},{"type":"text","text":"Describe the video."}]}]}' \
  "$(base64 -w 0 "$demo/demo-crowd.mp4")" >"$work/question.json"
for client in $(seq "$clients"); do
  while kill -0 "$service" 2>/dev/null; do
    said=$(curl -s -o /dev/null -w '%{http_code}' "http://127.0.0.1:$port/v1/chat/completions" -H 'Content-Type: application/json' -d "@$work/question.json") || true
    echo "$said" >>"$work/said-$client"
  done &
done

held() { # PID...: MiB resident
  cat $(printf '/proc/%s/status ' "$@") 2>/dev/null | awk '/^VmRSS/ { kib += $2 } END { printf "%.0f", kib / 1024 }'
}
busy() { # ticks of all processors that were not idle, and of all
  awk '/^cpu / { print $2 + $3 + $4 + $7 + $8 + $9, $2 + $3 + $4 + $5 + $6 + $7 + $8 + $9 }' /proc/stat
}
echo 'seconds,service_mib,heap_mib,decoders_mib,clip_answers,not_answered,live_answers,processors_busy' >"$folder/memory.csv"
begin=$SECONDS
while [ $((SECONDS - begin)) -le $((60 * minutes)) ]; do
  read -r before all_before < <(busy)
  sleep 10
  read -r after all_after < <(busy)
  said=$(cat "$work"/said-* 2>/dev/null || true)
  read -r live heap < <(curl -s "http://127.0.0.1:$((port + 1))/actuator/prometheus" | awk '
    /^densestream_answers_total/ { live += $NF }
    /^jvm_memory_committed_bytes.*area="heap"/ { heap += $NF }
    END { printf "%.0f %.0f\n", live, heap / 1048576 }')
  echo "$((SECONDS - begin)),$(held "$service"),$heap,$(held $(pgrep -P "$service") 0),$(grep -c '^200$' <<<"$said" || true),$(grep -c '^[013-9]' <<<"$said" || true),$live,$(awk "BEGIN { printf \"%.2f\", ($after - $before) / ($all_after - $all_before) }")" >>"$folder/memory.csv"
done

awk -F, '
  NR > 1 { at[++n] = $1 / 60; own[n] = $2; apart[n] = $2 - $3; others[n] = $4; if ($2 > most) most = $2 }
  function line(values, colour,   i, points) {
    for (i = 1; i <= n; i++) points = points sprintf("%.1f,%.1f ", 60 + 640 * at[i] / at[n], 280 - 240 * values[i] / top)
    return "<polyline fill=\"none\" stroke=\"" colour "\" stroke-width=\"2\" points=\"" points "\"/>"
  }
  END {
    top = 200 * int(most / 200 + 1.5)
    print "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 720 320\" font-family=\"sans-serif\" font-size=\"12\">"
    print "<rect width=\"720\" height=\"320\" fill=\"white\"/>"
    for (i = 0; i <= 4; i++) printf "<path d=\"M60 %d H700\" stroke=\"#ddd\"/><text x=\"54\" y=\"%d\" text-anchor=\"end\">%d</text>\n", 280 - 60 * i, 284 - 60 * i, top * i / 4
    for (i = 0; i <= 6; i++) printf "<text x=\"%d\" y=\"298\" text-anchor=\"middle\">%.0f</text>\n", 60 + 640 * i / 6, at[n] * i / 6
    print line(own, "#1f5fa8") line(apart, "#3a8f5c") line(others, "#c2571a")
    print "<text x=\"60\" y=\"24\">MiB resident: <tspan fill=\"#1f5fa8\">service</tspan>, <tspan fill=\"#3a8f5c\">all of it but the Java heap</tspan>, <tspan fill=\"#c2571a\">its decoders</tspan>; minutes</text></svg>"
  }' "$folder/memory.csv" >"$folder/memory.svg"
awk -F, '
  NR > 1 && $1 >= 300 { n++; apart = $2 - $3; x += $1; y += apart; xx += $1 * $1; xy += $1 * apart; busy += $8; if (!least || apart < least) least = apart; if (apart > most) most = apart }
  { split($0, last, ",") }
  END {
    slope = (n * xy - x * y) / (n * xx - x * x)
    printf "From the sixth minute on %d to %d MiB besides the Java heap, %.2f MiB a minute by least squares; processors busy to %.0f %%; %d answers about clips (%d refused or failed), %d live.\n", least, most, 60 * slope, 100 * busy / n, last[5], last[6], last[7]
  }' "$folder/memory.csv"
