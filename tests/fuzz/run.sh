#!/usr/bin/env bash
# Fuzzes every mesh reader for some seconds each: tests/fuzz/run.sh SECONDS. Needs clang-14 and libclang-rt-14-dev.
# Seeds are small files of the shared data when they are there; what was found stays in build/fuzz/corpus.
set -euo pipefail
cd "$(dirname "$0")/../.."
seconds=${1:-30}
build=build/fuzz
cmake -S . -B $build -G Ninja -DCMAKE_C_COMPILER=clang-14 -DCMAKE_CXX_COMPILER=clang++-14 -DCMAKE_BUILD_TYPE=RelWithDebInfo \
  -DCMAKE_CXX_FLAGS="-O1 -g1 -fsanitize=fuzzer-no-link -D_GLIBCXX_ASSERTIONS" -DFIT_SANITIZE=ON -DFIT_FUZZ=ON >/dev/null
formats="stl ply obj off 3mf"
# shellcheck disable=SC2046
cmake --build $build --target $(printf 'fuzz_%s ' $formats)
for format in $formats; do
  corpus=$build/corpus/$format
  mkdir -p "$corpus"
  find ../shared/data/malformed -iname "*.$format" -size -20k -exec cp -n --no-preserve=mode {} "$corpus" \; 2>/dev/null || true
  printf '== %s\n' "$format"
  "$build/fuzz/fuzz_$format" -max_total_time="$seconds" -max_len=20000 -timeout=2 -rss_limit_mb=1024 \
    -artifact_prefix="$build/$format-" "$corpus"
done
