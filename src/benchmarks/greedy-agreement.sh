#!/usr/bin/env bash
# Says how often narrower precisions choose the token that float32 chooses. See src/docs/models.md.
# usage: greedy-agreement.sh TOKENS MODEL...
set -euo pipefail
cd "$(dirname "$0")/../.."
folder=src/benchmarks/target
mvn -q -B -pl src/benchmarks -am -DskipTests package \
  org.apache.maven.plugins:maven-dependency-plugin:3.9.0:build-classpath \
  -Dmdep.outputFile="$PWD/$folder/classpath.txt"
exec "${JAVA_HOME:?names a JDK 25}/bin/java" --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow \
  -Xmx2g -cp "$folder/classes:$(cat "$folder/classpath.txt")" \
  dev.densestream.benchmarks.precision.GreedyAgreement "$@"
