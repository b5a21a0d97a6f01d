#!/usr/bin/env bash
# Every reader under the sanitizers: 10,000 damaged files each from a seeded mutator, then a coverage-guided fuzzer for
# some seconds each: tests/fuzz/run.sh [SECONDS [MUTATIONS]]. Needs clang-14 and libclang-rt-14-dev. Seeds of meshes are
# small files of the shared data when they are there; what was found stays in build/fuzz/corpus.
set -euo pipefail
cd "$(dirname "$0")/../.."
seconds=${1:-30}
export FIT_MUTATIONS=${2:-10000}
build=build/fuzz
cmake -S . -B $build -G Ninja -DCMAKE_C_COMPILER=clang-14 -DCMAKE_CXX_COMPILER=clang++-14 -DCMAKE_BUILD_TYPE=RelWithDebInfo \
  -DCMAKE_CXX_FLAGS="-O1 -g1 -fsanitize=fuzzer-no-link -D_GLIBCXX_ASSERTIONS" -DFIT_SANITIZE=ON -DFIT_FUZZ=ON >/dev/null
meshes="stl ply obj off 3mf"
files="landmarks tape project template printer material block shape_model"
# shellcheck disable=SC2046,SC2086
cmake --build $build --target damaged_mesh_io_mutation damaged_file_mutation $(printf 'fuzz_%s ' $meshes $files)

for test in mesh_io_mutation file_mutation; do
  "$build/fuzz/damaged_$test" --gtest_brief=1
done
for reader in $meshes $files; do
  corpus=$build/corpus/$reader
  mkdir -p "$corpus"
  case " $meshes " in
    *" $reader "*)
      find ../shared/data/malformed -iname "*.$reader" -size -20k -exec cp -n --no-preserve=mode {} "$corpus" \; 2>/dev/null || true
      ;;
    *) "$build/fuzz/fuzz_$reader" -seeds "$corpus" ;;
  esac
  printf '== %s\n' "$reader"
  "$build/fuzz/fuzz_$reader" -max_total_time="$seconds" -max_len=20000 -timeout=2 -rss_limit_mb=1024 -verbosity=0 \
    -print_final_stats=1 -artifact_prefix="$build/$reader-" "$corpus"
done
