// How loud the microphone hears: a row of segments, and a word for whoever does not see them.

import { svg } from "./wave.js";

const SEGMENTS = 30;
const LOUD_FROM = 26;
const BLOCKS_IN_A_WORD = 10;

export function newLevel(bar, word) {
  const segments = Array.from({ length: SEGMENTS }, (_, n) => svg("rect", { x: n * 10, width: 7, height: 16 }));
  bar.append(...segments);
  let heard = [];

  function show({ rms, peak }) {
    const lit = Math.round(Math.max(0, Math.min(1, (20 * Math.log10(rms || 1e-9) + 60) / 54)) * SEGMENTS);
    segments.forEach((segment, n) => segment.setAttribute("class", n >= lit ? "" : n >= LOUD_FROM ? "on loud" : "on"));
    heard.push({ rms, peak });
    if (heard.length < BLOCKS_IN_A_WORD) return;
    const loudest = Math.max(...heard.map((block) => block.rms));
    const isTooLoud = heard.some((block) => block.peak >= 0.985);
    word.textContent = isTooLoud ? "音量过大" : loudest > 0.012 ? "音量适中" : loudest > 0.002 ? "音量偏小" : "没有声音";
    heard = [];
  }

  function darken() {
    for (const segment of segments) segment.setAttribute("class", "");
    word.textContent = "音量";
    heard = [];
  }

  return { show, darken };
}
