// Ticks that did not arrive are taken back on the page, so that it never shows what is not recorded.

const OFFLINE = "网络不通，刚才的一次没有记下，请再点一次。";
const FAILED = "刚才的一次没有记下，请刷新页面再试。";
const told = document.querySelector("[data-told]");

function takeBack(tick, why) {
  if (!tick?.matches?.(".tick")) return;
  const shown = tick.querySelector("input[type=hidden]").value;
  for (const choice of tick.querySelectorAll("input[type=radio]")) choice.checked = choice.value === shown;
  const name = tick.querySelector("legend").textContent;
  told.textContent = `${name}：${why}`;
}

document.body.addEventListener("htmx:sendError", event => takeBack(event.detail.elt, OFFLINE));
document.body.addEventListener("htmx:responseError", event => takeBack(event.detail.elt, FAILED));
document.body.addEventListener("htmx:afterSwap", () => {
  told.textContent = "";
});
