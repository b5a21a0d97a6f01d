#!/usr/bin/env bash
# Every reader under the sanitizers: damaged files from a seeded mutator, then a coverage-guided fuzzer for some seconds
# each: tests/fuzz/run.sh [SECONDS [MUTATIONS]], 30 and 10,000 unless said. With `short` in place of SECONDS each fuzzer
# makes 2,000 runs from a fixed seed: the same on every machine. Needs clang. Seeds of meshes are small files of the
# shared data when they are there; what was found stays in build/fuzz/corpus.
set -euo pipefail
cd "$(dirname "$0")/../.."
length="-max_total_time=${1:-30} -timeout=2"
[ "${1:-}" != short ] || length="-runs=2000 -seed=1 -timeout=20"
export FIT_MUTATIONS=${2:-10000}
build=build/fuzz
cmake -S . -B $build -G Ninja -DCMAKE_C_COMPILER=clang -DCMAKE_CXX_COMPILER=clang++ -DCMAKE_BUILD_TYPE=RelWithDebInfo \
  -DCMAKE_CXX_FLAGS_RELWITHDEBINFO="-O1 -g1" \
  -DCMAKE_CXX_FLAGS="-fsanitize=fuzzer-no-link -D_GLIBCXX_ASSERTIONS" -DFIT_SANITIZE=ON -DFIT_FUZZ=ON >/dev/null
meshes="stl ply obj off 3mf"
files="landmarks tape project template printer material block calibrations aop table shape_model"
damaged="mesh_io_mutation file_mutation recording rosbag oni phones azure_mkv"
# shellcheck disable=SC2046,SC2086
cmake --build $build -j "${FIT_JOBS:-2}" --target $(printf 'damaged_%s ' $damaged) \
  $(printf 'fuzz_%s ' $meshes $files recording)

mkdir -p $build/corpus/recording
for test in $damaged; do
  FIT_SEEDS=$build/corpus/recording "$build/fuzz/damaged_$test" --gtest_brief=1
done
for reader in $meshes $files recording; do
  corpus=$build/corpus/$reader
  mkdir -p "$corpus"
  case " $meshes recording " in
    *" $reader "*)
      find ../shared/data/malformed -iname "*.$reader" -size -20k -exec cp -n --no-preserve=mode {} "$corpus" \; 2>/dev/null || true
      ;;
    *) "$build/fuzz/fuzz_$reader" -seeds "$corpus" ;;
  esac
  log=$build/$reader.log
  # shellcheck disable=SC2086
  "$build/fuzz/fuzz_$reader" $length -max_len=20000 -rss_limit_mb=1024 -verbosity=0 -print_final_stats=1 \
    -artifact_prefix="$build/$reader-" "$corpus" >"$log" 2>&1 || { cat "$log"; exit 1; }
  printf '%-12s %s runs\n' "$reader" "$(sed -n 's/.*number_of_executed_units: *//p' "$log")"
done
