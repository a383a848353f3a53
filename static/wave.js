// A waveform of upright strokes. The server's peaks and those of a fresh take look alike.

const SVG = "http://www.w3.org/2000/svg";
const PITCH = 4;
const HEIGHT = 48;

export function svg(name, attributes = {}) {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
}

/** As many bars as fit: each the highest of the peaks that it stands for, 0 to 1. */
function barsOf(peaks, count) {
  const highest = Math.max(...peaks, 1);
  return Array.from({ length: count }, (_, n) => {
    const from = Math.floor((n * peaks.length) / count);
    const to = Math.max(from + 1, Math.floor(((n + 1) * peaks.length) / count));
    return Math.max(0, ...peaks.slice(from, to)) / highest;
  });
}

const stroke = (size, n) => {
  const half = Math.max(1.5, (size * HEIGHT) / 2);
  return `M${n * PITCH + 2} ${(HEIGHT / 2 - half).toFixed(1)}v${(2 * half).toFixed(1)}`;
};

/** {element, show(share)}: draws itself anew when its width changes. */
export function wave(peaks) {
  const element = svg("svg", { class: "wave", preserveAspectRatio: "none", "aria-hidden": "true" });
  const played = svg("path", { class: "played" });
  const ahead = svg("path");
  element.append(played, ahead);
  let strokes = [];
  let at = 0;

  function draw() {
    const edge = Math.round(at * strokes.length);
    played.setAttribute("d", strokes.slice(0, edge).join(""));
    ahead.setAttribute("d", strokes.slice(edge).join(""));
  }

  new ResizeObserver(([entry]) => {
    const count = Math.max(1, Math.floor(entry.contentRect.width / PITCH));
    if (count === strokes.length) return;
    element.setAttribute("viewBox", `0 0 ${count * PITCH} ${HEIGHT}`);
    strokes = barsOf(peaks, count).map(stroke);
    draw();
  }).observe(element);

  return {
    element,
    show(share) {
      at = Math.min(1, Math.max(0, share || 0));
      draw();
    },
  };
}
