// Forms with files (`data-sending`): a bar tells how far they are. Without this file the browser sends them as ever.
// `each`: the files go one by one, and one that is refused keeps none of the others. `data-again`: the server knows a
// file that comes twice, so one whose answer was lost may be sent again.

import { deliver, Refused } from "./deliver.js";
import { make } from "./player.js";
import { newRow, refusal, size } from "./upload.js";

const underWay = new Set();

window.addEventListener("beforeunload", (event) => {
  if (!underWay.size) return;
  event.preventDefault();
  event.returnValue = "";
});

const texts = (form) => Object.fromEntries([...new FormData(form)].filter(([, value]) => typeof value === "string"));

/** The page that the server answered, in the place of this one's: the field of the file is empty there. */
function show(page) {
  const main = document.querySelector("main");
  main.replaceChildren(...new DOMParser().parseFromString(page, "text/html").querySelector("main").childNodes);
  const told = main.querySelector("[role='alert'], .invalid-feedback");
  (told ?? main).scrollIntoView({ block: "center" });
  main.querySelector("[aria-invalid='true'], .is-invalid")?.focus({ preventScroll: true });
}

function complain(form, faults, done) {
  form.querySelector(".sent-refused")?.remove();
  if (!faults.length) return;
  const list = make("ul", {}, ...faults.map((each) => make("li", {}, each)));
  const box = make("div", { class: "strip sent-refused", role: "alert" }, make("p", {}, `有 ${faults.length} 个文件没有收下：`), list);
  if (done) document.querySelector("[data-none]")?.remove();
  if (done) box.append(make("p", {}, make("a", { href: done.address }, `看已收下的 ${done.count} 张`)));
  form.append(box);
}

async function send(form, input, submitter) {
  const isEach = form.dataset.sending === "each";
  const files = [...input.files];
  const { row, bar, told, stop, retry } = newRow();
  const again = new EventTarget();
  const stopper = new AbortController();
  const faults = [];
  let done = null;
  input.after(row);
  row.hidden = false;
  complain(form, []);
  retry.hidden = true;
  stop.addEventListener("click", () => stopper.abort());
  retry.addEventListener("click", () => again.dispatchEvent(new Event("again")));
  const named = (file, text) => (files.length > 1 && !text.includes(file.name) ? `“${file.name}”：${text}` : text);
  for (const [number, file] of files.entries()) {
    const before = files.length > 1 ? `第 ${number + 1} 个，共 ${files.length} 个：` : "";
    const wrong = await refusal(input, file);
    if (wrong) {
      faults.push(wrong);
      continue;
    }
    try {
      const answer = await deliver({
        url: () => form.action,
        file,
        name: file.name,
        field: input.name,
        fields: () => ({ ...texts(form), ...(submitter?.name ? { [submitter.name]: submitter.value } : {}) }),
        onProgress(share) {
          bar.value = (number + share) / files.length;
          retry.hidden = true;
          told.textContent = share < 1 ? `${before}正在上传 ${Math.floor(share * 100)}%（${size(file.size * share)} / ${size(file.size)}）` : `${before}已传完，等服务器确认`;
        },
        onLost(text) {
          retry.hidden = false;
          told.textContent = text;
        },
        signal: stopper.signal,
        again,
        isKnown: isEach || "again" in form.dataset,
      });
      if (answer.page) return () => show(answer.page);
      done = { address: answer.address, count: (done?.count ?? 0) + 1 };
    } catch (error) {
      if (error.name === "AbortError") break;
      if (!(error instanceof Refused)) throw error;
      faults.push(named(file, error.message));
    }
  }
  row.remove();
  input.value = "";
  if (done && !faults.length && !stopper.signal.aborted) return () => location.assign(done.address);
  if (stopper.signal.aborted) faults.push("其余的已停止上传。");
  return () => complain(form, faults, isEach ? done : null);
}

document.addEventListener("submit", async (event) => {
  const form = event.target;
  const input = form.matches("form[data-sending]") && form.querySelector("input[type='file']");
  if (!input || !input.files.length) return; // the server says what is missing
  event.preventDefault();
  if (underWay.has(form)) return;
  underWay.add(form);
  let next = null;
  try {
    next = await send(form, input, event.submitter);
  } finally {
    underWay.delete(form);
  }
  next?.();
});
