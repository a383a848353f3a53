// The microphone, its meter and the browser's recorder behind one small face.

// Telephones of every maker play mp4; Safari offers nothing else.
const TYPES = ["audio/mp4", "audio/webm;codecs=opus", "audio/webm", "audio/ogg;codecs=opus"];
const WANTED = { channelCount: 1, echoCancellation: false, noiseSuppression: true, autoGainControl: true };
const BITS = 96_000;
const PIECE = 1000;

const HINT = "也可以用手机录音机录好，在下面上传。";
const TROUBLES = {
  NotAllowedError: `浏览器没有得到使用话筒的许可。请点地址栏旁的锁形或话筒图标，把麦克风改为“允许”，再按一次录音。${HINT}`,
  SecurityError: `浏览器不准本页使用话筒。${HINT}`,
  NotFoundError: `没有找到话筒。请插上或打开话筒，再按一次录音。${HINT}`,
  NotReadableError: `话筒正被别的程序占用。请关掉会议、通话等程序，再按一次录音。${HINT}`,
};
const INSECURE = `本页不是加密连接（地址不以 https 开头），浏览器不准网页录音。${HINT}`;
const TOO_OLD = `这个浏览器不能在网页里录音。${HINT}`;

/** Why this browser cannot record here at all; empty where it can. */
export function impossible() {
  if (!window.isSecureContext) return INSECURE;
  if (!navigator.mediaDevices?.getUserMedia || !window.MediaRecorder) return TOO_OLD;
  return "";
}

export const trouble = (error) => TROUBLES[error.name] ?? `话筒打不开（${error.name}）。请重新打开浏览器再试。${HINT}`;

export const bestType = () => TYPES.find((type) => MediaRecorder.isTypeSupported(type)) ?? "";

async function listen(stream, onBlock) {
  const context = new AudioContext();
  // Not waited for: where a browser wants another tap first, the take begins without a meter.
  context.resume().catch(() => {});
  await context.audioWorklet.addModule(new URL("./meter.js", import.meta.url));
  const meter = new AudioWorkletNode(context, "meter");
  meter.port.onmessage = ({ data }) => onBlock(data);
  const silence = new GainNode(context, { gain: 0 });
  context.createMediaStreamSource(stream).connect(meter).connect(silence).connect(context.destination);
  return context;
}

/**
 * Opens the microphone and begins. `onPiece(blob)` about every second, `onBlock` every 50 ms,
 * `onEnd()` once, after the last piece, whoever ended it.
 */
export async function record({ onPiece, onBlock, onEnd }) {
  const stream = await navigator.mediaDevices.getUserMedia({ audio: WANTED });
  // A take without a meter is still a take.
  const context = await listen(stream, onBlock).catch(() => null);
  const recorder = new MediaRecorder(stream, { mimeType: bestType(), audioBitsPerSecond: BITS });
  recorder.addEventListener("dataavailable", ({ data }) => data.size && onPiece(data));
  recorder.addEventListener("stop", () => {
    for (const track of stream.getTracks()) track.stop();
    context?.close();
    onEnd();
  });
  const stop = () => recorder.state !== "inactive" && recorder.stop();
  // The plug was pulled, or a call came in.
  for (const track of stream.getTracks()) track.addEventListener("ended", stop);
  recorder.start(PIECE);
  return {
    type: recorder.mimeType || bestType(),
    isMeasured: Boolean(context),
    pause: () => recorder.state === "recording" && recorder.pause(),
    resume: () => recorder.state === "paused" && recorder.resume(),
    flush: () => recorder.state !== "inactive" && recorder.requestData(),
    stop,
  };
}
