#!/usr/bin/env bash
# Builds DJL's JNI library against an installed PyTorch whose version DJL publishes none for. See src/docs/deployment.md.
# usage: build-jni.sh DJL TORCH TARGET, a checkout of DJL at the version of our jar, the folder of PyTorch's Python package, a folder.
# TARGET then holds all that PYTORCH_LIBRARY_PATH must name. CXX (g++) and JOBS (one per core) may be set.
set -euo pipefail
djl=$1 torch=$2 target=$3
engine=$djl/engines/pytorch
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"${JAVA_HOME:?names a JDK 25}/bin/javac" -nowarn -sourcepath "$engine/pytorch-engine/src/main/java" -h "$work/include" -d "$work/classes" \
  "$engine/pytorch-engine/src/main/java/ai/djl/pytorch/jni/PyTorchLibrary.java"

includes=(-I"$work/include" -I"$djl/api/src/main/native" -I"$JAVA_HOME/include" -I"$JAVA_HOME/include/linux"
  -isystem "$torch/include" -isystem "$torch/include/torch/csrc/api/include")
libraries=(-ltorch -ltorch_cpu -lc10)
flags=(-std=c++20 -O1 -fPIC -w)
if [ -e "$torch/lib/libtorch_cuda.so" ]; then
  flags+=(-DUSE_CUDA)
  libraries+=(-ltorch_cuda -lc10_cuda)
  for folder in "$(dirname "$torch")"/nvidia/*/include /usr/local/cuda/include; do
    [ ! -d "$folder" ] || includes+=(-isystem "$folder")
  done
fi
compile() { # FILE
  "${CXX:-g++}" "${flags[@]}" "${includes[@]}" -c "$1" -o "$work/$(basename "$1" .cc).o"
}
for file in "$engine"/pytorch-native/src/main/native/*.cc; do
  while [ "$(jobs -rp | wc -l)" -ge "${JOBS:-$(nproc)}" ]; do wait -n; done
  compile "$file" &
done
while [ -n "$(jobs -p)" ]; do wait -n; done

mkdir -p "$target"
"${CXX:-g++}" -shared -o "$target/libdjl_torch.so" "$work"/*.o -L"$torch/lib" -Wl,--no-as-needed "${libraries[@]}" \
  -Wl,--allow-shlib-undefined -Wl,-rpath,"$torch/lib"
strip --strip-unneeded "$target/libdjl_torch.so"
for library in libc10 libc10_cuda libtorch_cpu libtorch_cuda libtorch; do
  [ ! -e "$torch/lib/$library.so" ] || ln -sf "$torch/lib/$library.so" "$target/$library.so"
done
