#!/usr/bin/env python3
"""Learns the regressors of libfit/detail/knee_weights.cpp from limbs whose landmarks are known.

    export_known_limbs limbs.bin 300 MODEL.npz 600
    train_knee.py limbs.bin 300 > libfit/detail/knee_weights.cpp
    clang-format is off in that file; measure with locate_landmarks before it is committed.

Needs python3-numpy. `300` is how many limbs at the start of the file are of Fit's own generator. What the features are
is said in libfit/detail/knee_finder.h; they are computed here as there. In steps:
1. likeness: 1 at a knee, 0 elsewhere, a ridge regression on places at the knee and all over the limb;
2. the steps to the knee from places near it, each learned on where the one before left off (Xiong and De la Torre 2013);
3. heights and angles of the landmarks, from where the last step ends;
4. mean and covariance of all that at true knees, from which the misfit is told.
Limbs are varied as scans are: cut short, with a thigh that goes on, tilted, dented.
"""
import struct
import sys
import textwrap

import numpy as np

ANGLES = 64
ORDERS = 7           # harmonics a level, as kKneeOrders
LEVELS = -1.6 + 0.2 * np.arange(12)
SHAFT = np.array([0.15, 0.3, 0.5, 0.7])
SHAFT_ORDERS = 4
SPACING_MM = 2.0
STEPS = 4
STEP_RIDGE = (1e-5, 1e-5, 3e-6, 3e-6)
LANDMARKS = ["mid_patellar_tendon", "fibular_head", "lateral_condyle", "medial_condyle", "medial_tibial_flare",
             "tibial_tubercle", "tibial_crest", "popliteal_fossa", "anterior_distal_tibia", "distal_fibula"]
NOMINAL = np.radians([90, -20, 10, 180, 152, 90, 90, -97, 90, -12])
ORDER = np.arange(ORDERS)


def read_limbs(path):
    with open(path, "rb") as file:
        while header := file.read(8):
            points, triangles = struct.unpack("<ii", header)
            skin = np.frombuffer(file.read(24 * points)).reshape(points, 3)
            corners = np.frombuffer(file.read(12 * triangles), "<i4").reshape(triangles, 3)
            yield skin, corners, np.frombuffer(file.read(264)).reshape(11, 3)


def section(skin, corners, height):
    """Segments (n, 2 ends, xy) of the cross-section, the limb on their left."""
    above = skin[:, 2] >= height
    count = above[corners].sum(1)
    crossing = corners[(count == 1) | (count == 2)]
    segments = np.zeros((len(crossing), 2, 2))
    for k in range(3):
        a, b = crossing[:, k], crossing[:, (k + 1) % 3]
        leaves, enters = above[a] & ~above[b], ~above[a] & above[b]
        rise = np.where(leaves | enters, skin[b, 2] - skin[a, 2], 1.0)
        point = skin[a, :2] + ((height - skin[a, 2]) / rise)[:, None] * (skin[b, :2] - skin[a, :2])
        segments[leaves, 0] = point[leaves]
        segments[enters, 1] = point[enters]
    return segments


def centroid(segments):
    a, b = segments[:, 0], segments[:, 1]
    cross = a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0]
    return ((a + b) * cross[:, None]).sum(0) / (3.0 * cross.sum())


def radii(segments):
    """The outermost distance from the origin in each of the even directions."""
    start, end = segments[:, 0], segments[:, 1]
    angle = np.arctan2(start[:, 1], start[:, 0])
    swept = (np.arctan2(end[:, 1], end[:, 0]) - angle + np.pi) % (2 * np.pi) - np.pi
    first = np.where(swept >= 0, angle, angle + swept)
    step = 2 * np.pi / ANGLES
    low = np.ceil(first / step).astype(int)
    many = np.maximum(np.floor((first + np.abs(swept)) / step).astype(int) - low + 1, 0)
    segment = np.repeat(np.arange(len(segments)), many)
    ray = np.concatenate([np.arange(l, l + m) for l, m in zip(low, many)]) if many.sum() else np.zeros(0, int)
    along = np.stack([np.cos(ray * step), np.sin(ray * step)], 1)
    edge = end[segment] - start[segment]
    across = along[:, 0] * edge[:, 1] - along[:, 1] * edge[:, 0]
    distance = (start[segment, 0] * edge[:, 1] - start[segment, 1] * edge[:, 0]) / np.where(across == 0, 1e-12, across)
    result = np.zeros(ANGLES)
    np.maximum.at(result, ray % ANGLES, distance)
    return result


