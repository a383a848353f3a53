// What a recording holds while it runs: a lock that other tabs see, and the light of the screen.

const lockOf = (take) => `take-${take.id}`;

/** Whether another tab is recording this very take. */
export const isElsewhere = (take) =>
  navigator.locks?.request(lockOf(take), { ifAvailable: true }, (lock) => lock === null) ?? Promise.resolve(false);

/** A take that nobody is recording any more is what a closed page left behind. */
export function holdLock(run) {
  navigator.locks?.request(lockOf(run.take), () => new Promise((resolve) => {
    run.freeLock = resolve;
  }));
}

export async function holdScreen(run) {
  const lock = await navigator.wakeLock?.request("screen").catch(() => null);
  run.freeScreen = () => lock?.release();
}
