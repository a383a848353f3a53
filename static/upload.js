// Files are sent as soon as they are chosen, with their limits looked at first. Without this file, or for a field
// without `data-upload`, they travel with the form.

import { deliver, Refused } from "./deliver.js";
import { make, newPlayer } from "./player.js";
import { watch } from "./ready.js";

const MEGA = 1024 * 1024;

export const size = (bytes) => (bytes < MEGA ? `${Math.max(1, Math.round(bytes / 1024))} KB` : `${(bytes / MEGA).toFixed(1)} MB`);

const isAccepted = (input, file) => {
  const wanted = input.accept.split(",").map((each) => each.trim().toLowerCase()).filter(Boolean);
  const type = file.type.toLowerCase();
  const name = file.name.toLowerCase();
  // Browsers know too few endings to be the judge of a file without a type; the server looks inside.
  return !wanted.length || (!type && !name.includes(".")) || wanted.some((each) => {
    if (each.startsWith(".")) return name.endsWith(each);
    return each.endsWith("/*") ? type.startsWith(each.slice(0, -1)) || !type : type === each;
  });
};

/** Seconds of a recording as the browser knows them; 0 where it does not. */
function lengthOf(file) {
  return new Promise((resolve) => {
    const audio = new Audio();
    const url = URL.createObjectURL(file);
    const done = (seconds) => {
      clearTimeout(timer);
      URL.revokeObjectURL(url);
      resolve(Number.isFinite(seconds) ? seconds : 0);
    };
    const timer = setTimeout(() => done(0), 3000);
    audio.preload = "metadata";
    audio.addEventListener("loadedmetadata", () => done(audio.duration));
    audio.addEventListener("error", () => done(0));
    audio.src = url;
  });
}

/** What is wrong with a file before it is sent, as far as a browser can tell. */
export async function refusal(input, file) {
  const { maxBytes, maxSeconds } = input.dataset;
  if (!file.size) return `“${file.name}”是空的，请重新选择。`;
  if (maxBytes && file.size > maxBytes) return `“${file.name}”有 ${size(file.size)}，超过上限 ${size(maxBytes)}。请压缩后再传，或分成几件上报。`;
  if (!isAccepted(input, file)) return `“${file.name}”不是这里能用的格式。${input.dataset.limits ?? ""}`;
  if (maxSeconds) {
    const seconds = await lengthOf(file);
    if (seconds > Number(maxSeconds) + 1) return `“${file.name}”长 ${Math.round(seconds / 60)} 分钟，超过上限 ${Math.round(maxSeconds / 60)} 分钟。请剪短后再传。`;
  }
  return "";
}

// The form waits for its files ------------------------------------------------

const underWay = new Map();

function hold(form) {
  if (!form || underWay.has(form)) return;
  const state = { running: new Set(), submitter: null };
  underWay.set(form, state);
  form.addEventListener("submit", (event) => {
    if (!state.running.size) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    state.submitter = event.submitter;
    for (const field of state.running) field.tell();
  }, { capture: true });
  window.addEventListener("beforeunload", (event) => {
    if (!state.running.size) return;
    event.preventDefault();
    event.returnValue = "";
  });
}

function release(form, field, isThere) {
  const state = underWay.get(form);
  if (!state) return;
  state.running.delete(field);
  const { submitter } = state;
  if (!isThere) state.submitter = null;
  if (!isThere || state.running.size || !submitter) return;
  state.submitter = null;
  form.requestSubmit(submitter.isConnected ? submitter : undefined);
}

// One field -------------------------------------------------------------------

/**
 * The field of an input, so that the recorder reaches the one that it belongs to. It hangs on the input: under its
 * hashed name in the page and its plain one in an import this module runs twice, and a file must not be sent twice.
 */
export const fieldOf = (input) => input.uploadField;

export function newRow() {
  const bar = make("progress", { max: 1, value: 0, "aria-label": "上传进度" });
  const told = make("p", { class: "told", role: "status" });
  const stop = make("button", { type: "button", class: "btn" }, "停止");
  const retry = make("button", { type: "button", class: "btn" }, "现在再传");
  return { row: make("div", { class: "upload-row", hidden: "" }, bar, told, retry, stop), bar, told, stop, retry };
}