def limb_frame(skin, corners, tendon):
    """Turns and shifts into the limb frame of libfit/limb.h."""
    up = np.array([0.0, 0.0, 1.0])
    for _ in range(6):
        x = np.cross([0.0, 1.0, 0.0], up)
        x /= np.linalg.norm(x)
        turn = np.stack([x, np.cross(up, x), up])
        turned = skin @ turn.T
        low, top = turned[:, 2].min(), (turn @ tendon)[2]
        heights = np.linspace(low + 0.2 * (top - low), low + 0.8 * (top - low), 13)
        middles = np.array([centroid(section(turned, corners, height)) for height in heights])
        past = heights - heights.mean()
        slope = (past[:, None] * (middles - middles.mean(0))).sum(0) / (past**2).sum()
        point = turn.T @ np.array([*middles.mean(0), heights.mean()])
        up = turn.T @ np.array([*slope, 1.0])
        up /= np.linalg.norm(up)
    y = tendon - point - ((tendon - point) @ up) * up
    y /= np.linalg.norm(y)
    return np.stack([np.cross(y, up), y, up]), point + up * ((skin @ up).min() - point @ up)


def radial_map(skin, corners, truth, own):
    """Harmonics of the radius by height, and the landmarks, in the limb frame; None where that cannot be had."""
    turn, origin = limb_frame(skin, corners, truth[0])
    skin, truth = (skin - origin) @ turn.T, (truth - origin) @ turn.T
    sides = np.sort(np.concatenate([corners[:, [0, 1]], corners[:, [1, 2]], corners[:, [2, 0]]]), 1)
    edges, uses = np.unique(sides, axis=0, return_counts=True)
    heights = np.arange(SPACING_MM, skin[np.unique(edges[uses == 1]), 2].min(), SPACING_MM)
    if len(heights) == 0 or heights[-1] < truth[0, 2] + 5.0:
        return None
    rows = np.array([radii(section(skin, corners, height)) for height in heights])
    if (rows <= 0).any():
        return None
    return dict(rows=np.fft.fft(rows, axis=1)[:, :ORDERS] / ANGLES, heights=heights, truth=truth, own=own)


def at_heights(rows, heights, wanted):
    place = np.clip((wanted - heights[0]) / SPACING_MM, 0, len(heights) - 1.000001)
    row = place.astype(int)
    share = (place - row)[..., None]
    return rows[row] * (1 - share) + rows[row + 1] * share


def knee_features(rows, heights, height, turn):
    """Of knees at heights, with anterior turned from y; and the mean radius there."""
    radius = at_heights(rows, heights, height)[:, 0].real
    levels = np.clip(height[:, None] + LEVELS * radius[:, None], 0.12 * height[:, None], heights[-1])
    seen = at_heights(rows, heights, levels) / radius[:, None, None] * np.exp(1j * ORDER * turn[:, None])[:, None, :]
    count = len(height)
    return np.concatenate([seen.real.reshape(count, -1), seen[:, :, 1:].imag.reshape(count, -1),
                           np.ones((count, 1))], 1), radius


def all_features(rows, heights, height, turn):
    features, radius = knee_features(rows, heights, height, turn)
    seen = at_heights(rows, heights, SHAFT[None] * height[:, None]) / radius[:, None, None]
    seen = (seen * np.exp(1j * ORDER * turn[:, None])[:, None, :])[:, :, :SHAFT_ORDERS]
    count = len(height)
    return np.concatenate([features, seen.real.reshape(count, -1), seen[:, :, 1:].imag.reshape(count, -1),
                           (height / radius / 3.0)[:, None]], 1), radius


