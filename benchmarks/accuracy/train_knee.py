#!/usr/bin/env python3
"""Learns the networks of libfit/detail/knee_weights.cpp from limbs whose landmarks are known.

    export_known_limbs own.bin 1500
    export_known_limbs drawn.bin 0 MODEL.npz 2500
    train_knee.py own.bin drawn.bin > libfit/detail/knee_weights.cpp
    measure with locate_landmarks before it is committed

Needs python3-numpy. What the networks see is said in libfit/detail/knee_finder.h; it is computed here as there. All are
small networks of one hidden layer over the principal components of what is seen, trained by Adam (Kingma and Ba 2015):
1. the finder says of a place on the limb whether the knee is near, and how far up and round;
2. the refiner, from where the finder ends, says whether this is the knee, and the last millimetres to it;
3. the surveyors, three that learned from other variations, say where the landmarks are and how far they may be off:
   their spread tells what one alone cannot know (Lakshminarayanan et al. 2017, "Simple and scalable predictive
   uncertainty estimation using deep ensembles").
Limbs are varied as people and scans are: blended with others, longer and shorter, thicker and thinner, cut short, with
a thigh that goes on, tilted, dented, mirrored.
"""
import struct
import sys
import textwrap

import numpy as np

STORED = 12          # harmonics in a map
ORDERS = 10          # harmonics seen at a level, as kKneeOrders
LEVELS = -1.8 + 0.16 * np.arange(16)
SHAFT = np.array([0.15, 0.3, 0.5, 0.7])
SHAFT_ORDERS = 4
SPACING_MM = 2.0
COMPONENTS = 80
FINDER_HIDDEN, REFINER_HIDDEN, SURVEYOR_HIDDEN = 40, 40, 56
SURVEYORS = 3
FINDER_MOVES, REFINER_MOVES = 3, 3
LANDMARKS = ["mid_patellar_tendon", "fibular_head", "lateral_condyle", "medial_condyle", "medial_tibial_flare",
             "tibial_tubercle", "tibial_crest", "popliteal_fossa", "anterior_distal_tibia", "distal_fibula"]
NOMINAL = np.radians([90, -20, 10, 180, 152, 90, 90, -97, 90, -12])
PLACES = len(LANDMARKS)
SAME_KNEE_MM, SAME_KNEE_ANGLE = 12.0, 0.25
LONGEST_MOVE = 0.7
LOWEST_KNEE_MM = 40.0


def read_maps(path, first_limb):
    with open(path, "rb") as file:
        data = file.read()
    at, maps = 0, []
    while at < len(data):
        limb, own, near, count = struct.unpack_from("<iiii", data, at)
        lowest, = struct.unpack_from("<d", data, at + 16)
        at += 24
        rows = np.frombuffer(data, "<c8", count * STORED, at).reshape(count, STORED)
        at += rows.nbytes
        truth = np.frombuffer(data, "<f8", 33, at).reshape(11, 3)[:PLACES]
        at += 264
        maps.append(dict(limb=first_limb + limb, own=bool(own), near=bool(near), lowest=lowest, rows=rows, truth=truth))
    return maps


def at_heights(rows, lowest, wanted):
    place = np.clip((wanted - lowest) / SPACING_MM, 0, len(rows) - 1.000001)
    row = place.astype(int)
    share = (place - row).astype(np.float32)[..., None]
    return rows[row] * (1 - share) + rows[row + 1] * share


