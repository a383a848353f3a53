// 处理中 becomes ready by itself: asks the server again and again, more slowly the longer it takes.

import { make, newPlayer } from "./player.js";

const FIRST = 1500;
const SLOWEST = 15000;

const pause = (time) => new Promise((resolve) => setTimeout(resolve, time));

async function ask(address) {
  try {
    const answer = await fetch(address, { headers: { Accept: "application/json", "X-Polling": "1" }, redirect: "manual" });
    return answer.ok ? await answer.json() : null;
  } catch {
    return null;
  }
}

/** Watches one `[data-processing]` until its file is ready or failed, and puts the outcome in its place. */
export async function watch(waiting) {
  for (let time = FIRST; waiting.isConnected; time = Math.min(SLOWEST, time * 1.25)) {
    await pause(time);
    if (document.hidden) continue;
    const file = await ask(waiting.dataset.processing);
    if (file?.state === "ready") {
      settle(waiting, file);
      return;
    }
    if (file?.state === "failed") {
      waiting.replaceWith(make("p", { class: "unusable", role: "alert" }, file.message || "录音处理不了，请重新上传。"));
      return;
    }
  }
}

function settle(waiting, { url, duration_ms: time, peaks, notice }) {
  const about = waiting.dataset.label || "录音";
  const player = newPlayer({ url, seconds: time / 1000, peaks: peaks ?? [], label: about });
  player.classList.toggle("player-large", waiting.classList.contains("player-large"));
  waiting.replaceWith(player, make("p", { class: "visually-hidden", role: "status" }, `${about}已经处理好`));
  if (notice) player.after(make("p", { class: "notice" }, notice));
}

for (const waiting of document.querySelectorAll("[data-processing]")) watch(waiting);
