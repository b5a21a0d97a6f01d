// The booleans of a socket by Manifold (WebAssembly, npm's manifold-3d): a closed limb of 300,000 triangles, the same
// 6 mm larger, a block with holes, and what is above the trimline. Prints medians in ms as JSON.
//   node manifold_booleans.mjs REPETITIONS, where manifold-3d can be found
import Module from 'manifold-3d';

const repetitions = Number(process.argv[2] ?? 5);
const module = await Module();
module.setup();
const { Manifold, Mesh } = module;

/** A capsule about z with soft bumps, closed, with its distal end at z = 6 - wall. */
function limb(wall) {
  const radius = 50 + wall, height = 330, around = 480, rings = 312;
  const positions = [0, 0, 6 - wall], triangles = [];
  for (let ring = 1; ring < rings; ++ring)
    for (let k = 0; k < around; ++k) {
      const angle = (2 * Math.PI * k) / around, z = 0.5 * (1 - Math.cos((Math.PI * ring) / rings)) * height;
      const cap = Math.min(z, height - z) / radius;
      const profile = cap < 1 ? Math.sqrt(cap * (2 - cap)) : 1;
      const r = profile * (radius + 2 * Math.sin(3 * angle) * Math.sin(z / 25));
      positions.push(r * Math.cos(angle), r * Math.sin(angle), 6 - wall + (z * (height + 2 * wall)) / height);
    }
  positions.push(0, 0, 6 + height + wall);
  const at = (ring, k) => 1 + (ring - 1) * around + (k % around), top = positions.length / 3 - 1;
  for (let k = 0; k < around; ++k) {
    triangles.push(0, at(1, k + 1), at(1, k), top, at(rings - 1, k), at(rings - 1, k + 1));
    for (let ring = 1; ring + 1 < rings; ++ring) {
      triangles.push(at(ring, k), at(ring, k + 1), at(ring + 1, k + 1));
      triangles.push(at(ring, k), at(ring + 1, k + 1), at(ring + 1, k));
    }
  }
  return new Mesh({ numProp: 3, vertProperties: Float32Array.from(positions), triVerts: Uint32Array.from(triangles) });
}

/** Manifold puts an operation off until its result is asked for. */
function triangles(solid) {
  if (solid.status() !== 'NoError') throw new Error(solid.status());
  return solid.numTri();
}

function median(work) {
  const times = [];
  for (let i = 0; i < repetitions; ++i) {
    const begin = performance.now();
    work();
    times.push(performance.now() - begin);
  }
  return times.sort((a, b) => a - b)[repetitions >> 1];
}

const inner = new Manifold(limb(0)), outer = new Manifold(limb(6));
const block = Manifold.cube([64, 64, 40], true).translate([0.1, 0.2, -8]);
let cut = Manifold.cube([400, 400, 200], true).translate([0, 0, 350]);
for (const x of [-18, 18])
  for (const y of [-18, 18]) cut = cut.add(Manifold.cylinder(80, 3.3, 3.3, 32).translate([x, y, -60]));
triangles(cut);

console.log(JSON.stringify({
  triangles: inner.numTri(),
  import_ms: median(() => triangles(new Manifold(limb(6)))),
  outer_minus_inner_ms: median(() => triangles(outer.subtract(inner))),
  socket_ms: median(() => triangles(outer.add(block).subtract(inner).subtract(cut))),
}));
