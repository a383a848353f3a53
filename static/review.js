// Keys of the review desk. Without this file its pages work by mouse and Tab all the same.

const page = document.body;
const form = document.getElementById("decide");
const grades = document.getElementById("grades");

const isTyping = (target) =>
  target instanceof HTMLElement &&
  (target.isContentEditable || target.matches("textarea, select, input:not([type='radio'], [type='checkbox'])"));

const follow = (relation) => document.querySelector(`a[rel='${relation}']`)?.click();

// One work ---------------------------------------------------------------------

const radios = (name) => [...(form?.querySelectorAll(`input[name='${name}']:enabled`) ?? [])];

function choose(name, position) {
  const radio = radios(name)[position];
  if (!radio) return;
  radio.checked = true;
  radio.focus();
  radio.dispatchEvent(new Event("change", { bubbles: true }));
}

function matchGrades() {
  const action = form.querySelector("input[name='action']:checked")?.value;
  grades.disabled = action !== undefined && !["approve", "rate"].includes(action);
}

// A template goes into the reason, where it can be changed; what somebody typed is never lost.
function fillIn() {
  const select = document.getElementById("id_template");
  const reason = document.getElementById("id_reason");
  const { text, action } = select.selectedOptions[0].dataset;
  if (!text) return;
  reason.value = reason.value.trim() ? `${reason.value.trimEnd()}\n${text}` : text;
  select.value = "";
  const radio = radios("action").find((each) => each.value === action);
  if (radio) {
    radio.checked = true;
    radio.dispatchEvent(new Event("change", { bubbles: true }));
  }
  reason.focus();
}

function play() {
  const audio = document.querySelector("audio");
  if (audio?.paused) audio.play();
  else audio?.pause();
}

function showKeys() {
  const keys = document.getElementById("keys");
  if (!(keys instanceof HTMLDetailsElement)) return;
  keys.open = !keys.open;
  if (keys.open) keys.querySelector("summary").focus();
}

const workKeys = {
  1: () => choose("action", 0),
  2: () => choose("action", 1),
  3: () => choose("action", 2),
  q: () => choose("grade", 0),
  w: () => choose("grade", 1),
  e: () => choose("grade", 2),
  r: () => choose("grade", 3),
  c: () => document.getElementById("id_reason")?.focus(),
  t: () => document.getElementById("id_template")?.focus(),
  s: () => document.getElementById("id_strength")?.focus(),
  a: () => document.getElementById("id_suggestion")?.focus(),
  l: () => document.getElementById("likeness")?.focus(),
  j: () => follow("next"),
  k: () => follow("prev"),
  p: play,
  u: () => document.querySelector(".breadcrumbs a:last-of-type")?.click(),
  "?": showKeys,
  "？": showKeys,
};

// The queue --------------------------------------------------------------------

const rows = [...document.querySelectorAll("#result_list tbody tr")];

function currentRow() {
  return rows.findIndex((row) => row.contains(document.activeElement));
}

function step(by) {
  const at = currentRow();
  const row = rows[at < 0 ? (by > 0 ? 0 : rows.length - 1) : at + by];
  row?.querySelector("th a").focus();
}

function tick() {
  rows[currentRow()]?.querySelector("input[name='works']")?.click();
}

function countTicks() {
  const count = document.querySelectorAll("input[name='works']:checked").length;
  document.getElementById("ticked").textContent = count ? `已勾选 ${count} 件` : "";
}

function offerAll() {
  const all = document.createElement("input");
  all.type = "checkbox";
  all.className = "form-check-input";
  all.setAttribute("aria-label", "勾选本页全部");
  all.addEventListener("change", () => {
    for (const box of document.querySelectorAll("input[name='works']")) box.checked = all.checked;
    countTicks();
  });
  document.querySelector("#result_list th.tick").replaceChildren(all);
}

const queueKeys = {
  j: () => step(1),
  k: () => step(-1),
  x: tick,
  "/": () => document.getElementById("queue-search").focus(),
};

// Both -------------------------------------------------------------------------

const keys = page.classList.contains("review-work") ? workKeys : queueKeys;

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.isComposing) return;
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && form) {
    event.preventDefault();
    form.requestSubmit(form.querySelector("button[name='next']"));
    return;
  }
  if (isTyping(event.target)) {
    if (event.key === "Escape") event.target.blur();
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const act = keys[event.key.length === 1 ? event.key.toLowerCase() : event.key];
  if (!act) return;
  event.preventDefault();
  act();
});

for (const hint of document.querySelectorAll("kbd[hidden], #keys[hidden]")) hint.hidden = false;

if (form) {
  let isSent = false;
  form.addEventListener("submit", (event) => {
    if (isSent) event.preventDefault();
    isSent = true;
  });
  window.addEventListener("pageshow", () => {
    isSent = false;
  });
  const template = document.getElementById("id_template");
  const button = document.getElementById("fill-in");
  if (button) {
    button.hidden = false;
    button.addEventListener("click", fillIn);
    template.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      fillIn();
    });
  }
  if (grades) {
    form.addEventListener("change", matchGrades);
    matchGrades();
  }
}

if (rows.length) {
  offerAll();
  countTicks();
  document.addEventListener("change", countTicks);
}

// Where to read on: what went wrong first, else the work itself.
const wrong = document.getElementById("told") ?? document.querySelector(".errorlist");
if (wrong) {
  wrong.tabIndex = -1;
  wrong.focus();
} else {
  document.getElementById("work")?.focus({ preventScroll: true });
}