function newField(input) {
  const { form } = input;
  const wrapper = input.parentElement;
  const isRequired = input.required;
  const again = new EventTarget();
  let stopper = null;

  const { row, bar, told, stop, retry } = newRow();
  const there = make("div", { class: "uploaded" });
  input.after(row, there);

  const errorBox = () => {
    const id = `${input.id}_upload_error`;
    const found = document.getElementById(id) ?? make("p", { class: "invalid-feedback", id, role: "alert" });
    if (!found.isConnected) row.before(found);
    return found;
  };

  function complain(text) {
    // What the server said about an earlier file no longer holds.
    for (const old of wrapper.querySelectorAll(".invalid-feedback")) if (!old.id.endsWith("_upload_error")) old.remove();
    const box = errorBox();
    box.textContent = text;
    box.hidden = !text;
    input.classList.toggle("is-invalid", Boolean(text));
    if (text) input.setAttribute("aria-invalid", "true");
    else input.removeAttribute("aria-invalid");
    const others = (input.getAttribute("aria-describedby") ?? "").split(" ").filter((id) => id && id !== box.id && document.getElementById(id));
    const described = [...(text ? [box.id] : []), ...others].join(" ");
    if (described) input.setAttribute("aria-describedby", described);
    else input.removeAttribute("aria-describedby");
  }

  let said = "";
  const field = {
    input,
    tell(text = said) {
      said = text;
      told.textContent = `${text}${underWay.get(form)?.submitter ? "。传完后自动继续，不用再按" : ""}`;
    },
    complain,
    /** Sends it; the server's answer, or null where it was refused or stopped. */
    async send(file, name) {
      stopper?.abort();
      stopper = new AbortController();
      const { signal } = stopper;
      complain("");
      hold(form);
      underWay.get(form)?.running.add(field);
      row.hidden = false;
      retry.hidden = true;
      const progress = (share) => {
        bar.value = share;
        retry.hidden = true;
        const percent = Math.floor(share * 100);
        field.tell(share < 1 ? `正在上传 ${percent}%（${size(file.size * share)} / ${size(file.size)}）` : "已传完，等服务器确认");
      };
      progress(0);
      let answer = null;
      try {
        answer = await deliver({
          url: () => input.dataset.upload,
          file,
          name,
          fields: () => extras(form),
          onProgress: progress,
          onLost(text) {
            retry.hidden = false;
            field.tell(text);
          },
          signal,
          again,
        });
      } catch (error) {
        if (error.name !== "AbortError" && !(error instanceof Refused)) throw error;
        input.value = "";
        if (error instanceof Refused) {
          follow(form, error.answer);
          complain(error.message);
        }
      } finally {
        if (stopper.signal === signal) row.hidden = true;
      }
      if (answer) arrived(answer);
      release(form, field, Boolean(answer));
      return answer;
    },
  };

  function arrived(answer) {
    input.value = "";
    input.required = false;
    const { file } = answer;
    showFile(there, file, input);
    follow(form, answer);
    input.dispatchEvent(new CustomEvent("file:there", { bubbles: true, detail: answer }));
  }

  input.addEventListener("change", async () => {
    const [file] = input.files;
    complain("");
    if (!file) return;
    const wrong = await refusal(input, file);
    if (wrong) {
      input.value = "";
      input.required = isRequired && !there.childElementCount;
      complain(wrong);
    } else if (input.dataset.upload) {
      await field.send(file, file.name);
    }
  });
  stop.addEventListener("click", () => {
    stopper?.abort();
    input.focus();
  });
  retry.addEventListener("click", () => again.dispatchEvent(new Event("again")));
  return field;
}

/** The draft that the page writes on, as the server has it now: even a refused file may have been its beginning. */
function follow(form, answer) {
  if (!form || !answer?.work) return;
  // The form may have been saved while the file was on its way: what it has seen since stands.
  const { revision } = form.elements;
  if (revision && answer.revision) revision.value = Math.max(Number(revision.value), answer.revision);
  if (form.querySelector("input[data-upload^='/works/files/']")) {
    form.dispatchEvent(new CustomEvent("work:created", { bubbles: true, detail: answer }));
  }
}

const extras = (form) => {
  const sent = {};
  for (const name of ["token", "kind"]) {
    const value = form?.elements[name]?.value;
    if (value) sent[name] = value;
  }
  return sent;
};

/** What the server has now, in the place of what it had before. */
function showFile(there, file, input) {
  for (const old of input.closest("[data-field]")?.querySelectorAll("[data-uploaded]") ?? []) old.remove();
  const about = make("p", { class: "uploaded-name" }, make("span", { class: "stamp stamp-done" }, "已上传"), make("bdi", {}, file.name), ` ${size(file.size)} `);
  // The form's own way to part with a file, where it has one.
  if (input.form && "draft" in input.form.dataset) {
    about.append(make("button", { class: "btn btn-link", name: "action", value: `remove:${file.role}` }, "删除这个文件"));
  }
  there.replaceChildren(about);
  if (file.role !== "audio") return;
  if (file.state === "processing") {
    const waiting = make("p", { class: "processing", role: "status", "data-processing": `${file.url}status/`, "data-label": "已上传的录音" }, "处理中，好了会自己出现，可以先做别的。");
    there.append(waiting);
    watch(waiting);
  } else if (file.state === "ready") {
    there.append(newPlayer({ url: file.url, seconds: file.duration_ms / 1000, peaks: file.peaks ?? [], label: "已上传的录音" }));
  }
}

// A draft made by whichever came first, or anew where it was removed elsewhere: its files go to the work from now on.
document.addEventListener("work:created", ({ target, detail }) => {
  for (const input of target.querySelectorAll("input[data-upload^='/works/']")) {
    input.dataset.upload = input.dataset.upload.replace(/^\/works\/(\d+\/)?files\//, `/works/${detail.work}/files/`);
  }
});

for (const input of document.querySelectorAll("input[type='file'][data-upload]")) input.uploadField ??= newField(input);