class Map:
    """A limb as it is seen: rows of harmonics from `lowest` up, and the truth about its landmarks."""

    def __init__(self, rows, lowest, truth, near):
        self.rows, self.lowest, self.truth, self.near = rows, lowest, truth, near
        self.highest = lowest + SPACING_MM * (len(rows) - 1)
        self.tendon = truth[0, 2]
        self.turn = np.arctan2(truth[0, 1], truth[0, 0]) - np.pi / 2

    def descriptor(self, height, turn):
        """What is seen from knees at heights whose anterior is turned from y; and the mean radius there."""
        radius = np.maximum(at_heights(self.rows, self.lowest, height)[:, 0].real, 1.0)
        wanted = height[:, None] + LEVELS * radius[:, None]
        levels = np.minimum(np.maximum(wanted, 0.12 * height[:, None]), self.highest)
        shaft = SHAFT * height[:, None]
        seen = []
        for levels, orders in ((levels, ORDERS), (shaft, SHAFT_ORDERS)):
            order = np.arange(orders)
            rows = at_heights(self.rows, self.lowest, levels)[:, :, :orders] / radius[:, None, None]
            rows = rows * np.exp(1j * order * turn[:, None])[:, None, :]
            seen += [rows.real.reshape(len(height), -1), rows[:, :, 1:].imag.reshape(len(height), -1)]
        above = np.clip((self.highest - height) / radius, 0.0, 1.0)
        return np.concatenate(seen + [(height / radius / 3.0)[:, None], above[:, None]], 1).astype(np.float32), radius

    def mirrored(self):
        # x -> -x: an angle a becomes pi - a.
        flip = np.conj(self.rows) * (-1.0)**np.arange(self.rows.shape[1])
        return Map(flip.astype(np.complex64), self.lowest, self.truth * [-1, 1, 1], self.near)


def stretched(rows, lowest, truth, tendon):
    """As if the knee were at another height: what is deeper than a little below it is scaled."""
    was = truth[0, 2]
    fixed = min(50.0, 0.4 * was, 0.4 * tendon)
    scale = (tendon - fixed) / (was - fixed)
    top = tendon + lowest + SPACING_MM * (len(rows) - 1) - was
    heights = np.arange(SPACING_MM, top + 1e-9, SPACING_MM)
    source = np.where(heights < tendon - fixed, heights / scale, heights - tendon + was)
    truth = truth.copy()
    truth[:, 2] = np.where(truth[:, 2] < was - fixed, truth[:, 2] * scale, truth[:, 2] - was + tendon)
    return at_heights(rows, lowest, source).astype(np.complex64), truth


def varied(maps, index, random):
    """A map as another person and another scan might have it; half of them hardly changed."""
    limb = maps[index]
    gentle = random.random() < 0.5
    rows, lowest, truth = limb["rows"], limb["lowest"], limb["truth"]
    tendon = truth[0, 2] * np.exp(random.normal(0, 0.02 if gentle else 0.10))
    rows, truth = stretched(rows, lowest, truth, max(tendon, 60.0))
    tendon, lowest = truth[0, 2], SPACING_MM
    if not gentle and random.random() < 0.5:
        other = maps[random.integers(len(maps))]
        if other["near"] == limb["near"]:
            more, place = stretched(other["rows"], other["lowest"], other["truth"], tendon)
            count, share = min(len(rows), len(more)), random.uniform(0, 0.5)
            size = (1 - share) + share * rows[:count, 0].real.mean() / more[:count, 0].real.mean()
            rows = (1 - share) * rows[:count] + share * more[:count]
            truth = (1 - share) * truth + share * place
    own = limb["own"]
    chance = random.random()
    if chance < 0.5:
        least = int((tendon + random.choice([6, 20, 40])) / SPACING_MM)
        if len(rows) > least:
            rows = rows[:random.integers(least, len(rows) + 1)]
    elif not own:
        rows = with_thigh(rows, random)
    heights = lowest + SPACING_MM * np.arange(len(rows))
    along = heights / heights[-1]
    rows = rows.astype(np.complex128)
    mean = rows[:, 0].real.mean()
    wave = np.sin(random.uniform(0.3, 2) * np.pi * along + random.uniform(0, 2 * np.pi))
    girth = 1 + (0.003 if gentle else 0.03) * random.normal() * wave
    rows *= girth[:, None]
    truth = truth * [1, 1, 1]
    truth[:, :2] *= np.interp(truth[:, 2], heights, girth)[:, None]
    dents = 0.001 if gentle else random.choice([0.002, 0.006, 0.012])
    for order in range(STORED):
        phase, waves = random.uniform(0, 2 * np.pi, 3), random.uniform(0.5, 5, 3)
        size = dents * mean / (1 + order)
        dent = [sum(random.normal() * size * np.sin(2 * np.pi * wave * along + p) for wave, p in zip(waves, phases))
                for phases in (phase, phase[::-1])]
        rows[:, order] += dent[0] + 1j * dent[1] if order else dent[0]
    noise = 0.001 * mean * random.normal(0, 0.2 if gentle else 1.0, (2, *rows.shape))
    rows += noise[0] + 1j * noise[1] * (np.arange(STORED) > 0)
    tilt = np.radians(random.normal(0, 0.3 if gentle else 0.7 if limb["near"] else 3.0, 2))
    shift = random.normal(0, 0.4 if gentle else 0.8 if limb["near"] else 3.0, 2)
    from_middle = heights - 0.5 * tendon
    rows[:, 1] -= (shift[0] + tilt[0] * from_middle - 1j * (shift[1] + tilt[1] * from_middle)) / 2
    truth[:, :2] -= shift + tilt * (truth[:, 2:] - 0.5 * tendon)
    return Map(rows.astype(np.complex64), lowest, truth, limb["near"])


