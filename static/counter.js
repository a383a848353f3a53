// The counter without a page load per scan: scans wait in a line, so that a fast scanner loses none.
const form = document.querySelector("#scan-form");
const field = form.elements.scan;
const waiting = [];
let busy = false;

function data(text) {
  const sent = new FormData(form);
  sent.set("scan", text);
  return sent;
}

async function work() {
  busy = true;
  while (waiting.length) {
    const text = waiting[0];
    try {
      const answer = await fetch(form.action, { method: "POST", body: data(text) });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const state = page.querySelector("#counter-state");
      if (!state) throw new Error(answer.url);
      document.querySelector("#counter-state").replaceWith(state);
      history.replaceState(null, "", answer.url);
      waiting.shift();
    } catch {
      // Signed out, or no network: the plain form shows what is the matter, with the scan in it.
      field.value = text;
      form.submit();
      return;
    }
  }
  busy = false;
}

form.addEventListener("submit", event => {
  event.preventDefault();
  waiting.push(field.value);
  field.value = "";
  field.focus();
  if (!busy) work();
});
field.focus();
