// What a take sounds like, in figures small enough to be kept beside it, and what follows from them for the reader.

const FLOOR = -80;
const MOST_PEAKS = 1200;
const SILENT = -50;
const QUIET = -38;
const NOISY = -45;
const SPEECH_ABOVE_NOISE = 14;
const SHORT = 10;

export const decibels = (level) => Math.max(FLOOR, Math.round(20 * Math.log10(level || 1e-9)));

/** Plain data: it goes into IndexedDB as it is. `levels[n]` counts the blocks of -n dB. */
export const newSound = () => ({ levels: new Array(1 - FLOOR).fill(0), clipped: 0, wasClipped: false, peaks: [], each: 1, rest: [] });

/** Takes in one block of 50 ms. The peaks are folded by two whenever they grow too many. */
export function hear(sound, block) {
  sound.levels[-Math.min(0, decibels(block.rms))] += 1;
  const isClipped = block.clipped >= 3;
  if (isClipped && !sound.wasClipped) sound.clipped += 1;
  sound.wasClipped = isClipped;
  sound.rest.push(block.peak);
  if (sound.rest.length < sound.each) return;
  sound.peaks.push(Math.round(Math.max(...sound.rest) * 100));
  sound.rest = [];
  if (sound.peaks.length < MOST_PEAKS) return;
  sound.peaks = halves(sound.peaks);
  sound.each *= 2;
}

const halves = (peaks) => peaks.filter((_, n) => n % 2 === 0).map((peak, n) => Math.max(peak, peaks[2 * n + 1] ?? 0));

/** The level in dB that the given share of the blocks does not exceed. */
function level(levels, share) {
  const total = levels.reduce((sum, count) => sum + count, 0);
  let seen = 0;
  for (let n = levels.length - 1; n >= 0; n -= 1) {
    seen += levels[n];
    if (seen >= total * share && seen > 0) return -n;
  }
  return FLOOR;
}

export function minutes(seconds) {
  const whole = Math.floor(seconds);
  const rest = whole % 60;
  if (whole < 60) return `${whole} 秒`;
  return rest ? `${Math.floor(whole / 60)} 分 ${rest} 秒` : `${Math.floor(whole / 60)} 分钟`;
}

/** [{mark: "good" | "warn" | "bad", text}] about loudness, clipping, surroundings and length. */
export function judge(sound, { seconds, characters = 0, most }) {
  const loud = level(sound.levels, 0.95);
  const still = level(sound.levels, 0.1);
  const found = [];
  if (loud < SILENT) {
    found.push({ mark: "bad", text: "几乎没有声音，请检查话筒是否被遮住或关闭，再录一遍" });
  } else {
    const isClipped = sound.clipped > 2;
    found.push(
      ...(loud < QUIET ? [{ mark: "warn", text: "声音偏小，话筒再近一些" }] : isClipped ? [] : [{ mark: "good", text: "音量适中" }]),
      isClipped
        ? { mark: "warn", text: `约 ${sound.clipped} 处过响失真，话筒再远一些` }
        : { mark: "good", text: "没有失真" },
      still > NOISY && loud - still < SPEECH_ABOVE_NOISE
        ? { mark: "warn", text: "背景声偏大，请关窗、关空调" }
        : { mark: "good", text: "环境安静" },
    );
  }
  found.push(lengthOf(seconds, characters, most));
  return found;
}

function lengthOf(seconds, characters, most) {
  if (most && seconds > most + 1) return { mark: "bad", text: `时长 ${minutes(seconds)}，超过上限 ${minutes(most)}` };
  if (seconds < SHORT) return { mark: "warn", text: `只有 ${minutes(seconds)}，请听听是否录全` };
  // Nobody recites faster than eight characters a second.
  if (characters && seconds < characters / 8) return { mark: "warn", text: `时长 ${minutes(seconds)}，比全文应有的短，请听听是否录全` };
  return { mark: "good", text: `时长 ${minutes(seconds)}` };
}
