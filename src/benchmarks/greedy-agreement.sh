#!/usr/bin/env bash
# Says how often narrower precisions choose the token that float32 chooses. See src/docs/models.md.
# usage: greedy-agreement.sh DEVICE TOKENS MODEL..., the device cpu or gpu0
exec "$(dirname "$0")/run-class.sh" precision.GreedyAgreement "$@"
