// The counter without a page load per scan. Scans wait in a line, so that a fast scanner loses none; the line is kept in
// this tab until the server has answered, so that a lost connection loses none either.

const RESTS = [2000, 4000, 8000, 15_000, 30_000];
const OFFLINE = "网络不通，先留在本页，网络通了自动再送。";
const SIGNED_OUT = "登录可能已失效，请刷新本页重新登录，回来后自动再送。";
const DOUBTFUL = "刚才的撤销不知道有没有送到，请核对后再办。";
const UNDO = [".", "。", "撤销"];
const MOST_NAMED = 5;

const form = document.querySelector("#scan-form");
const field = form.elements.scan;
const told = form.querySelector("[data-told]");

let waiting = [];
let busy = false;
let isHeld = false;
let doubt = "";
let tries = 0;
let timer = 0;

// The line goes with the person and the mode for which it was scanned -----------------------

function keep() {
  try {
    const line = { scans: waiting, mode: form.elements.mode.value, person: form.elements.person.value };
    if (waiting.length) sessionStorage.setItem(form.dataset.queue, JSON.stringify(line));
    else sessionStorage.removeItem(form.dataset.queue);
  } catch {
    // Switched off, or no room: this page's own memory has to do.
  }
}

function restore() {
  try {
    const line = JSON.parse(sessionStorage.getItem(form.dataset.queue));
    if (!line) return;
    waiting = line.scans;
    form.elements.mode.value = line.mode;
    form.elements.person.value = line.person;
  } catch {
    // As above.
  }
}

function tell(why) {
  const named = waiting.slice(0, MOST_NAMED).join("、") + (waiting.length > MOST_NAMED ? " 等" : "");
  const left = why && waiting.length ? `${why}还有 ${waiting.length} 条没有送出：${named}。` : "";
  told.textContent = `${doubt}${left}`;
}

// Sending ------------------------------------------------------------------------------

function data(text) {
  const sent = new FormData(form);
  sent.set("scan", text);
  return sent;
}

// Whether the server has it. What is sent a second time does no harm, but an undo would take back one step more.
async function send(text) {
  let address, page;
  try {
    const answer = await fetch(form.action, { method: "POST", body: data(text) });
    if (answer.status >= 500) throw new Error(answer.statusText);
    address = answer.url;
    page = new DOMParser().parseFromString(await answer.text(), "text/html");
  } catch {
    if (UNDO.includes(text.normalize("NFKC").trim())) {
      waiting.shift();
      keep();
      doubt = DOUBTFUL;
    }
    tell(OFFLINE);
    timer = setTimeout(work, RESTS[Math.min(tries, RESTS.length - 1)]);
    tries += 1;
    return false;
  }
  const state = page.querySelector("#counter-state");
  if (!state) {
    isHeld = true;
    tell(SIGNED_OUT);
    return false;
  }
  document.querySelector("#counter-state").replaceWith(state);
  history.replaceState(null, "", address);
  waiting.shift();
  keep();
  tries = 0;
  tell("");
  return true;
}

async function work() {
  clearTimeout(timer);
  if (busy || isHeld) return;
  busy = true;
  while (waiting.length && (await send(waiting[0])));
  busy = false;
}

form.addEventListener("submit", event => {
  event.preventDefault();
  waiting.push(field.value);
  keep();
  field.value = "";
  field.focus();
  doubt = "";
  tell(isHeld ? SIGNED_OUT : tries ? OFFLINE : "");
  work();
});
window.addEventListener("online", () => {
  tries = 0;
  work();
});
restore();
field.focus();
work();
