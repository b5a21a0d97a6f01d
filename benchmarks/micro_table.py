"""Runs the benchmarks of benchmarks/micro and the peers, and writes one CSV: what was measured, beside what.

    micro_table.py BUILD RESULT.csv      (called by run_micro.sh)
"""
import csv
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

REPETITIONS = 5

# what, ours, its peer, how many times faster ours must be
AGAINST_PEERS = [
    ("read and weld STL, 300k", "read/fit/limb.stl", "read/open3d/limb.stl", 20),
    ("read OBJ, 300k", "read/fit/limb.obj", "read/open3d/limb.obj", 8),
    ("read binary PLY, 300k", "read/fit/limb.ply", "read/open3d/limb.ply", 5),
    ("write STL, 300k", "write/fit/out.stl", "write/open3d/out.stl", None),
    ("write OBJ, 300k", "write/fit/out.obj", "write/open3d/out.obj", None),
    ("write PLY, 300k", "write/fit/out.ply", "write/open3d/out.ply", None),
    ("closest points, coherent", "Fit_coherent", "Open3D_coherent", 4),
    ("closest points, random", "Fit_random", "Open3D_random", 3),
    ("closest points, coherent, CGAL", "Fit_coherent", "CGAL_coherent", None),
    ("self-crossing, 300k, 1 thread", "Fit_limb_1_thread", "CGAL_limb", 2.5),
    ("self-crossing, 300k, 2 threads", "Fit_limb_2_threads", "CGAL_limb", 2.5),
    ("self-crossing, flat sheet", "Fit_flat", "CGAL_flat", None),
    ("self-crossing, flat sheet askew", "Fit_flat_askew", "CGAL_flat_askew", None),
    ("checked socket, 300k", "fit_socket/thousand:300/threads:2", "debian_chain_socket/thousand:300", 5),
    ("checked socket, 1 to 2 threads", "fit_socket/thousand:300/threads:2", "fit_socket/thousand:300/threads:1", 1.8),
    ("all checks, 1 to 2 threads", "fit_check/threads:2", "fit_check/threads:1", None),
]


def seconds_of(benchmark):
    """Of a query where the benchmark counts them, else of a round."""
    unit = {"ns": 1e-9, "us": 1e-6, "ms": 1e-3, "s": 1.0}[benchmark["time_unit"]]
    return benchmark.get("s_a_query", benchmark["real_time"] * unit)


def plain(name):
    for ending in ("_median", "/real_time", "/process_time"):
        name = name.replace(ending, "")
    return name


def peak_mb(command):
    """Runs a command: wall s, CPU s, peak MB."""
    begin = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    code = os.waitstatus_to_exitcode(status)
    if code not in (0, 1):  # 1: a finding forbids printing
        raise SystemExit(f"{' '.join(map(str, command))} ended with {code}")
    return time.monotonic() - begin, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def run_benches(folder):
    medians = {}
    for program in sorted(folder.glob("*_bench")):
        print(f"running {program.name}", file=sys.stderr)
        out = folder / "micro.json"
        subprocess.run([program, "--benchmark_min_time=0.1", f"--benchmark_repetitions={REPETITIONS}",
                        "--benchmark_enable_random_interleaving=true", "--benchmark_report_aggregates_only=true",
                        f"--benchmark_out={out}", "--benchmark_out_format=json"], check=True, stdout=subprocess.DEVNULL)
        for benchmark in json.loads(out.read_text())["benchmarks"]:
            if benchmark.get("aggregate_name") == "median":
                medians[plain(benchmark["name"])] = seconds_of(benchmark)
    return medians


