// Books of the catalogue offered while somebody types, by their name or by an ISBN. Without this file the form looks
// for them by its button.

const choice = document.querySelector("[data-books]");
const query = choice.querySelector("[name='book_query']");
const isbn = choice.closest("form").querySelector("[name='isbn']");
const REST = 300;

function offer(field, place, worthAsking) {
  let timer = 0;
  let asked = "";
  const look = async () => {
    const text = field.value.trim();
    if (text === asked) return;
    asked = text;
    if (!worthAsking(text)) {
      place.replaceChildren();
      return;
    }
    try {
      const response = await fetch(`${choice.dataset.books}?q=${encodeURIComponent(text)}`);
      if (!response.headers.get("Content-Type")?.startsWith("application/json")) return;
      const { html } = await response.json();
      if (text === asked) place.innerHTML = html;
    } catch {
      asked = "";
    }
  };
  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(look, REST);
  });
  return look;
}

const look = offer(query, choice.querySelector("[data-found]"), Boolean);
query.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.isComposing) return;
  event.preventDefault();
  look();
});
if (isbn) {
  const place = document.createElement("div");
  place.setAttribute("role", "status");
  isbn.parentElement.append(place);
  offer(isbn, place, (text) => [10, 13].includes(text.replace(/[\s-]/g, "").length));
}
