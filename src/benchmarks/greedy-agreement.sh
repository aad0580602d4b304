#!/usr/bin/env bash
# Says how often narrower precisions choose the token that float32 chooses. See src/docs/models.md.
# usage: greedy-agreement.sh TOKENS MODEL...
exec "$(dirname "$0")/run-class.sh" precision.GreedyAgreement "$@"
