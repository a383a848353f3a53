// Recording in the page: several takes with a teleprompter, each kept in the browser until the work is handed in.

import { holdLock, holdScreen, isElsewhere } from "./held.js";
import { newLevel } from "./level.js";
import { impossible, record, trouble } from "./microphone.js";
import { clock, make } from "./player.js";
import { adjustable, prompter } from "./prompter.js";
import { fill, nameOf, stamp } from "./row.js";
import { hear, minutes } from "./sound.js";
import { earlier, newTake, openTakes } from "./takes.js";
import { fieldOf } from "./upload.js";

const SIGNS = { idle: "M12 5a7 7 0 1 0 .01 0z", recording: "M6 5h4v14H6zM14 5h4v14h-4z", paused: "M12 5a7 7 0 1 0 .01 0z" };
const WORDS = { idle: "录音", recording: "暂停", paused: "继续" };

async function start(box) {
  const part = (name) => box.querySelector(`[data-part='${name}']`);
  const input = document.getElementById(box.dataset.input);
  const script = document.getElementById(box.dataset.script);
  const most = Number(input.dataset.maxSeconds) || 3600;
  const { owner } = box.dataset;
  // What was uploaded as a document is read from there.
  const board = prompter(part("prompter"), () => script?.value.trim() || part("document")?.content.textContent || "");
  const level = newLevel(part("level"), part("loudness"));
  const takes = await openTakes();
  const rows = new Map();
  let state = "idle";
  let current = null;

  const tell = (text) => {
    part("told").textContent = text;
  };

  // What one sees ----------------------------------------------------------------

  function become(next) {
    state = next;
    box.dataset.state = next;
    part("sign").setAttribute("d", SIGNS[next]);
    part("word").textContent = next === "idle" && rows.size ? "再录一遍" : WORDS[next];
    part("done").disabled = next === "idle";
    if (next === "recording") board.run();
    else board.pause();
  }

  // One take -----------------------------------------------------------------------

  const elapsed = (each) => each.before + (each.since === null ? 0 : (performance.now() - each.since) / 1000);

  async function begin() {
    // Two quick presses are one.
    state = "opening";
    tell("正在打开话筒。浏览器问起时，请选“允许”。");
    board.load();
    const number = Math.max(0, ...[...rows.values()].map(({ take }) => take.number)) + 1;
    const take = newTake({ owner, work: box.dataset.work, number, characters: board.characters });
    const run = { take, pieces: [], before: 0, since: null, written: Promise.resolve(), isKept: takes.lasting };
    try {
      run.recorder = await record({
        onPiece: (blob) => keep(run, blob),
        onBlock(block) {
          if (state !== "recording" || current !== run) return;
          hear(take.sound, block);
          level.show(block);
        },
        onEnd: () => finish(run),
      });
    } catch (error) {
      become("idle");
      refuse(trouble(error));
      return;
    }
    take.type = run.recorder.type;
    run.since = performance.now();
    run.tick = setInterval(() => showTime(run), 250);
    current = run;
    holdLock(run);
    holdScreen(run);
    become("recording");
    board.rewind();
    part("no").hidden = true;
    part("main").focus();
    box.scrollIntoView({ block: "nearest" });
    tell(run.recorder.isMeasured ? "正在录音。读错了可以先暂停。" : "正在录音。这个浏览器测不了音量，录完请听一听。");
  }

  function showTime(run) {
    const seconds = elapsed(run);
    part("time").textContent = clock(Math.floor(seconds));
    if (seconds < most) return;
    tell(`已到上限 ${minutes(most)}，录音到此为止。`);
    run.recorder.stop();
  }

  function keep(run, blob) {
    run.take.seconds = elapsed(run);
    const number = run.pieces.push(blob) - 1;
    run.written = run.written
      .then(() => blob.arrayBuffer())
      .then((bytes) => takes.add(run.take, number, bytes))
      .catch(() => {
        run.isKept = false;
      });
  }

  function pause() {
    current.recorder.pause();
    current.before = elapsed(current);
    current.since = null;
    become("paused");
    level.darken();
    tell("已暂停。按“继续”接着录，按“录完”收起来听。");
  }

  function resume() {
    current.recorder.resume();
    current.since = performance.now();
    become("recording");
    tell("接着录音。");
  }

  async function finish(run) {
    clearInterval(run.tick);
    run.take.seconds = elapsed(run);
    run.take.state = "whole";
    run.freeScreen?.();
    current = null;
    level.darken();
    await run.written;
    const sound = new Blob(run.pieces, { type: run.take.type });
    if (sound.size) await show(run.take, sound);
    try {
      if (sound.size) await takes.save(run.take);
      else await takes.remove(run.take);
    } catch {
      run.isKept = false;
    }
    run.freeLock?.();
    part("time").textContent = "00:00";
    become("idle");
    if (!sound.size) tell("没有录到声音，请再录一遍。");
    else if (!run.isKept) tell("浏览器存不下这一遍，它只在本页里。关闭本页以前请先“用这一遍”。");
    else tell(`第 ${run.take.number} 遍录好了，${minutes(run.take.seconds)}。听一听，满意就“用这一遍”。`);
    rows.get(run.take.id)?.element.querySelector(".play")?.focus();
  }

  // The list of takes ---------------------------------------------------------------

  async function show(take, sound) {
    const row = { take, element: make("li", { class: "take" }), url: URL.createObjectURL(sound), sound };
    rows.set(take.id, row);
    fill(row, { most, choose, discard });
    part("takes").prepend(row.element);
  }

  async function choose(row) {
    const { take, sound } = row;
    row.use.disabled = true;
    take.isChosen = true;
    await takes.save(take).catch(() => {});
    const file = new File([sound], nameOf(take), { type: take.type });
    if (!input.dataset.upload) {
      const carried = new DataTransfer();
      carried.items.add(file);
      input.files = carried.files;
      input.dispatchEvent(new Event("change", { bubbles: true }));
      row.use.disabled = false;
      tell(`第 ${take.number} 遍会随表格一起上报。`);
      return;
    }
    tell(`正在上传第 ${take.number} 遍。`);
    const answer = await fieldOf(input).send(file, file.name);
    row.use.disabled = false;
    take.isChosen = false;
    if (answer) take.acknowledged = answer.file.id;
    await takes.save(take).catch(() => {});
    stamp(row);
    tell(
      answer
        ? `第 ${take.number} 遍已经上传。想换一遍，录好后再按“用这一遍”。`
        : "没有上传成功，原因见下面。录音还在这里。",
    );
  }

  /** Another file has taken the place, or the server has none any more. */
  async function outdate(row) {
    row.take.acknowledged = "";
    stamp(row);
    await takes.save(row.take).catch(() => {});
  }

  async function discard(row) {
    const { take } = row;
    const drop = row.element.querySelector(".btn-link[aria-label^='删除']");
    if (!drop.dataset.asked) {
      drop.dataset.asked = "1";
      drop.textContent = "再按一次删除";
      return;
    }
    await takes.remove(take).catch(() => {});
    URL.revokeObjectURL(row.url);
    row.element.remove();
    rows.delete(take.id);
    become(state);
    tell(`第 ${take.number} 遍已删除。${take.acknowledged ? "上传了的那份仍在草稿里。" : ""}`);
    part("main").focus();
  }

  function refuse(text) {
    part("no").textContent = text;
    part("no").hidden = false;
    tell("");
    const howto = box.parentElement.querySelector("[data-howto]") ?? document.querySelector("[data-howto]");
    if (howto) howto.open = true;
  }

  // What is pressed, typed and left --------------------------------------------------

  part("done").addEventListener("click", () => current?.recorder.stop());
  part("main").addEventListener("click", () => ({ idle: begin, recording: pause, paused: resume })[state]?.());

  script?.addEventListener("input", () => state === "idle" && board.load());
  window.addEventListener("pagehide", () => current?.recorder.flush());
  window.addEventListener("beforeunload", (event) => {
    if (!current) return;
    event.preventDefault();
    event.returnValue = "";
  });
  // Handed in with a take that nobody chose: the only one is taken, of several somebody must say which.
  input.form?.addEventListener("submit", async (event) => {
    const { submitter } = event;
    const isNamed = [...rows.values()].some(({ take }) => take.isChosen || take.acknowledged);
    const isThere = isNamed || input.files.length || input.closest("[data-field]")?.querySelector(".uploaded-name");
    if (submitter?.value !== "submit" || !(current || (rows.size && !isThere))) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const [only] = rows.values();
    if (!current && rows.size === 1) {
      await choose(only);
      if (only.take.acknowledged || !input.dataset.upload) input.form.requestSubmit(submitter);
      return;
    }
    tell(current ? "还在录音，请先按“录完”。" : `录了 ${rows.size} 遍，请在要用的那一遍按“用这一遍”，再上报。`);
    part(current ? "done" : "takes").scrollIntoView({ block: "center" });
  }, { capture: true });
  input.addEventListener("file:there", () => [...rows.values()].forEach(outdate));
  input.form?.addEventListener("work:created", ({ detail }) => bind(String(detail.work)));

  /** The takes of a page follow the draft that was made from it. */
  async function bind(work) {
    box.dataset.work = work;
    for (const { take } of [...rows.values(), ...(current ? [current] : [])]) {
      take.work = work;
      await takes.save(take).catch(() => {});
    }
  }

  // What is there from before ----------------------------------------------------------

  async function bring(take) {
    if (take.state === "recording") {
      if (await isElsewhere(take)) return;
      take.state = "cut";
      await takes.save(take);
    }
    await show(take, await takes.sound(take));
    const isThere = document.querySelector(`[data-file="${take.acknowledged}"]`);
    if (take.acknowledged && !isThere) await outdate(rows.get(take.id));
  }

  async function recall() {
    for (const take of await earlier(takes, owner, box.dataset.work)) await bring(take);
    const waiting = [...rows.values()].find(({ take }) => take.isChosen);
    // A new page has a new draft: only somebody may say that the take belongs to it.
    if (waiting && box.dataset.work && input.dataset.upload) choose(waiting);
    else if (waiting) tell(`第 ${waiting.take.number} 遍还没有传完，请再按一次“用这一遍”。`);
    else if (rows.size) tell(`上次录的 ${rows.size} 遍都在。可以直接用，也可以再录。`);
  }

  part("most").textContent = `上限 ${minutes(most)}`;
  board.load();
  adjustable(board, part);
  become("idle");
  box.hidden = false;
  const reason = impossible();
  if (reason) {
    part("desk").hidden = true;
    refuse(reason);
  }
  await recall();
  become("idle");
}

for (const box of document.querySelectorAll("[data-recorder]")) start(box);
