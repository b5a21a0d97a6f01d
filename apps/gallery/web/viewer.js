// The part of a case's page that draws in three dimensions; bundled with three.js when Fit is built.
import {
  AmbientLight, BufferAttribute, BufferGeometry, Color, DirectionalLight, DoubleSide, Mesh, MeshLambertMaterial,
  OrthographicCamera, Plane, Scene, Vector3, WebGLRenderer
} from "three";

/** Numbers of packed_mesh.h: seven bits a byte, the eighth says that more follows. */
class Numbers {
  constructor(base64) {
    const text = atob(base64);
    this.bytes = Uint8Array.from(text, (c) => c.charCodeAt(0));
    this.at = 0;
  }
  next() {
    let value = 0, shift = 1, byte;
    do {
      byte = this.bytes[this.at++];
      value += (byte & 127) * shift;
      shift *= 128;
    } while (byte & 128);
    return value;
  }
  signed() {
    const value = this.next();
    return value % 2 ? -(value + 1) / 2 : value / 2;
  }
}

function geometryOf(layer) {
  const numbers = new Numbers(layer.mesh);
  const positions = new Float32Array(3 * layer.vertices), step = [0, 0, 0];
  for (let i = 0; i < layer.vertices; ++i)
    for (let k = 0; k < 3; ++k) {
      step[k] += numbers.signed();
      positions[3 * i + k] = layer.lowest_mm[k] + step[k] * layer.step_mm;
    }
  const corners = new Uint32Array(3 * layer.triangles);
  for (let i = 0, fresh = 0; i < corners.length; ++i) {
    corners[i] = fresh - numbers.next();
    if (corners[i] === fresh) ++fresh;
  }
  const geometry = new BufferGeometry();
  geometry.setAttribute("position", new BufferAttribute(positions, 3));
  geometry.setIndex(new BufferAttribute(corners, 1));
  geometry.computeVertexNormals();
  return geometry;
}

function colorsOf(layer) {
  const numbers = new Numbers(layer.values), {lowest, highest, stops} = layer.scale;
  const known = stops.map((stop) => new Color(stop)), grey = new Color("#999999"), mixed = new Color();
  const colors = new Float32Array(3 * layer.vertices);
  for (let i = 0, hundredths = 0; i < layer.vertices; ++i) {
    const difference = numbers.signed();
    let color = grey;
    if (difference !== -2147483648) {
      hundredths += difference;
      const at = Math.min(1, Math.max(0, (hundredths / 100 - lowest) / (highest - lowest))) * (known.length - 1);
      const k = Math.min(known.length - 2, Math.floor(at));
      color = mixed.copy(known[k]).lerp(known[k + 1], at - k);
    }
    color.toArray(colors, 3 * i);
  }
  return new BufferAttribute(colors, 3);
}

const mapOf = {positive: "change_map", socket: "wall_map"};

