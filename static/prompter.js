// The teleprompter: the text large, the clause that is due underlined, what is read stepping back.

const CLAUSE = /[^，。！？；：、\n,.!?;:]*[，。！？；：、\n,.!?;:]*[”’』」）》]*/gu;
const REST = { "，": 1, "、": 0.6, "：": 1.2, "；": 1.6, "。": 2.2, "！": 2.2, "？": 2.2, "\n": 1 };
const calm = window.matchMedia("(prefers-reduced-motion: reduce)");

const isSpoken = (character) => /[\p{L}\p{N}]/u.test(character);

/** How long a clause takes, counted in characters: stops take their time too. */
const weight = (text) => [...text].reduce((sum, each) => sum + (isSpoken(each) ? 1 : (REST[each] ?? 0)), 0);

export function prompter(box, read) {
  let clauses = [];
  let place = 0;
  let shown = -1;
  let timer = 0;
  let speed = 0;

  function load() {
    const text = read();
    const paragraphs = text.split(/\n+/).filter((line) => line.trim());
    clauses = [];
    box.replaceChildren(
      ...paragraphs.map((line) => {
        const paragraph = document.createElement("p");
        for (const part of line.trim().match(CLAUSE).filter(Boolean)) {
          const span = document.createElement("span");
          span.textContent = part;
          clauses.push({ span, weight: weight(part) });
          paragraph.append(span);
        }
        return paragraph;
      }),
    );
    box.dataset.empty = clauses.length ? "" : "在“文本”里填好全文，这里就是提词板。";
    rewind();
  }

  function mark(current) {
    if (current === shown) return;
    shown = current;
    clauses.forEach(({ span }, n) => {
      span.className = n < current ? "read" : n === current ? "now" : "";
    });
    const span = clauses[current]?.span;
    if (!span) return;
    const top = span.offsetTop - box.clientHeight / 3;
    box.scrollTo({ top: Math.max(0, top), behavior: calm.matches ? "auto" : "smooth" });
  }

  /** The clause at the present place, which is counted in characters from the beginning. */
  function follow() {
    let end = 0;
    const current = clauses.findIndex((clause) => (end += clause.weight) > place);
    mark(current < 0 ? clauses.length : current);
  }

  function rewind() {
    place = 0;
    shown = -1;
    for (const { span } of clauses) span.className = "";
    box.scrollTop = 0;
  }

  function pause() {
    clearInterval(timer);
    timer = 0;
  }

  function run() {
    pause();
    let before = performance.now();
    timer = setInterval(() => {
      const now = performance.now();
      place += ((now - before) / 60000) * speed;
      before = now;
      if (speed) follow();
    }, 200);
  }

  box.addEventListener("click", (event) => {
    const chosen = clauses.findIndex(({ span }) => span === event.target);
    if (chosen < 0 || !timer) return;
    place = clauses.slice(0, chosen).reduce((sum, clause) => sum + clause.weight, 0);
    follow();
  });

  return {
    load,
    rewind,
    run,
    pause,
    set speed(value) {
      speed = value;
    },
    get characters() {
      return [...read()].filter(isSpoken).length;
    },
  };
}
