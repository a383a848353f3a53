// The teleprompter: the text large, the clause that is due underlined, what is read stepping back.

const CLAUSE = /[^，。！？；：、\n,.!?;:]*[，。！？；：、\n,.!?;:]*[”’』」）》]*/gu;
const REST = { "，": 1, "、": 0.6, "：": 1.2, "；": 1.6, "。": 2.2, "！": 2.2, "？": 2.2, "\n": 1 };
const SIZES = [1.125, 1.375, 1.75, 2.125, 2.5];
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

const remembered = (name, otherwise) => {
  try {
    return Number(localStorage.getItem(name) ?? otherwise);
  } catch {
    return otherwise;
  }
};

function remember(name, value) {
  try {
    localStorage.setItem(name, value);
  } catch {
    // Only a convenience.
  }
}

/** Buttons for the size of the text and the speed in characters a minute, which this browser remembers. */
export function adjustable(board, part) {
  let step = Math.min(SIZES.length - 1, Math.max(0, remembered("prompter-size", 1)));
  let speed = Math.min(320, Math.max(80, remembered("prompter-speed", 180)));

  function adjust() {
    part("prompter").style.fontSize = `${SIZES[step]}rem`;
    part("smaller").disabled = step === 0;
    part("larger").disabled = step === SIZES.length - 1;
    part("speed").textContent = `${speed} 字/分`;
    board.speed = speed;
    remember("prompter-size", step);
    remember("prompter-speed", speed);
  }

  const press = (name, act) => part(name).addEventListener("click", act);
  press("smaller", () => adjust((step -= 1)));
  press("larger", () => adjust((step += 1)));
  press("slower", () => adjust((speed = Math.max(80, speed - 20))));
  press("faster", () => adjust((speed = Math.min(320, speed + 20))));
  adjust();
}
