// The takes of a recitation, kept in the browser until the work is handed in. A take is written down second by
// second, so a page that is closed or reloaded in the middle of one loses a second at the most.

import { bestType } from "./microphone.js";
import { newSound } from "./sound.js";

const NAME = "shuxiang";
const KEPT = 60 * 24 * 3600 * 1000;
let opened;

function open() {
  opened ??= new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore("takes", { keyPath: "id" });
      request.result.createObjectStore("pieces", { keyPath: ["take", "number"] });
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
    request.onblocked = () => reject(new Error("blocked"));
  });
  return opened;
}

/** Runs `act(takes, pieces)` in one transaction; the outcome of the request it returns, once all is on disk. */
async function inside(mode, act) {
  const database = await open();
  return new Promise((resolve, reject) => {
    const transaction = database.transaction(["takes", "pieces"], mode);
    const request = act(transaction.objectStore("takes"), transaction.objectStore("pieces"));
    transaction.oncomplete = () => resolve(request?.result);
    transaction.onabort = transaction.onerror = () => reject(transaction.error);
  });
}

const piecesOf = (id) => IDBKeyRange.bound([id, 0], [id, Infinity]);

/** A shelf in memory for browsers that keep nothing: it lasts as long as the page. */
function memory() {
  const takes = new Map();
  const pieces = new Map();
  return {
    lasting: false,
    all: async () => [...takes.values()],
    save: async (take) => takes.set(take.id, take),
    add: async (take, number, bytes) => {
      takes.set(take.id, take);
      pieces.set(take.id, [...(pieces.get(take.id) ?? []), bytes]);
    },
    sound: async (take) => new Blob(pieces.get(take.id) ?? [], { type: take.type }),
    remove: async (take) => {
      takes.delete(take.id);
      pieces.delete(take.id);
    },
  };
}

const disk = {
  lasting: true,
  all: () => inside("readonly", (takes) => takes.getAll()),
  save: (take) => inside("readwrite", (takes) => takes.put(take)),
  /** The piece and what is known of the take so far, together. Bytes, as Safari forgets stored blobs. */
  add: (take, number, bytes) =>
    inside("readwrite", (takes, pieces) => {
      takes.put(take);
      return pieces.put({ take: take.id, number, bytes });
    }),
  async sound(take) {
    const found = await inside("readonly", (takes, pieces) => pieces.getAll(piecesOf(take.id)));
    return new Blob(found.map((piece) => piece.bytes), { type: take.type });
  },
  remove: (take) =>
    inside("readwrite", (takes, pieces) => {
      takes.delete(take.id);
      return pieces.delete(piecesOf(take.id));
    }),
};

export async function openTakes() {
  try {
    await open();
    return disk;
  } catch {
    return memory();
  }
}

/** A take that begins now; `of` says whose it is, of which work, the how manyth, and how many characters are read. */
export const newTake = (of) => ({
  ...of, id: crypto.randomUUID(), type: bestType(), started: Date.now(), seconds: 0, state: "recording",
  sound: newSound(), acknowledged: "", isChosen: false,
});

/** The takes of a work that are there from before, the oldest first. Those that nobody came back for are removed. */
export async function earlier(takes, owner, work) {
  const found = (await takes.all()).sort((one, other) => one.started - other.started);
  const isKept = (take) => Date.now() - take.started <= KEPT;
  for (const take of found) if (!isKept(take)) await takes.remove(take);
  return found.filter((take) => isKept(take) && take.owner === owner && take.work === work);
}

/** A work that was handed in needs its takes no longer: the server has the one that counts. */
export async function forgetTakes(owner, work) {
  const takes = await openTakes();
  for (const take of await takes.all()) if (take.owner === owner && take.work === work) await takes.remove(take);
}