def varied(limb, random, tilt_deg):
    """The map of the limb as another scan might have it."""
    rows, heights, tendon = limb["rows"].copy(), limb["heights"], limb["truth"][0, 2]
    if limb["own"] or random.random() < 0.5:
        count = max(20, int(len(heights) - random.uniform(0, 20) / SPACING_MM), int((tendon + 8) / SPACING_MM))
        rows, heights = rows[:count], heights[:count]
    else:
        rows, heights = with_thigh(rows, heights, random)
    mean = rows[:, 0].real.mean()
    along = np.linspace(0, 1, len(heights))
    for order in range(ORDERS):
        phase, waves = random.uniform(0, 2 * np.pi, 3), random.uniform(0.5, 4, 3)
        size = 0.010 * mean / (1 + order)
        dents = [sum(random.normal() * size * np.sin(2 * np.pi * wave * along + p) for wave, p in zip(waves, phases))
                 for phases in (phase, phase[::-1])]
        rows[:, order] += dents[0] + 1j * dents[1] if order else dents[0]
    tilt, shift = np.radians(random.normal(0, tilt_deg, 2)), random.normal(0, 1.0, 2)
    from_middle = heights - 0.5 * tendon
    rows[:, 1] -= (shift[0] + tilt[0] * from_middle - 1j * (shift[1] + tilt[1] * from_middle)) / 2
    return rows, heights


def with_thigh(rows, heights, random):
    """Goes on above as a thigh might."""
    past = np.arange(1, int(random.uniform(10, 170) / SPACING_MM) + 1) * SPACING_MM
    thigh = 1 - np.exp(-np.maximum(past - random.uniform(0, 25), 0) / random.uniform(15, 50))
    top, radius = rows[-1], rows[-1, 0].real
    aim = np.zeros(ORDERS, complex)
    aim[2] = radius * 0.04 * (random.normal() + 1j * random.normal())
    aim[3] = radius * 0.015 * (random.normal() + 1j * random.normal())
    growth = 1 + thigh * random.uniform(-0.06, 0.2) + past * random.uniform(-0.0005, 0.0012)
    more = top[None] * (1 - thigh[:, None]) + aim[None] * thigh[:, None]
    slope = (rows[-1] - rows[-9]) / (8 * SPACING_MM)
    lag = 30 * (1 - np.exp(-past / 30))
    more[:, 0] = radius * growth + slope[0] * lag
    bend = random.normal() * 0.08 + 1j * (0.06 + 0.1 * random.normal())
    more[:, 1] = top[1] + slope[1] * lag + bend * np.maximum(past - 20, 0) * 0.5
    more[:, 2] += slope[2] * lag * (1 - thigh)
    return np.concatenate([rows, more]), np.concatenate([heights, heights[-1] + past])


def ridge(features, wanted, strength):
    square = features.T @ features + strength * len(features) * np.eye(features.shape[1])
    return np.linalg.solve(square, features.T @ wanted)


def learn_likeness(limbs, random):
    features, wanted = [], []
    for limb in limbs * 2:
        rows, heights = varied(limb, random, 2.0)
        tendon = limb["truth"][0, 2]
        height = np.concatenate([tendon + random.normal(0, 10, 12), random.uniform(50, heights[-1], 24)])
        turn = np.concatenate([random.normal(0, np.radians(15), 6), random.uniform(-np.pi, np.pi, 30)])
        features.append(knee_features(rows, heights, height, turn)[0])
        wanted.append(np.exp(-0.5 * (turn / np.radians(25))**2 - 0.5 * ((height - tendon) / 20)**2))
    return ridge(np.concatenate(features), np.concatenate(wanted), 1e-5)


def learn_steps(limbs, random):
    starts = []
    for limb in limbs * 5:
        rows, heights = varied(limb, random, 1.5)
        tendon = limb["truth"][0, 2]
        starts.append([rows, heights, np.clip(tendon + random.normal(0, 40), 50, heights[-1] - 5),
                       random.normal(0, np.radians(20)), tendon])
    steps = []
    for step in range(STEPS):
        seen = [knee_features(s[0], s[1], np.array([s[2]]), np.array([s[3]])) for s in starts]
        features = np.array([f[0] for f, _ in seen])
        radius = np.array([r[0] for _, r in seen])
        wanted = np.array([[(s[4] - s[2]) / r, -s[3]] for s, r in zip(starts, radius)])
        steps.append(ridge(features, wanted, STEP_RIDGE[step]))
        for start, (up, turn), r in zip(starts, features @ steps[-1], radius):
            start[2] = np.clip(start[2] + up * r + random.normal(0, [12, 6, 4, 3][step]), 40, start[1][-1])
            start[3] += turn + random.normal(0, np.radians([6, 4, 3, 2][step]))
    return steps