def run_make(fit):
    """Median of `fit make` from file to files, without the slicer, on a dirty scan of 300,000 triangles."""
    with tempfile.TemporaryDirectory() as folder:
        scan = Path(folder) / "scan.ply"
        subprocess.run([fit, "generate", "-o", scan, "--quiet", "--triangles", "300000", "--floor", "--crumbs", "8",
                        "--holes", "2", "--scan-noise-mm", "0.03"], check=True, stdout=subprocess.DEVNULL)
        runs = sorted(peak_mb([fit, "make", scan, "-o", Path(folder) / f"case{i}", "--quiet", "--side", "right", "--level",
                               "transtibial", "--liner-mm", "6", "--scanned-over", "liner"])
                      for i in range(REPETITIONS))
        return runs[len(runs) // 2]


def run_manifold(folder):
    script, packages = Path(__file__).parent / "peers" / "manifold_booleans.mjs", folder / "peers"
    if not shutil.which("node") or not (packages / "node_modules" / "manifold-3d").is_dir():
        return {}
    here = shutil.copy(script, packages)  # node looks for packages beside the script
    return json.loads(subprocess.run(["node", here, str(REPETITIONS)], check=True, capture_output=True).stdout)


def rows(folder):
    medians = run_benches(folder / "bin")
    for what, ours, peer, bar in AGAINST_PEERS:
        if ours not in medians or peer not in medians:
            continue
        unit, factor = ("ns", 1e9) if medians[ours] < 1e-4 else ("ms", 1e3)
        ratio = medians[peer] / medians[ours]
        yield [what, unit, f"{medians[ours] * factor:.4g}", peer, f"{medians[peer] * factor:.4g}", f"{ratio:.2f}",
               f">= {bar}" if bar else "", "" if bar is None else "met" if ratio >= bar else "MISSED"]

    def alone(what, unit, value, bar=None):
        return [what, unit, f"{value:.4g}", "", "", "", f"<= {bar}" if bar else "",
                "" if bar is None else "met" if value <= bar else "MISSED"]

    for name, seconds in medians.items():
        if name.startswith("fit_socket/thousand:") and name.endswith("threads:2"):
            thousand = name.split(":")[1].split("/")[0]
            yield alone(f"checked socket, {thousand}k, 2 threads", "ms", 1e3 * seconds, 800 if thousand == "300" else None)
    socket = [folder / "bin" / "solidify_bench", "--benchmark_filter=fit_socket/thousand:300/threads:2"]
    yield alone("checked socket, 300k, peak memory", "MB", peak_mb(socket)[2], 350)
    wall, cpu, peak = run_make(folder / "bin" / "fit")
    yield alone("fit make, 300k, file to files", "ms", 1e3 * wall, 2500)
    yield alone("fit make, CPU time", "ms", 1e3 * cpu)
    yield alone("fit make, peak memory", "MB", peak, 1500)
    for name, value in run_manifold(folder).items():
        if name.endswith("_ms"):
            yield alone(f"manifold-3d (WebAssembly, 1 thread): {name[:-3].replace('_', ' ')}", "ms", value)


def about_the_machine():
    cpu = next((line.split(":", 1)[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")), "?")
    load = os.getloadavg()[0]
    packages = ["libcgal-dev", "libopen3d-dev", "libopenvdb-dev", "g++"]
    versions = [subprocess.run(["dpkg-query", "-W", "-f", "${Package} ${Version}", package], capture_output=True,
                               text=True).stdout for package in packages]
    commit = subprocess.run(["git", "describe", "--always", "--dirty"], capture_output=True, text=True).stdout.strip()
    return [f"processor: {cpu}, {os.cpu_count()} threads", "versions: " + ", ".join(filter(None, versions)),
            f"fit: {commit}", f"load before the run: {load:.1f}" + (" (NOT IDLE)" if load > 0.5 else "")]


def main():
    folder, result = Path(sys.argv[1]).resolve(), Path(sys.argv[2])
    header = about_the_machine()
    table = [["what", "unit", "fit", "peer", "of the peer", "ratio", "bar", "verdict"], *rows(folder)]
    result.parent.mkdir(parents=True, exist_ok=True)
    with open(result, "w", newline="") as out:
        for line in header:
            out.write(f"# {line}\n")
        csv.writer(out, lineterminator="\n").writerows(table)
    print(*header, sep="\n")
    widths = [max(len(row[i]) for row in table) for i in range(len(table[0]))]
    for row in table:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip())


if __name__ == "__main__":
    main()
