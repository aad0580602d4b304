#!/usr/bin/env bash
# Builds the benchmarks and runs one of their classes; the scripts beside it call it.
# usage: run-class.sh CLASS [ARGUMENT...], the class without dev.densestream.benchmarks; paths are relative to the repository.
set -euo pipefail
cd "$(dirname "$0")/../.."
folder=src/benchmarks/target
mvn -q -B -pl src/benchmarks -am -DskipTests package \
  org.apache.maven.plugins:maven-dependency-plugin:3.9.0:build-classpath \
  -Dmdep.outputFile="$PWD/$folder/classpath.txt"
class=$1
shift
exec "${JAVA_HOME:?names a JDK 25}/bin/java" --add-modules jdk.incubator.vector --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow \
  -Xmx3g -cp "$folder/classes:$(cat "$folder/classpath.txt")" "dev.densestream.benchmarks.$class" "$@"
