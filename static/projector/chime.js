/** One soft bell: two tones that rise in 50 ms and fade in 3 s. Heard only once somebody has touched this screen. */

const TONES = [[528, 0.16], [1056, 0.05]];

export function chime() {
  const audio = new AudioContext();
  if (audio.state !== "running") {
    audio.close();
    return;
  }
  for (const [frequency, loudness] of TONES) {
    const tone = new OscillatorNode(audio, { frequency });
    const gain = new GainNode(audio, { gain: 0 });
    gain.gain.linearRampToValueAtTime(loudness, audio.currentTime + 0.05);
    gain.gain.exponentialRampToValueAtTime(0.0001, audio.currentTime + 3);
    tone.connect(gain).connect(audio.destination);
    tone.start();
    tone.stop(audio.currentTime + 3);
  }
  setTimeout(() => audio.close(), 3_500);
}
