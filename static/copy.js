// A button that copies what stands in a field; without scripts, or without leave to copy, the text is selected by hand.
for (const button of document.querySelectorAll("[data-copy]")) {
  const field = document.getElementById(button.dataset.copy);
  const told = document.querySelector("[data-copied]");
  button.hidden = false;
  button.addEventListener("click", async () => {
    field.select();
    try {
      await navigator.clipboard.writeText(field.value);
      told.textContent = "已复制。";
    } catch {
      // Plain HTTP has no clipboard: the old way, which browsers still know.
      told.textContent = document.execCommand("copy") ? "已复制。" : "请按 Ctrl+C，或长按已选中的地址复制。";
    }
  });
}
