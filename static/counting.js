// Scans of a stocktake. Each is kept in this browser until the server has it, so that a lost connection loses none.
// Without this file the form sends one scan after the other.

const AT_ONCE = 50;
const LIVE = 15_000;
const RESTS = [2000, 4000, 8000, 15_000, 30_000];
const OFFLINE = "网络不通，先留在本机，稍后自动再送。";
const SIGNED_OUT = "登录已失效，扫到的留在本机。请刷新本页重新登录，回来后会自动送出。";
const REFUSED = "服务器没有收下，扫到的留在本机，请刷新本页再试。";

const form = document.querySelector("[data-scan]");
const field = form.elements.barcode;
const told = form.querySelector("[data-told]");
const shown = document.querySelector("[data-shown]");
const address = form.getAttribute("action");

let memory = [];
let underWay = false;
let isHeld = false;
let tries = 0;
let timer = 0;

const tell = (text, isWrong = false) => {
  told.textContent = text;
  told.classList.toggle("is-wrong", isWrong);
};
const waiting = (queue) => (queue.length ? `还有 ${queue.length} 条没有送出。` : "");
const cookie = (name) => document.cookie.split("; ").find((each) => each.startsWith(`${name}=`))?.slice(name.length + 1);

// What this browser keeps; two pages share it ---------------------------------------

function queued() {
  try {
    memory = JSON.parse(localStorage.getItem(form.dataset.queue)) ?? [];
  } catch {
    // Switched off, or no room: this page's own memory has to do.
  }
  return memory;
}

function keep(queue) {
  memory = queue;
  try {
    if (queue.length) localStorage.setItem(form.dataset.queue, JSON.stringify(queue));
    else localStorage.removeItem(form.dataset.queue);
  } catch {
    // As above.
  }
}

// Sending ------------------------------------------------------------------------------

async function post(barcodes) {
  const body = new URLSearchParams(barcodes.map((barcode) => ["barcode", barcode]));
  const token = cookie("csrftoken") || form.elements.csrfmiddlewaretoken.value;
  return fetch(address, { method: "POST", body, headers: { Accept: "application/json", "X-CSRFToken": token } });
}

function arrived(answer, sent) {
  const left = queued();
  for (const barcode of sent) {
    const place = left.indexOf(barcode);
    if (place >= 0) left.splice(place, 1);
  }
  keep(left);
  show(answer.live);
  tell([...answer.told, waiting(left)].join(" "), answer.wrong);
}

async function send() {
  clearTimeout(timer);
  const sent = queued().slice(0, AT_ONCE);
  if (underWay || isHeld || !sent.length) return;
  underWay = true;
  try {
    const response = await post(sent);
    const isAnswer = response.headers.get("Content-Type")?.startsWith("application/json");
    if (response.status >= 500) throw new Error(OFFLINE);
    if (!isAnswer || !response.ok) {
      isHeld = true;
      const why = isAnswer ? (await response.json()).told : response.redirected || response.status === 403 ? SIGNED_OUT : REFUSED;
      tell(`${why} ${waiting(queued())}`, true);
      return;
    }
    arrived(await response.json(), sent);
    tries = 0;
  } catch {
    tell(`${OFFLINE} ${waiting(queued())}`, true);
    timer = setTimeout(send, RESTS[Math.min(tries, RESTS.length - 1)]);
    tries += 1;
    return;
  } finally {
    underWay = false;
  }
  send();
}

// What others scan ----------------------------------------------------------------------

function show(live) {
  if (!live || shown.contains(document.activeElement)) return;
  shown.innerHTML = live;
}

async function look() {
  if (document.hidden || underWay) return;
  try {
    const response = await fetch(form.dataset.live, { headers: { Accept: "application/json", "X-Polling": "1" }, redirect: "manual" });
    if (response.ok) show((await response.json()).live);
  } catch {
    // The next scan tells.
  }
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const barcode = field.value.trim();
  field.value = "";
  field.removeAttribute("aria-invalid");
  field.classList.remove("is-invalid");
  document.getElementById("scan-wrong")?.remove();
  field.setAttribute("aria-describedby", "scan-told scan-help");
  field.focus();
  if (!barcode) {
    tell("请先扫描条码。", true);
    return;
  }
  keep([...queued(), barcode]);
  tell(isHeld ? `${told.textContent.split(" ")[0]} ${waiting(memory)}` : `正在记下 ${barcode}……`, isHeld);
  send();
});
window.addEventListener("online", () => {
  tries = 0;
  send();
});
// A scanner types wherever the cursor is: it comes back once whatever else was pressed is done.
document.addEventListener("visibilitychange", () => {
  if (!document.hidden) {
    field.focus();
    look();
  }
});

setInterval(look, LIVE);
send();
