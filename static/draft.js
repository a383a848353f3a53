// A form that saves itself. Until the server has it, what is typed stays in this browser, and comes back to the same
// page. Without this file the form is saved by its buttons.

const REST = 1500;
const OFFLINE = "网络不通，文字先留在本机，稍后自动再存。";
const TOO_MUCH = "服务器没有收下：内容太长，或这件作品已经不能修改。文字留在本机，请删减后再存，或刷新本页。";
const SIGNED_OUT = "登录已失效或密码已到期，文字留在本机。请刷新本页，重新登录或修改密码，回来后会自动恢复。";

const form = document.querySelector("form[data-draft]");
const saved = form.querySelector("[data-saved]");
const missing = document.querySelector("[data-missing]");
const counting = document.querySelector("[data-counting]");
const keyOf = () => `draft:${form.dataset.user}:${location.pathname}`;

let timer = 0;
let underWay = null;
let isStale = false;
let isRestored = false;
let isSent = false;
let stored = "";
let refused = "";

const typed = () => [...new FormData(form)].filter(([, value]) => typeof value === "string");
const texts = () => typed().filter(([name]) => !["csrfmiddlewaretoken", "revision", "token", "writer", "kind"].includes(name));
const picture = () => JSON.stringify(texts());
// What was refused once is not sent again until something in it changes.
const isSettled = () => [stored, refused].includes(picture());
const tell = (text) => {
  saved.textContent = text;
};

// What this browser keeps --------------------------------------------------------

function keep() {
  try {
    const { revision, token } = form.elements;
    localStorage.setItem(keyOf(), JSON.stringify({ revision: revision.value, token: token.value, texts: texts() }));
  } catch {
    // No room, or switched off: the server's copy is what counts.
  }
}

function forget(key = keyOf()) {
  try {
    localStorage.removeItem(key);
  } catch {
    // Nothing was kept then.
  }
}

function restore() {
  let kept = null;
  try {
    kept = JSON.parse(localStorage.getItem(keyOf()));
  } catch {
    forget();
  }
  if (!kept || JSON.stringify(kept.texts) === stored) return;
  for (const field of form.elements) {
    if (!field.name || ["hidden", "file", "submit"].includes(field.type)) continue;
    const values = kept.texts.filter(([name]) => name === field.name).map(([, value]) => value);
    if (field.type === "checkbox") field.checked = values.includes(field.value);
    else if (field.name === "members") field.value = values.at(-1) ?? "";
    else if (values.length) [field.value] = values;
  }
  isRestored = true;
  form.elements.token.value = kept.token;
  form.elements.revision.value = kept.revision;
  tell("已恢复本机留存的文字，正在保存。");
  schedule(0);
}

// Saving ---------------------------------------------------------------------------

function born({ work, address }) {
  if (form.dataset.work === String(work) || !address) return;
  forget();
  form.dataset.work = work;
  form.setAttribute("action", address);
  history.replaceState(null, "", address);
  keep();
}

function arrived(answer, sent) {
  if (counting && counting.innerHTML !== answer.counting) counting.innerHTML = answer.counting;
  if (!answer.work) {
    // An empty form makes no draft.
    stored = sent;
    tell("还没有保存");
    return;
  }
  if (form.dataset.work !== String(answer.work)) {
    born(answer);
    form.dispatchEvent(new CustomEvent("work:created", { bubbles: true, detail: answer }));
  }
  form.elements.revision.value = answer.revision;
  show(answer.missing);
  const wrong = Object.entries(answer.errors);
  if (wrong.length) {
    refused = sent;
    tell(`有 ${wrong.length} 处没有保存：${wrong.map(([, told]) => told.join("")).join("")}`);
    return;
  }
  stored = sent;
  refused = "";
  if (picture() === sent) forget();
  tell(`草稿 ${answer.saved_at} 已自动保存`);
}

function show(lacking) {
  if (!missing || !lacking) return;
  missing.textContent = lacking.length ? `还缺：${lacking.join("、")}` : "内容已经齐全，可以上报。";
}

async function send() {
  const sent = picture();
  const body = new URLSearchParams(typed());
  body.set("action", "draft");
  // Not `form.action`: that is the buttons of this name.
  const response = await fetch(form.getAttribute("action"), { method: "POST", body, headers: { Accept: "application/json" } });
  const isAnswer = response.headers.get("Content-Type")?.startsWith("application/json");
  if (response.status >= 500) throw new Error(OFFLINE);
  if (!isAnswer) {
    refused = sent;
    tell(response.redirected || response.status === 403 ? SIGNED_OUT : TOO_MUCH);
    return;
  }
  const answer = await response.json();
  if (response.ok) {
    arrived(answer, sent);
    return;
  }
  if (isRestored && !answer.conflict) {
    // It was handed in meanwhile: a new form is wanted.
    forget();
    location.reload();
    return;
  }
  isStale = answer.conflict;
  refused = sent;
  tell(answer.told);
}

async function save() {
  // The form itself is on its way when the page it leaves is hidden.
  if (isSent || underWay || isStale || isSettled()) return;
  tell("正在保存……");
  underWay = send();
  try {
    await underWay;
  } catch {
    tell(OFFLINE);
    schedule(10_000);
  } finally {
    underWay = null;
  }
  if (!isStale && !isSettled() && !timer) schedule();
}

function schedule(rest = REST) {
  clearTimeout(timer);
  timer = setTimeout(() => {
    timer = 0;
    save();
  }, rest);
}

// What happens in the form -----------------------------------------------------------

function count(field) {
  const shown = form.querySelector(`[data-counts="${field.id}"]`);
  if (!shown) return;
  const signs = field.value.replace(/\s/g, "").length;
  const limit = Number(form.dataset.limit);
  const over = field.value.length - limit;
  shown.textContent = over > 0 ? `${signs} 字，超出 ${over} 字，请删减` : `${signs} 字，最多 ${limit.toLocaleString("en-US")} 字。`;
  shown.classList.toggle("is-over", over > 0);
}

form.addEventListener("input", ({ target }) => {
  count(target);
  keep();
  schedule();
});
form.addEventListener("change", ({ target }) => {
  if (target.type === "file") return;
  keep();
  schedule(300);
});
form.addEventListener("work:created", ({ detail }) => born(detail));
form.addEventListener("file:there", ({ detail }) => show(detail.missing));
window.addEventListener("online", () => schedule(0));
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "hidden") save();
});

form.addEventListener("submit", async (event) => {
  if (event.defaultPrevented) return;
  clearTimeout(timer);
  if (isSent) {
    event.preventDefault();
    return;
  }
  if (underWay) {
    event.preventDefault();
    const { submitter } = event;
    await underWay.catch(() => {});
    form.requestSubmit(submitter);
    return;
  }
  isSent = true;
  try {
    sessionStorage.setItem("draft:sent", keyOf());
  } catch {
    // Then nothing was kept either.
  }
});
for (const link of document.querySelectorAll("[data-forget]")) link.addEventListener("click", () => forget());
window.addEventListener("pageshow", () => {
  isSent = false;
});

stored = "restored" in form.dataset ? "" : picture();
if (stored === "") schedule(0);
else if (!document.querySelector("[role='alert']")) restore();
