// A take as it stands in the list: its player, what was heard of it, and what one may do with it.

import { make, newPlayer } from "./player.js";
import { judge } from "./sound.js";
import { size } from "./upload.js";

const ENDINGS = { "audio/mp4": "m4a", "audio/webm": "webm", "audio/ogg": "ogg" };
const two = (number) => String(number).padStart(2, "0");

export function nameOf(take) {
  const started = new Date(take.started);
  const day = `${started.getFullYear()}${two(started.getMonth() + 1)}${two(started.getDate())}`;
  return `录音-第${take.number}遍-${day}.${ENDINGS[take.type.split(";")[0]] ?? "webm"}`;
}

export function stamp({ take, element, use }) {
  element.querySelector(".take-head .stamp")?.remove();
  use.hidden = Boolean(take.acknowledged);
  if (take.acknowledged) element.querySelector("b").after(make("span", { class: "stamp stamp-done" }, "已上传"));
}

/** `row` has the take, its sound with an address, and the element to fill; it gets the button that chooses it. */
export function fill(row, { most, choose, discard }) {
  const { take, sound } = row;
  const started = new Date(take.started);
  const when = `${started.getMonth() + 1} 月 ${started.getDate()} 日 ${two(started.getHours())}:${two(started.getMinutes())}`;
  const label = `第 ${take.number} 遍`;
  const found = judge(take.sound, { seconds: take.seconds, characters: take.characters, most });
  const isBad = found.some(({ mark }) => mark === "bad");
  const head = make("p", { class: "take-head" }, make("b", {}, label), make("span", { class: "soft small" }, `${when} · ${size(sound.size)}`));
  const checks = make("ul", { class: "checks" }, ...found.map(({ mark, text }) => make("li", { class: mark }, text)));
  if (take.state === "cut") checks.prepend(make("li", { class: "warn" }, "页面中途关闭，录到的都在"));
  const use = make("button", { type: "button", class: isBad ? "btn" : "btn btn-primary" }, isBad ? "仍用这一遍" : "用这一遍");
  const drop = make("button", { type: "button", class: "btn btn-link", "aria-label": `删除${label}` }, "删除");
  const save = make("a", { class: "btn btn-link", href: row.url, download: nameOf(take), "aria-label": `把${label}存到本机` }, "存到本机");
  use.addEventListener("click", () => choose(row));
  drop.addEventListener("click", () => discard(row));
  row.use = use;
  row.element.replaceChildren(
    head,
    newPlayer({ url: row.url, seconds: take.seconds, peaks: take.sound.peaks, label }),
    checks,
    make("div", { class: "actions" }, use, save, drop),
  );
  stamp(row);
}