def at_knee(limb, rows, heights, steps, random):
    """Features where the last steps end from near the true knee, and what is to be said of the landmarks there."""
    height = np.array([limb["truth"][0, 2] + random.normal(0, 5)])
    turn = np.array([random.normal(0, 0.05)])
    for step in [steps[2]] + [steps[3]] * 5:
        features, radius = knee_features(rows, heights, height, turn)
        move = features @ step
        height, turn = np.clip(height + move[:, 0] * radius, 40, heights[-1]), turn + move[:, 1]
    features, radius = all_features(rows, heights, height, turn)
    truth = limb["truth"][:len(LANDMARKS)]
    round_mm = (np.arctan2(truth[:, 1], truth[:, 0]) - NOMINAL - turn + np.pi) % (2 * np.pi) - np.pi
    return features[0], np.concatenate([(truth[:, 2] - height) / radius, round_mm])


def learn_places(limbs, steps, random):
    features, wanted = [], []
    for limb in limbs:
        # Fit's own limbs are fewer kinds of person than the drawn ones: they count less.
        weight = 0.3 if limb["own"] else 1.0
        for _ in range(2 if limb["own"] else 3):
            seen, said = at_knee(limb, *varied(limb, random, 0.3), steps, random)
            features.append(weight * seen)
            wanted.append(weight * said)
    return ridge(np.array(features), np.array(wanted), 3e-5)


def signs(features, likeness, steps, places):
    """What all regressors say: likeness, all steps but the last, heights and angles of all places but the first."""
    knee = features[:, :len(likeness)]
    count = len(LANDMARKS)
    said = features @ places
    return np.concatenate([(knee @ likeness)[:, None]] + [knee @ step for step in steps[:-1]] +
                          [said[:, 1:count], said[:, count + 1:]], 1)


def numbers(values):
    return "{" + ", ".join("%.4g" % value for value in values) + "}"


def write(likeness, steps, places, mean, inverse, drawn, own):
    count = len(LANDMARKS)
    text = ['#include "libfit/detail/knee_weights.h"', "",
            "// Learned by benchmarks/accuracy/train_knee.py: ridge regression on %d limbs drawn from the OpenLimb shape"
            % drawn, "// model (truth from their bones) and %d of Fit's own generator. They say how a knee is told, not"
            % own, "// what a limb looks like: no shape can be made from them.", "// clang-format off",
            "namespace fit::detail {", "", "const KneeWeights kKneeWeights{"]
    body = [".likeness = " + numbers(likeness) + ",", ".step = {{"]
    body += ["{{" + numbers(step[:, 0]) + ",\n" + numbers(step[:, 1]) + "}}," for step in steps]
    body += ["}},", ".place = {" + ", ".join("Landmark::" + name for name in LANDMARKS) + "},",
             ".nominal_angle = {" + ", ".join("%.6f" % angle for angle in NOMINAL) + "},",
             ".height = {{" + ",\n".join(numbers(places[:, i]) for i in range(count)) + "}},",
             ".angle = {{" + ",\n".join(numbers(places[:, count + i]) for i in range(count)) + "}},",
             ".signs_mean = " + numbers(mean) + ",",
             ".signs_inverse_covariance = {{" + ",\n".join(numbers(row) for row in inverse) + "}},", "};", "",
             "}  // namespace fit::detail", "// clang-format on"]
    for line in "\n".join(body).split("\n"):
        text += textwrap.wrap(line, 118, break_long_words=False) if len(line) > 118 else [line]
    print("\n".join(text))


def main():
    own = int(sys.argv[2])
    maps = [radial_map(*limb, i < own) for i, limb in enumerate(read_limbs(sys.argv[1]))]
    limbs = [limb for limb in maps if limb]
    random = np.random.default_rng(1)
    likeness = learn_likeness(limbs, random)
    steps = learn_steps(limbs, random)
    places = learn_places(limbs, steps, random)
    seen = np.array([at_knee(limb, *varied(limb, random, 1.0), steps, random)[0] for limb in limbs])
    said = signs(seen, likeness, steps, places)
    inverse = np.linalg.inv(np.cov(said.T) + 1e-5 * np.eye(said.shape[1]))
    kept_own = sum(limb["own"] for limb in limbs)
    write(likeness, steps, places, said.mean(0), inverse, len(limbs) - kept_own, kept_own)


if __name__ == "__main__":
    main()
