// Recordings with waveform, position and speed. Without this file the browser's own player stands in the same place.

import { svg, wave } from "./wave.js";

const PLAY = "M4 1.500v15L16.500 9z";
const PAUSE = "M3 2h4.500v14H3zM10.500 2H15v14h-4.500z";
const SPEEDS = [0.75, 1, 1.25, 1.5];
const STEP = 5;
const LEAP = 10;

export function make(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
}

export function clock(seconds) {
  const whole = Math.max(0, Math.round(seconds || 0));
  const two = (number) => String(number).padStart(2, "0");
  const hours = Math.floor(whole / 3600);
  return `${hours ? `${hours}:` : ""}${two(Math.floor(whole / 60) % 60)}:${two(whole % 60)}`;
}

const spoken = (seconds) => `${Math.floor(seconds / 60)} 分 ${Math.floor(seconds % 60)} 秒`;

function icon(shape) {
  const drawing = svg("svg", { viewBox: "0 0 18 18", "aria-hidden": "true" });
  drawing.append(svg("path", { d: shape }));
  return drawing;
}

/** Turns `figure[data-player]` with its plain audio element into the player; once. */
export function enhance(figure) {
  const audio = figure.querySelector("audio");
  if (!audio || figure.dataset.player === "ready") return;
  figure.dataset.player = "ready";
  const known = Number(figure.dataset.duration) / 1000 || 0;
  const peaks = (figure.dataset.peaks || "").split(",").filter(Boolean).map(Number);
  const about = audio.getAttribute("aria-label") || "录音";

  const picture = icon(PLAY);
  const button = make("button", { type: "button", class: "btn btn-primary play", "aria-label": `播放${about}` }, picture);
  const drawing = wave(peaks);
  const place = make("input", { type: "range", min: 0, max: 1000, value: 0, step: 1, "aria-label": `${about}的播放位置` });
  const track = make("div", { class: "track" }, drawing.element, place);
  const shown = make("span", { class: "clock" });
  const back = make("button", { type: "button", class: "btn leap", "aria-label": `后退 ${LEAP} 秒` }, `−${LEAP}`, make("span", { class: "wide" }, "秒"));
  const ahead = make("button", { type: "button", class: "btn leap", "aria-label": `前进 ${LEAP} 秒` }, `+${LEAP}`, make("span", { class: "wide" }, "秒"));
  const speed = make("select", { class: "form-select", "aria-label": "语速" });
  for (const each of SPEEDS) speed.append(new Option(`${each} 倍`, each, each === 1, each === 1));
  const message = make("p", { class: "told", role: "status" });
  const bar = make("div", { class: "bar" }, shown, back, ahead, speed);
  audio.controls = false;
  audio.hidden = true;
  audio.after(button, track, bar, message);

  // A recording made in a browser may not know its own length until it was played through.
  const length = () => (Number.isFinite(audio.duration) && audio.duration > 0 ? audio.duration : known);

  function show() {
    const total = length();
    const now = Math.min(audio.currentTime, total || Infinity);
    drawing.show(total ? now / total : 0);
    shown.textContent = total ? `${clock(now)} / ${clock(total)}` : clock(now);
    place.max = Math.ceil(total) || 1;
    place.value = now;
    place.setAttribute("aria-valuetext", `${spoken(now)}，共 ${spoken(total)}`);
  }

  function seek(seconds) {
    audio.currentTime = Math.min(Math.max(0, seconds), Math.max(0, length() - 0.05));
    show();
  }

  function toggle() {
    message.textContent = "";
    if (audio.paused) audio.play().catch(complain);
    else audio.pause();
  }

  function complain() {
    message.textContent = "放不出来：请检查网络后再按播放，仍不行请下载后收听。";
  }

  function turn() {
    picture.firstChild.setAttribute("d", audio.paused ? PLAY : PAUSE);
    button.setAttribute("aria-label", `${audio.paused ? "播放" : "暂停"}${about}`);
    figure.classList.toggle("is-playing", !audio.paused);
  }

  button.addEventListener("click", toggle);
  back.addEventListener("click", () => seek(audio.currentTime - LEAP));
  ahead.addEventListener("click", () => seek(audio.currentTime + LEAP));
  speed.addEventListener("change", () => {
    audio.playbackRate = Number(speed.value);
  });
  place.addEventListener("input", () => seek(Number(place.value)));
  place.addEventListener("keydown", (event) => {
    const by = { ArrowRight: STEP, ArrowUp: STEP, ArrowLeft: -STEP, ArrowDown: -STEP }[event.key];
    if (event.key === " ") toggle();
    else if (by) seek(audio.currentTime + by);
    else return;
    event.preventDefault();
  });

  // Own pointing: on telephones the browser's slider moves only by its thumb.
  const pointed = (event) => {
    const box = track.getBoundingClientRect();
    seek(((event.clientX - box.left) / box.width) * length());
  };
  track.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    track.setPointerCapture(event.pointerId);
    pointed(event);
  });
  track.addEventListener("pointermove", (event) => {
    if (track.hasPointerCapture(event.pointerId)) pointed(event);
  });

  for (const name of ["play", "pause", "ended"]) audio.addEventListener(name, turn);
  for (const name of ["timeupdate", "durationchange", "seeked"]) audio.addEventListener(name, show);
  audio.addEventListener("play", () => {
    for (const other of document.querySelectorAll("audio")) if (other !== audio) other.pause();
  });
  audio.addEventListener("ratechange", () => {
    speed.value = String(audio.playbackRate);
  });
  audio.addEventListener("error", complain);
  if (figure.classList.contains("player-large")) stayAtHand(figure, audio);
  turn();
  show();
}

/** While it plays, the player stays at the foot of the screen when one reads on below it. */
function stayAtHand(figure, audio) {
  const place = make("div");
  figure.before(place);
  place.append(figure);
  let isInSight = true;

  function settle() {
    const isAway = !isInSight && (!audio.paused || figure.classList.contains("is-floating")) && !audio.ended;
    place.style.minBlockSize = isAway ? `${place.offsetHeight}px` : "";
    figure.classList.toggle("is-floating", isAway);
  }

  new IntersectionObserver(([entry]) => {
    isInSight = entry.isIntersecting;
    settle();
  }).observe(place);
  for (const name of ["play", "ended"]) audio.addEventListener(name, settle);
}

/** A player made by script, for a take or for a file that has just become ready. */
export function newPlayer({ url, seconds = 0, peaks = [], label = "录音" }) {
  const figure = make(
    "figure",
    { class: "player", "data-player": "", "data-duration": Math.round(seconds * 1000), "data-peaks": peaks.join(",") },
    make("audio", { controls: "", preload: "none", src: url, "aria-label": label }),
  );
  enhance(figure);
  return figure;
}

for (const figure of document.querySelectorAll("[data-player='']")) enhance(figure);
