// One file on its way to the server: progress told, a lost connection tried again until it works or somebody stops it.

const WAITS = [2, 4, 8, 15, 30];
const STALLED = 45_000;
const ANSWERED = 300_000;

/** The server does not want the file, and trying again would not help; `answer` is what else it said. */
export class Refused extends Error {
  constructor(message, answer = null) {
    super(message);
    this.answer = answer;
  }
}

class Lost extends Error {}

/** The session has ended: goes on once somebody has logged in elsewhere and says so. */
class SignedOut extends Error {}

const cookie = (name) =>
  document.cookie.split("; ").find((each) => each.startsWith(`${name}=`))?.slice(name.length + 1) ?? "";

const SIGNED_OUT = "登录已经结束。请在新窗口里重新登录，再回到这里按“现在再传”；文件和填写的内容都还在";
const BROKEN = "连接断了，不知道文件有没有收下。请在新窗口里看一看，没有收下再上传一次。";
const REFUSALS = {
  404: "这里已经不能修改，请刷新本页看看现在的情况。",
  413: "文件太大，服务器没有收下。请压缩后再传，或分成几件上报。",
};

function outcome(request) {
  let answer = null;
  try {
    answer = JSON.parse(request.responseText);
  } catch {
    // A page instead of an answer: judged by its status below.
  }
  const { status } = request;
  if (status >= 200 && status < 300 && answer) return answer;
  if (answer?.error) throw new Refused(answer.error, answer);
  const isLogin = status === 200 && new URL(request.responseURL, location.href).pathname.includes("/login/");
  if (isLogin || status === 401 || status === 403) throw new SignedOut(SIGNED_OUT);
  if (REFUSALS[status]) throw new Refused(REFUSALS[status]);
  if (status >= 400 && status < 500) throw new Refused("服务器没有收下这个文件，请刷新本页后再试。");
  throw new Lost(`status ${status}`);
}

function send({ url, file, name, field, fields, onProgress, signal }) {
  return new Promise((resolve, reject) => {
    const body = new FormData();
    for (const [key, value] of Object.entries(fields)) body.append(key, value);
    body.append(field, file, name);
    const request = new XMLHttpRequest();
    let watch = 0;
    const stop = () => request.abort();
    // A dead connection may stay silent for minutes: no progress for long enough is a loss.
    const alive = (time = STALLED) => {
      clearTimeout(watch);
      watch = setTimeout(stop, time);
    };
    const settle = (act) => () => {
      clearTimeout(watch);
      signal.removeEventListener("abort", stop);
      act();
    };
    request.open("POST", url);
    request.setRequestHeader("Accept", "application/json");
    request.setRequestHeader("X-Requested-With", "XMLHttpRequest");
    request.setRequestHeader("X-CSRFToken", cookie("csrftoken") || document.querySelector("[name='csrfmiddlewaretoken']")?.value || "");
    request.upload.addEventListener("progress", (event) => {
      alive();
      if (event.lengthComputable) onProgress(event.loaded / event.total);
    });
    // The server looks at the whole file before it answers.
    request.upload.addEventListener("load", () => alive(ANSWERED));
    request.addEventListener("load", settle(() => {
      try {
        resolve(outcome(request));
      } catch (error) {
        reject(error);
      }
    }));
    for (const end of ["error", "abort", "timeout"]) request.addEventListener(end, settle(() => reject(new Lost(end))));
    signal.addEventListener("abort", stop);
    alive();
    request.send(body);
  });
}

/** Waits, but not beyond the moment when the network is back or somebody asks to go on. */
function rest(seconds, { signal, again }) {
  return new Promise((resolve) => {
    const timer = Number.isFinite(seconds) ? setTimeout(go, seconds * 1000) : 0;
    function go() {
      clearTimeout(timer);
      window.removeEventListener("online", go);
      again.removeEventListener("again", go);
      signal.removeEventListener("abort", go);
      resolve();
    }
    if (timer) window.addEventListener("online", go);
    again.addEventListener("again", go);
    signal.addEventListener("abort", go);
  });
}

/**
 * Sends until the server has acknowledged; its answer. Throws Refused, or an AbortError when `signal` ends it.
 * `url` and `fields` are functions, as the draft may be made while one waits; `again` is an EventTarget. Where the
 * server would not know the file again (`isKnown` false), one whose connection broke is not sent twice.
 */
export async function deliver({ url, file, name, field = "file", fields, onProgress, onLost, signal, again, isKnown = true }) {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await send({ url: url(), file, name, field, fields: fields(), onProgress, signal });
    } catch (error) {
      if (signal.aborted) throw new DOMException("stopped", "AbortError");
      if (!(error instanceof Lost || error instanceof SignedOut)) throw error;
      const isOut = error instanceof SignedOut;
      if (!isOut && !isKnown) throw new Refused(BROKEN);
      const seconds = isOut ? Infinity : WAITS[Math.min(attempt, WAITS.length - 1)];
      onLost(isOut ? error.message : `连接断了，${seconds} 秒后自动再传。文件还在，可以不管它`);
      await rest(seconds, { signal, again });
    }
    if (signal.aborted) throw new DOMException("stopped", "AbortError");
    onProgress(0);
  }
}
