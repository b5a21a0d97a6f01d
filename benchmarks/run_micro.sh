#!/usr/bin/env bash
# Times the engine beside its peers in one run of under ten minutes, on an idle machine:
#   benchmarks/run_micro.sh [MACHINE]
# Writes benchmarks/results/MACHINE.csv (medians, ratios, the processor and the versions) and prints it as a table.
# Needs Open3D, OpenVDB and Google Benchmark (libopen3d-dev libopenvdb-dev libbenchmark-dev) and python3; with node and
# npm the booleans of manifold-3d are timed too.
set -euo pipefail
cd "$(dirname "$0")/.."
machine=${1:-$(hostname)}
build=build/benchmarks
benches="mesh_io_bench closest_point_bench self_crossing_bench check_print_bench solidify_bench"

cmake --preset benchmarks >/dev/null
# shellcheck disable=SC2086
cmake --build --preset benchmarks --target $benches fit_cli

peers=$build/peers
mkdir -p "$peers"
if command -v node >/dev/null && command -v npm >/dev/null; then
  [ -d "$peers/node_modules/manifold-3d" ] || npm install --prefix "$peers" --no-fund --no-audit manifold-3d@3.5.4 ||
    echo "manifold-3d could not be installed: its booleans are left out" >&2
else
  echo "node or npm is not installed: the booleans of manifold-3d are left out" >&2
fi
exec python3 benchmarks/micro_table.py "$build" "benchmarks/results/$machine.csv"
