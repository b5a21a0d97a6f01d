#!/usr/bin/env python3
"""Kills a batch again and again, and compares what comes out in the end with an undisturbed run, byte for byte.

    pull_the_plug.py FIT KILLS CASES [--triangles N] [--seed N] [--options "..."]

The full trial: pull_the_plug.py build/release/bin/fit 200 40 --triangles 100000 --options ""
"""
import argparse, hashlib, os, pathlib, random, shlex, signal, subprocess, sys, tempfile, time

parser = argparse.ArgumentParser()
parser.add_argument("fit")
parser.add_argument("kills", type=int)
parser.add_argument("cases", type=int)
parser.add_argument("--triangles", type=int, default=4000)
parser.add_argument("--seed", type=int, default=1)
parser.add_argument("--options", default="--resolution-mm 3 --drape-resolution-mm 3")
said = parser.parse_args()
draw = random.Random(said.seed)


def hashes(out):
    """Of all files but timings and logs."""
    return {str(path.relative_to(out)): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in sorted(out.rglob("*"))
            if path.is_file() and path.name not in ("timings.json", "log.txt")}


with tempfile.TemporaryDirectory(prefix="fit_plug_") as folder:
    folder = pathlib.Path(folder)
    rows = ["id,scan,side,level,liner_mm,scanned_over"]
    for k in range(said.cases):
        side = "left" if k % 2 else "right"
        scan = f"limb{k}.stl"
        if k % 10 == 2:
            (folder / scan).write_bytes(draw.randbytes(5000))  # a file that is no scan
        else:
            subprocess.run([said.fit, "generate", "-o", folder / scan, "--seed", str(k), "--side", side, "--triangles",
                            str(said.triangles), "--quiet"], check=True, stdout=subprocess.DEVNULL)
        rows.append(f"case-{k},{scan},{side},transtibial,6,liner")
    (folder / "cases.csv").write_text("\n".join(rows) + "\n")

    def batch(out):
        return [said.fit, "batch", folder / "cases.csv", "-o", out, *shlex.split(said.options)]

    start = time.monotonic()
    undisturbed = subprocess.run([*batch(folder / "undisturbed"), "--quiet"], stdout=subprocess.DEVNULL)
    whole_s = time.monotonic() - start
    wanted = hashes(folder / "undisturbed")

    out, kills, runs_to_the_end = folder / "disturbed", 0, 0
    while kills < said.kills:
        child = subprocess.Popen([*batch(out), "--quiet"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                 start_new_session=True)
        # Long enough that something gets done, short enough that a batch is killed many times.
        time.sleep(draw.uniform(0.0, max(1.5, whole_s / said.cases * 2)))
        if child.poll() is not None:
            runs_to_the_end += 1
            if hashes(out) != wanted:
                sys.exit(f"after {kills} kills the results differ")
            subprocess.run(["rm", "-rf", out], check=True)
            continue
        if draw.random() < 0.5:
            os.killpg(child.pid, signal.SIGKILL)
        else:
            child.kill()  # the cases it started must not live on
        child.wait()
        kills += 1
    ended = subprocess.run([*batch(out), "--quiet"], stdout=subprocess.DEVNULL)
    found = hashes(out)
    differ = sorted(name for name in wanted.keys() | found.keys() if wanted.get(name) != found.get(name))
    left = [path.name for path in out.iterdir() if path.name.startswith(".")]
    if ended.returncode != undisturbed.returncode or ended.returncode > 1 or differ or left:
        sys.exit(f"exit code {ended.returncode}; these differ: {differ[:10]}; these were left: {left}")
    print(f"{kills} kills over {said.cases} cases, {runs_to_the_end} runs to the end between them: "
          f"{len(wanted)} files, all the same")
