#!/usr/bin/env bash
# Measures encoder and language model alone and at once. See src/docs/benchmarks.md.
# usage: encode-beside-language.sh THREADS prefill|decode
set -euo pipefail
cd "$(dirname "$0")/../.."
folder=src/benchmarks/target
mvn -q -B -pl src/benchmarks -am -DskipTests package \
  org.apache.maven.plugins:maven-dependency-plugin:3.9.0:build-classpath \
  -Dmdep.outputFile="$PWD/$folder/classpath.txt"
exec "${JAVA_HOME:?names a JDK 25}/bin/java" --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow \
  -Xmx1g -cp "$folder/classes:$(cat "$folder/classpath.txt")" \
  dev.densestream.benchmarks.together.EncodeBesideLanguage "$1" "$2"
