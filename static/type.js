// Large type without leaving the page, so that nothing typed is lost. Without scripts the form posts.

for (const form of document.querySelectorAll(".type-switch")) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const button = form.querySelector("button");
    const size = button.value;
    const choice = new FormData(form);
    choice.set("size", size);
    document.documentElement.dataset.type = size;
    button.value = size === "large" ? "normal" : "large";
    button.setAttribute("aria-pressed", String(size === "large"));
    await fetch(form.action, { method: "POST", body: choice, redirect: "manual" });
  });
}
