// The searching choice fields of the desk have no name of their own: they take that of their label.
// Ready after the fields themselves are, which Django makes when jQuery says so.
window.django.jQuery(() => {
  for (const field of document.querySelectorAll("select.admin-autocomplete")) {
    const label = field.getAttribute("aria-label") ?? document.querySelector(`label[for="${field.id}"]`)?.textContent;
    const shown = field.nextElementSibling?.querySelectorAll('[role="combobox"], [role="textbox"]') ?? [];
    for (const part of shown) part.setAttribute("aria-label", (label ?? "").trim().replace(/[:：]$/, ""));
  }
});
