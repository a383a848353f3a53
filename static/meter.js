// Measures the microphone inside the audio thread, so that a page in the background misses nothing.
// Every 50 ms it tells the mean level, the highest sample, and how many samples stand at the limit.

const LIMIT = 0.985;

class Meter extends AudioWorkletProcessor {
  constructor() {
    super();
    this.length = Math.round(sampleRate / 20);
    this.begin();
  }

  begin() {
    this.count = 0;
    this.squares = 0;
    this.peak = 0;
    this.clipped = 0;
  }

  process([channels]) {
    for (const sample of channels[0] ?? []) {
      const size = Math.abs(sample);
      this.squares += sample * sample;
      if (size > this.peak) this.peak = size;
      if (size >= LIMIT) this.clipped += 1;
      this.count += 1;
      if (this.count < this.length) continue;
      this.port.postMessage({ rms: Math.sqrt(this.squares / this.count), peak: this.peak, clipped: this.clipped });
      this.begin();
    }
    return true;
  }
}

registerProcessor("meter", Meter);