/** Draws the layers of a case into an element. Throws when the browser has no WebGL. */
window.FitViewer = class {
  constructor(element, layers) {
    this.renderer = new WebGLRenderer({antialias: true, preserveDrawingBuffer: true});
    this.renderer.setClearColor(0xffffff);
    this.renderer.localClippingEnabled = true;
    this.element = element;
    element.append(this.renderer.domElement);
    this.scene = new Scene();
    this.scene.add(new AmbientLight(0xffffff, 0.55));
    this.light = new DirectionalLight(0xffffff, 0.6);
    this.scene.add(this.light);
    this.camera = new OrthographicCamera(-1, 1, 1, -1, -4000, 4000);
    this.camera.up.set(0, 0, 1);
    this.plane = new Plane(new Vector3(0, 0, -1), 0);
    this.parts = {};
    for (const layer of layers) this.add(layer);
    this.frame();
    this.toward = new Vector3(0.5, 1, 0.35).normalize();
    this.zoom = 1;
    this.listen();
    addEventListener("resize", () => this.resize());
  }

  add(layer) {
    const geometry = geometryOf(layer);
    const put = (name, options) => {
      const part = new Mesh(geometry, new MeshLambertMaterial({side: DoubleSide, ...options}));
      part.visible = false;
      this.scene.add(part);
      this.parts[name] = part;
    };
    put(layer.name, {color: new Color(layer.color)});
    if (!layer.values) return;
    geometry.setAttribute("color", colorsOf(layer));
    put(mapOf[layer.name], {vertexColors: colorFlag});
  }

  frame() {
    this.lowest = new Vector3(Infinity, Infinity, Infinity);
    this.highest = this.lowest.clone().negate();
    for (const part of Object.values(this.parts)) {
      part.geometry.computeBoundingBox();
      this.lowest.min(part.geometry.boundingBox.min);
      this.highest.max(part.geometry.boundingBox.max);
    }
    this.center = this.lowest.clone().add(this.highest).multiplyScalar(0.5);
    this.radius = this.lowest.distanceTo(this.highest) / 2;
  }

  // Turning is about the limb's axis and about the picture's horizontal: proximal stays up.
  listen() {
    const canvas = this.renderer.domElement, pointers = new Map();
    canvas.addEventListener("pointerdown", (event) => {
      canvas.setPointerCapture(event.pointerId);
      pointers.set(event.pointerId, [event.clientX, event.clientY]);
    });
    const up = (event) => pointers.delete(event.pointerId);
    canvas.addEventListener("pointerup", up);
    canvas.addEventListener("pointercancel", up);
    canvas.addEventListener("pointermove", (event) => {
      const before = pointers.get(event.pointerId);
      if (!before) return;
      const spread = () => { const [a, b] = [...pointers.values()]; return Math.hypot(a[0] - b[0], a[1] - b[1]); };
      const spread_before = pointers.size === 2 ? spread() : 0;
      pointers.set(event.pointerId, [event.clientX, event.clientY]);
      if (pointers.size === 2) this.zoom *= spread() / Math.max(1, spread_before);
      else this.turn(event.clientX - before[0], event.clientY - before[1]);
      this.draw();
    });
    canvas.addEventListener("wheel", (event) => {
      event.preventDefault();
      this.zoom = Math.min(20, Math.max(0.3, this.zoom * Math.exp(-event.deltaY / 800)));
      this.draw();
    }, {passive: false});
  }

  turn(dx, dy) {
    this.toward.applyAxisAngle(new Vector3(0, 0, 1), -dx / 150);
    const height = Math.min(1.55, Math.max(-1.55, Math.asin(this.toward.z) + dy / 150));
    const around = Math.atan2(this.toward.y, this.toward.x);
    this.toward.set(Math.cos(height) * Math.cos(around), Math.cos(height) * Math.sin(around), Math.sin(height));
  }

  look(toward) {
    this.toward.set(...toward).normalize();
    this.draw();
  }

  show({shown, through, axis, at}) {
    for (const [name, part] of Object.entries(this.parts)) {
      part.visible = shown.has(name);
      part.material.transparent = through;
      part.material.opacity = through ? 0.45 : 1;
      part.material.depthWrite = !through;
      part.material.clippingPlanes = axis ? [this.plane] : [];
      part.material.needsUpdate = true;
    }
    if (axis) {
      const sign = axis === "z" ? -1 : 1;
      this.plane.normal.set(axis === "x" ? sign : 0, axis === "y" ? sign : 0, axis === "z" ? sign : 0);
      this.plane.constant = -sign * (this.lowest[axis] + at * (this.highest[axis] - this.lowest[axis]));
      // The side that is left is the one away from the viewer, so that the cut is seen.
      if (axis !== "z" && this.toward[axis] > 0) this.plane.negate();
    }
    this.draw();
  }

  resize() {
    const width = Math.max(200, this.element.clientWidth), height = Math.max(320, Math.min(640, innerHeight * 0.65));
    this.renderer.setPixelRatio(Math.min(2, devicePixelRatio));
    this.renderer.setSize(width, height);
    this.draw();
  }

  draw() {
    const size = this.renderer.domElement, aspect = size.width / size.height, half = this.radius * 1.05 / this.zoom;
    const [across, upward] = aspect > 1 ? [half * aspect, half] : [half, half / aspect];
    Object.assign(this.camera, {left: -across, right: across, top: upward, bottom: -upward});
    this.camera.position.copy(this.center).addScaledVector(this.toward, this.radius);
    this.camera.lookAt(this.center);
    this.camera.updateProjectionMatrix();
    this.light.position.copy(this.toward).add(new Vector3(0.3, 0.2, 0.4));
    this.renderer.render(this.scene, this.camera);
  }
};

// three.js up to release 124 takes a number here and later ones a boolean; 2 is true to both.
const colorFlag = 2;