def with_thigh(rows, random):
    """Goes on above as a thigh might."""
    past = np.arange(1, int(random.uniform(10, 170) / SPACING_MM) + 1) * SPACING_MM
    thigh = 1 - np.exp(-np.maximum(past - random.uniform(0, 25), 0) / random.uniform(15, 50))
    top, radius = rows[-1], rows[-1, 0].real
    aim = np.zeros(STORED, complex)
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
    return np.concatenate([rows, more])


class Network:
    """One hidden layer of tanh."""

    def __init__(self, inputs, hidden, outputs, random):
        self.parts = [random.normal(0, 1 / np.sqrt(inputs), (inputs, hidden)), np.zeros(hidden),
                      random.normal(0, 0.1 / np.sqrt(hidden), (hidden, outputs)), np.zeros(outputs)]
        self.parts = [part.astype(np.float32) for part in self.parts]

    def say(self, seen):
        return np.tanh(seen @ self.parts[0] + self.parts[1]) @ self.parts[2] + self.parts[3]

    def train(self, seen, wanted, slope_of, random, epochs, rate=2e-3, batch=512, decay=1e-5):
        """`slope_of(said, wanted)` is the loss' derivative by what is said."""
        first = [np.zeros_like(part) for part in self.parts]
        second = [np.zeros_like(part) for part in self.parts]
        step, steps = 0, epochs * (len(seen) // batch)
        for _ in range(epochs):
            order = random.permutation(len(seen))
            for begin in range(0, len(seen) - batch + 1, batch):
                pick = order[begin:begin + batch]
                hidden = np.tanh(seen[pick] @ self.parts[0] + self.parts[1])
                slope = slope_of(hidden @ self.parts[2] + self.parts[3], wanted[pick]) / batch
                inner = (slope @ self.parts[2].T) * (1 - hidden**2)
                slopes = [seen[pick].T @ inner, inner.sum(0), hidden.T @ slope, slope.sum(0)]
                step += 1
                now = rate * 0.5 * (1 + np.cos(np.pi * step / steps))
                for part, slope, m, v in zip(self.parts, slopes, first, second):
                    m += 0.1 * (slope - m)
                    v += 0.001 * (slope**2 - v)
                    part -= now * (m / (1 - 0.9**step) / (np.sqrt(v / (1 - 0.999**step)) + 1e-8) + decay / rate * part)


class Eyes:
    """Principal components, each of deviation 1."""

    def __init__(self, descriptors):
        self.mean = descriptors.mean(0)
        spread, axes = np.linalg.eigh(np.cov((descriptors - self.mean).T))
        keep = np.argsort(spread)[::-1][:COMPONENTS]
        self.basis = (axes[:, keep] / np.sqrt(spread[keep] + 1e-7)).astype(np.float32)

    def see(self, descriptors):
        return np.clip((descriptors - self.mean) @ self.basis, -6.0, 6.0)


def angle_between(a, b):
    return (a - b + np.pi) % (2 * np.pi) - np.pi


def finding_slope(said, wanted):
    """Cross-entropy of the first; of the two moves the absolute error, where the knee is near enough to be seen."""
    slope = np.empty_like(said)
    slope[:, 0] = 1 / (1 + np.exp(-said[:, 0])) - wanted[:, 0]
    off = said[:, 1:] - wanted[:, 1:3]
    slope[:, 1:] = wanted[:, 3:] * off / np.sqrt((off**2).sum(1, keepdims=True) + 0.02**2)
    return slope


def survey_slope(said, wanted):
    """Of the landmarks' places over the mean radius, a Laplace distribution in the plane of a width that is said."""
    off = said[:, :2 * PLACES] - wanted
    far = np.sqrt(off[:, :PLACES]**2 + off[:, PLACES:]**2 + 0.003**2)
    width = np.exp(np.clip(said[:, 2 * PLACES:], -5.5, 3))
    by = 1 / (far * width)
    return np.concatenate([off[:, :PLACES] * by, off[:, PLACES:] * by, 2 - far / width], 1).astype(np.float32) * \
        np.tile(np.minimum(width, 1), 3).astype(np.float32)


def moved(limb, height, turn, radius, said):
    step = np.clip(said[:, 1:3], -LONGEST_MOVE, LONGEST_MOVE)
    return np.clip(height + step[:, 0] * radius, LOWEST_KNEE_MM, limb.highest), turn + step[:, 1]


def wanted_of(limb, height, turn, radius, label):
    up, round_ = (limb.tendon - height) / radius, angle_between(limb.turn, turn)
    near = ((np.abs(up) < 1.2) & (np.abs(round_) < 1.2)).astype(float)
    return np.stack([label, up, round_, near], 1)


def joined(parts):
    return np.concatenate(parts).astype(np.float32)


def learn_finder(variants, eyes, random):
    seen, wanted = [], []
    for limb in variants:
        height = np.concatenate([limb.tendon + random.normal(0, 30, 10), random.uniform(45, limb.highest, 10)])
        height = np.clip(height, LOWEST_KNEE_MM, limb.highest)
        turn = np.concatenate([limb.turn + random.normal(0, 0.4, 10), random.uniform(-np.pi, np.pi, 10)])
        described, radius = limb.descriptor(height, turn)
        label = np.exp(-0.5 * (angle_between(turn, limb.turn) / 0.35)**2 - 0.5 * ((height - limb.tendon) / 18)**2)
        seen.append(eyes.see(described))
        wanted.append(wanted_of(limb, height, turn, radius, label))
    finder = Network(COMPONENTS, FINDER_HIDDEN, 3, random)
    finder.train(joined(seen), joined(wanted), finding_slope, random, 14)
    return finder


def found(limb, height, turn, eyes, network, moves):
    for _ in range(moves):
        described, radius = limb.descriptor(height, turn)
        height, turn = moved(limb, height, turn, radius, network.say(eyes.see(described)))
    return height, turn


def learn_refiner(variants, eyes, finder, random):
    seen, wanted = [], []
    for limb in variants:
        for side, many in ((limb, (5, 5)), (limb.mirrored(), (0, 5))):
            near, anywhere = many
            height = np.concatenate([side.tendon + random.normal(0, 25, near),
                                     random.uniform(45, side.highest, anywhere)])
            turn = np.concatenate([side.turn + random.normal(0, 0.4, near), random.uniform(-np.pi, np.pi, anywhere)])
            height = np.clip(height, LOWEST_KNEE_MM, side.highest)
            height, turn = found(side, height, turn, eyes, finder, FINDER_MOVES)
            height = np.clip(height + random.normal(0, 5, len(height)), LOWEST_KNEE_MM, side.highest)
            turn = turn + random.normal(0, 0.08, len(turn))
            described, radius = side.descriptor(height, turn)
            off_mm, off = np.abs(height - side.tendon), np.abs(angle_between(turn, side.turn))
            label = ((off_mm < SAME_KNEE_MM) & (off < SAME_KNEE_ANGLE) & (side is limb)).astype(float)
            seen.append(eyes.see(described))
            wanted.append(wanted_of(side, height, turn, radius, label))
            wanted[-1][:, 3] *= side is limb
    refiner = Network(COMPONENTS, REFINER_HIDDEN, 3, random)
    refiner.train(joined(seen), joined(wanted), finding_slope, random, 16)
    return refiner


def survey_of(limb, eyes, refiner, random, count):
    """What is seen near the true knee where the refiner ends, and what is to be said of the landmarks there."""
    height = np.clip(limb.tendon + random.normal(0, 6, count), LOWEST_KNEE_MM, limb.highest)
    height, turn = found(limb, height, limb.turn + random.normal(0, 0.08, count), eyes, refiner, REFINER_MOVES)
    described, radius = limb.descriptor(height, turn)
    angle = np.arctan2(limb.truth[:, 1], limb.truth[:, 0])
    wanted = np.concatenate([(limb.truth[:, 2] - height[:, None]) / radius[:, None],
                             angle_between(angle - NOMINAL, turn[:, None])], 1)
    return eyes.see(described), wanted, radius


def learn_surveyor(variants, eyes, refiner, random):
    seen, wanted = [], []
    for limb in variants:
        here, there, _ = survey_of(limb, eyes, refiner, random, 2)
        seen.append(here)
        wanted.append(there)
    wanted = joined(wanted)
    surveyor = Network(COMPONENTS, SURVEYOR_HIDDEN, 3 * PLACES, random)
    surveyor.parts[3][:2 * PLACES] = np.median(wanted, 0)
    surveyor.parts[3][2 * PLACES:] = -2.0
    surveyor.train(joined(seen), wanted, survey_slope, random, 40)
    return surveyor


def variants_of(maps, count, random, near_only=False):
    """Maps of `count` people and scans, four in ten of Fit's own limbs, with the knee on them."""
    pools = [[i for i, limb in enumerate(maps) if limb["own"] == own and (limb["near"] or not near_only)]
             for own in (True, False)]
    result = []
    while len(result) < count:
        pool = pools[0] if random.random() < 0.4 else pools[1]
        limb = varied(maps, pool[random.integers(len(pool))], random)
        if (limb.rows[:, 0].real > 0).all() and limb.highest > limb.tendon + 3 and limb.tendon > 45:
            result.append(limb)
    return result


def learn(maps, count, random):
    anywhere, near = variants_of(maps, count, random), variants_of(maps, 2 * count, random, True)
    eyes = Eyes(np.concatenate([
        limb.descriptor(np.clip(limb.tendon + random.normal(0, 12, 2), LOWEST_KNEE_MM, limb.highest),
                        limb.turn + random.normal(0, 0.15, 2))[0] for limb in anywhere[:3000] + near[:3000]]))
    finder = learn_finder(anywhere, eyes, random)
    refiner = learn_refiner(anywhere + near[:count], eyes, finder, random)
    surveyors = [learn_surveyor(variants_of(maps, 4 * count, random, True), eyes, refiner, random)
                 for _ in range(SURVEYORS)]
    return eyes, finder, refiner, surveyors


def numbers(values):
    return "{" + ", ".join("%.4g" % value for value in values) + "}"


def table(rows):
    return "{{" + ",\n".join(numbers(row) for row in rows) + "}}"


def network_text(network):
    inner = np.concatenate([network.parts[0], network.parts[1][None]])
    outer = np.concatenate([network.parts[2].T, network.parts[3][:, None]], 1)
    return "{" + table(inner) + ",\n" + table(outer) + "}"


def write(eyes, finder, refiner, surveyors, drawn, own):
    text = ['#include "libfit/detail/knee_weights.h"', "",
            "// Learned by benchmarks/accuracy/train_knee.py from variations of %d limbs drawn from the OpenLimb shape"
            " model" % drawn,
            "// (truth from their bones) and %d of Fit's own generator. They say how a knee is told, not what a" % own, "// limb looks like: no shape can be made from them.", "// clang-format off",
            "namespace fit::detail {", "", "const KneeWeights kKneeWeights{"]
    body = [".mean = " + numbers(eyes.mean) + ",", ".basis = " + table(eyes.basis) + ",",
            ".finder = " + network_text(finder) + ",", ".refiner = " + network_text(refiner) + ",",
            ".place = {" + ", ".join("Landmark::" + name for name in LANDMARKS) + "},",
            ".nominal_angle = {" + ", ".join("%.6f" % angle for angle in NOMINAL) + "},",
            ".surveyors = {{" + ",\n".join(network_text(surveyor) for surveyor in surveyors) + "}},", "};", "",
            "}  // namespace fit::detail", "// clang-format on"]
    for line in "\n".join(body).split("\n"):
        text += textwrap.wrap(line, 118, break_long_words=False) if len(line) > 118 else [line]
    print("\n".join(text))


def main():
    maps = [limb for number, path in enumerate(sys.argv[1:]) for limb in read_maps(path, 1000000 * number)]
    count = {own: len({limb["limb"] for limb in maps if limb["own"] == own}) for own in (True, False)}
    write(*learn(maps, 4000, np.random.default_rng(1)), count[False], count[True])


if __name__ == "__main__":
    main()
