#!/usr/bin/env bash
# Measures encoder and language model alone and at once. See src/docs/benchmarks.md.
# usage: encode-beside-language.sh THREADS prefill|decode
exec "$(dirname "$0")/run-class.sh" together.EncodeBesideLanguage "$@"
